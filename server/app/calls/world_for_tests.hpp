// A world for tests of the call core: one or two servers ("nodes") of some shards each on one store, on a manual clock. Mailbox
// tasks run in a seeded random order of shards, first in first out within each, which keeps it causal; store answers come when
// the seed says so, in any order between calls, and may fail. A Phone is one session of one user, or a REST client without a
// socket; it writes down what it hears. Whatever is told before it is durable is a breach.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "app/calls/calls.hpp"
#include "app/calls/policy.hpp"
#include "app/calls/shared_calls.hpp"
#include "app/calls/shared_database_for_tests.hpp"

namespace belfry::calls::testing {

using namespace std::chrono_literals;

inline UserId user_numbered(int number) {
  Uuid id{};
  id[0] = 1;
  id[15] = static_cast<std::uint8_t>(number);
  return UserId(id);
}

class ManualClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return now_; }
  [[nodiscard]] WallTime wall() const override { return {1'700'000'000'000 + jumped_ms + (now_ - TimePoint(1000h)) / 1ms}; }
  void pass(Duration time) { now_ += time; }
  std::int64_t jumped_ms = 0;  // the system clock was set

 private:
  TimePoint now_{1000h};
};

class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
  void fill(MutableBytes out) override {
    for (auto& byte : out) byte = static_cast<std::byte>(engine_());
  }

 private:
  std::mt19937_64 engine_;
};

class TestLog final : public Log {
 public:
  std::vector<std::string> lines;
  [[nodiscard]] bool enabled(LogLevel level) const override { return keep && level >= LogLevel::info; }
  void write(LogLevel, std::string_view message, std::initializer_list<LogField>) override { lines.emplace_back(message); }
  bool keep = false;
};

/// What a database keeps and decides (store/call_store.hpp).
struct StoreState {
  std::map<CallId, store::StoredCall> calls;
  std::map<UserId, CallId> slots;
  std::map<UserId, account::Person> people;
  std::map<UserId, bool> active;
  std::map<CallId, std::vector<store::AuditRecord>> audit;
  std::vector<store::Attempt> attempts;
  std::map<std::pair<UserId, CallId>, store::OutboxEntry> outbox;
  std::vector<std::function<void()>> waiting;  // questions on their way
  bool later = false;                          // answers come when the world says so
  bool down = false;
  int fail = 0;  // the next commits fail
  /// The next commits happen, or not, and the connection is lost before they are answered.
  enum class Lost : std::uint8_t { nothing, answers, commits } lost = Lost::nothing;
  std::size_t commits = 0, conflicts = 0;
  std::map<CallId, std::size_t> ended_at;  // after so many commits
  std::map<CallId, std::set<UserId>> out;  // whose part was over before the call was

  store::CommitResult apply(const store::Transition& change) {
    if (down || (fail > 0 && fail-- > 0)) return store::Unavailable{};
    const auto& row = change.row;
    const auto found = calls.find(row.id);
    const std::uint64_t version = found == calls.end() ? 0 : found->second.row.version;
    if (version != change.expected_version) {
      ++conflicts;
      return store::VersionConflict{version};
    }
    if (version == 0) {
      for (const auto& leg : row.legs)
        if (!people.contains(leg.user)) return store::UserUnknown{leg.user};
      for (const auto& leg : row.legs)
        if (!active[leg.user]) return store::UserNotActive{leg.user};
      for (const auto& leg : row.legs)
        if (const auto slot = slots.find(leg.user); slot != slots.end()) return store::SlotTaken{leg.user, slot->second};
    }
    keep(change);
    for (const auto& entry : change.outbox) outbox.insert({{entry.to, entry.call}, entry});
    if (version == 0) return store::Committed{people_of(row)};
    return store::Committed{};
  }
  /// This step is durable.
  void keep(const store::Transition& change) {
    const auto& row = change.row;
    ++commits;
    calls[row.id] = {row, people_of(row)};
    audit[row.id].push_back(change.record);
    const bool over = call::is_final(row.status);
    if (over) ended_at[row.id] = commits;
    for (const auto& leg : row.legs) {
      if (!over) is_open(leg.state) ? void(out[row.id].erase(leg.user)) : void(out[row.id].insert(leg.user));
      if (change.expected_version == 0) slots[leg.user] = row.id;
      if (over && slots[leg.user] == row.id) slots.erase(leg.user);
    }
  }
  /// What a real database answered.
  void witness(const store::Transition& change, const store::CommitResult& result) {
    if (std::holds_alternative<store::Committed>(result)) keep(change);
    if (std::holds_alternative<store::VersionConflict>(result)) ++conflicts;
  }
  std::vector<account::Person> people_of(const store::CallRow& row) {
    std::vector<account::Person> all;
    for (const auto& leg : row.legs) all.push_back(people[leg.user]);
    return all;
  }
};

class World;

class ScriptedCallStore final : public store::CallStore {
 public:
  ScriptedCallStore(StoreState& store, Mailboxes& mailboxes, ShardIndex shard)
      : state_(store),
        mailboxes_(mailboxes),
        shard_(shard) {}
  void commit(store::Transition change, store::Done<const store::CommitResult&> done) override {
    ask(
        [this, change = std::move(change)]() -> store::CommitResult {
          if (state_.lost == StoreState::Lost::nothing) return state_.apply(change);
          if (state_.lost == StoreState::Lost::answers) static_cast<void>(state_.apply(change));
          return store::Uncertain{};
        },
        std::move(done));
  }
  void load(const CallId& id, store::Done<Expected<std::optional<store::StoredCall>, store::Unavailable>> done) override {
    using Found = Expected<std::optional<store::StoredCall>, store::Unavailable>;
    ask(
        [this, id]() -> Found {
          if (state_.down) return unexpected(store::Unavailable{});
          const auto found = state_.calls.find(id);
          return found == state_.calls.end() ? std::nullopt : std::optional(found->second);
        },
        std::move(done));
  }
  void load_active(std::size_t, store::Done<Expected<std::vector<store::StoredCall>, store::Unavailable>>) override {}
  void overdue(WallTime now, std::size_t, store::Done<Expected<std::vector<CallId>, store::Unavailable>> done) override {
    std::vector<CallId> due;
    for (const auto& [id, call] : state_.calls)
      if (call.row.status == call::Status::calling && call.row.ring_expires && *call.row.ring_expires < now) due.push_back(id);
    done(due);
  }
  void record_attempt(store::Attempt attempt) override { state_.attempts.push_back(std::move(attempt)); }
  void fate(const store::StepId& step, store::Done<Expected<std::optional<store::Committed>, store::Unavailable>> done) override {
    using Fate = Expected<std::optional<store::Committed>, store::Unavailable>;
    ask(
        [this, step]() -> Fate {
          if (state_.down || state_.lost != StoreState::Lost::nothing) return unexpected(store::Unavailable{});
          const auto& records = state_.audit[step.call];
          if (step.version > records.size() || records[step.version - 1].hash != step.hash) return std::nullopt;
          const auto& call = state_.calls.at(step.call);
          return step.version == 1 ? store::Committed{call.people} : store::Committed{};
        },
        std::move(done));
  }
  void wipe(store::Done<Expected<void, store::Unavailable>>) override {}

 private:
  template <class Answer, class Done>
  void ask(Answer answer, Done done) {
    if (!state_.later) return done(answer());
    state_.waiting.push_back([this, answer = std::move(answer), done = std::move(done)] {
      mailboxes_.post(shard_, [result = answer(), done] { done(result); });
    });
  }

  StoreState& state_;
  Mailboxes& mailboxes_;
  ShardIndex shard_;
};

class ScriptedOutbox final : public store::Outbox {
 public:
  explicit ScriptedOutbox(StoreState& store) : state_(store) {}
  void put(store::OutboxEntry entry) override { state_.outbox.insert({{entry.to, entry.call}, entry}); }
  void settle(UserId to, const CallId& call) override { state_.outbox.erase({to, call}); }
  void still_waits(UserId to, const CallId& call, store::Done<Expected<bool, store::Unavailable>> done) override {
    if (state_.down) return done(unexpected(store::Unavailable{}));
    done(state_.outbox.contains({to, call}));
  }
  void waiting(std::uint64_t, std::size_t, store::Done<Expected<std::vector<store::OutboxEntry>, store::Unavailable>>) override {}
  void forget_before(WallTime) override {}

 private:
  StoreState& state_;
};

class Post4Tests final : public Mailboxes {
 public:
  explicit Post4Tests(ShardIndex shards) : boxes(shards) {}
  void post(ShardIndex shard, std::function<void()> task) override { boxes[shard].push_back(std::move(task)); }
  [[nodiscard]] ShardIndex shard_count() const override { return static_cast<ShardIndex>(boxes.size()); }
  std::vector<std::deque<std::function<void()>>> boxes;
};

struct Heard {
  std::string what;
  CallId call{};
  std::uint64_t version = 0;
};

struct Node;

/// One session of one user, or somebody at REST.
struct Phone {
  World* world = nullptr;
  Node* node = nullptr;
  Actor me{};
  std::string name;
  [[nodiscard]] std::vector<std::string> heard() const;
  [[nodiscard]] std::size_t heard(std::string_view what) const;
};

class Ear final : public sessions::SessionPort {
 public:
  explicit Ear(World& world) : world_(world) {}
  void tell(SessionAddress to, const Notice& notice) override;
  void pass_signal(SessionAddress to, const SignalArrived& signal) override;

 private:
  World& world_;
};

struct Node {
  Node(World& world, std::size_t number, ShardIndex shards, const CallSettings& settings);
  sessions::Sessions sessions;
  sessions::Deliveries deliveries;
  SharedCalls shared;
  Post4Tests post;
  std::vector<std::unique_ptr<Ear>> ears;
  std::vector<std::unique_ptr<store::CallStore>> stores;
  std::unique_ptr<store::Outbox> scripted_outbox;
  std::vector<std::unique_ptr<sessions::Delivery>> delivery;
  std::vector<std::unique_ptr<sessions::ShardSessions>> shard_sessions;
  std::vector<std::unique_ptr<Calls>> calls;
};

inline CallSettings test_settings() {
  CallSettings settings = default_settings();
  settings.of(call::Dialect::native).call.ring_time = 30s;
  settings.most_people = 6;
  return settings;
}

struct WorldOptions {
  ShardIndex shards = 1;
  std::uint64_t seed = 1;
  int nodes = 1;
  CallSettings settings = test_settings();
  SharedDatabase* database = nullptr;  // none: the scripted store
};

class World {
 public:
  explicit World(WorldOptions options = {}) : database(options.database), chance(options.seed), random(options.seed ^ 77) {
    for (int node = 0; node < options.nodes; ++node)
      nodes.push_back(std::make_unique<Node>(*this, static_cast<std::size_t>(node), options.shards, options.settings));
    for (int user = 1; user <= 6; ++user) {
      const account::Person person{user_numbered(user), names[static_cast<std::size_t>(user)], ""};
      store.people[person.id] = person;
      store.active[person.id] = true;
      if (database != nullptr) database->add(person);
    }
  }

  /// A new session of this user, on a shard of chance.
  Phone phone(int user, call::Dialect dialect = call::Dialect::native, std::size_t node = 0, std::string device = {}) {
    Phone made = rest(user, node);
    made.me.dialect = dialect;
    made.me.device = std::move(device);
    made.me.at = {static_cast<ShardIndex>(chance() % nodes[node]->calls.size()), 0, ++slots_, 1};
    came[made.me.at] = store.commits;
    sessions(made).come(made.me.user, made.name,
                        {.id = made.me.session, .at = made.me.at, .dialect = dialect, .device = made.me.device});
    return made;
  }
  /// Somebody without a socket.
  Phone rest(int user, std::size_t node = 0) {
    Phone made{this, nodes[node].get(), {}, names[static_cast<std::size_t>(user)]};
    made.me.user = user_numbered(user);
    Uuid id{};
    id[0] = 2;
    id[14] = static_cast<std::uint8_t>(++sessions_ >> 8U);
    id[15] = static_cast<std::uint8_t>(sessions_);
    made.me.session = SessionId(id);
    return made;
  }
  Calls& calls(const Phone& phone) {
    const ShardIndex shard = phone.me.at ? phone.me.at.shard : static_cast<ShardIndex>(chance() % phone.node->calls.size());
    return *phone.node->calls[shard];
  }

  sessions::ShardSessions& sessions(const Phone& phone) {
    return *phone.node->shard_sessions[phone.me.at ? phone.me.at.shard : chance() % phone.node->calls.size()];
  }
  /// X-28, as main/ does it: the calls end, then the sessions.
  void expel(const Phone& by, const Phone& whom) {
    calls(by).expel(whom.me.user, call::EndReason::user_deactivated);
    sessions(by).end_all(whom.me.user);
  }

  // --- what phones do; the answer is written to `answers` --------------------------------------------------------------
  CallId start(const Phone& caller, int callee, std::function<void(StartCall&)> more = {}) {
    StartCall request{.caller = caller.me, .callee = user_numbered(callee)};
    request.offer = Description("offer");
    Calls& door = calls(caller);
    request.id = door.new_call_id();
    if (more) more(request);
    const CallId id = *request.id;
    door.start(std::move(request), keep());
    return id;
  }
  void accept(const Phone& phone, const CallId& call, std::string answer = "answer") {
    calls(phone).accept(phone.me, call, Description(answer), keep());
  }
  void reject(const Phone& phone, const CallId& call) { calls(phone).reject(phone.me, call, keep()); }
  void cancel(const Phone& phone, const CallId& call) { calls(phone).cancel(phone.me, call, keep()); }
  void end(const Phone& phone, const CallId& call) { calls(phone).end(phone.me, call, keep()); }
  void signal(const Phone& phone, const CallId& call, const std::string& payload, std::uint32_t generation = 0,
              std::optional<UserId> to = {}) {
    calls(phone).signal(phone.me, call, {"candidate", payload, generation, to}, keep());
  }
  void media(const Phone& phone, const CallId& call, MediaReport report) { calls(phone).media(phone.me, call, report, keep()); }
  void goes(const Phone& phone, Departure how) { sessions(phone).leave(phone.me.user, phone.me.at, how); }
  void suspends(const Phone& phone) { sessions(phone).suspend(phone.me.user, phone.me.at); }
  /// Its connection comes back, on a shard of chance; what else is on its way may come first.
  void recovers(Phone& phone) {
    const SessionAddress before = phone.me.at;
    const auto shard = static_cast<ShardIndex>(chance() % phone.node->calls.size());
    phone.node->shard_sessions[before.shard]->move_away(before, shard);
    left.insert(before);
    phone.me.at = {shard, 0, ++slots_, 1};
    heard[phone.me.at] = heard[before];  // the log it takes along
    came[phone.me.at] = came[before];
    bool there = false;
    phone.node->post.boxes[shard].push_back([&, now = phone.me.at] {
      phone.node->shard_sessions[shard]->recover(phone.me.user, before, now);
      there = true;
    });
    while (!there) step();
  }

  // --- time and chance -------------------------------------------------------------------------------------------------
  /// One task or one store answer, whichever the seed says. False: there is none.
  bool step() {
    std::vector<std::function<void()>> choices;
    for (auto& node : nodes)
      for (auto& box : node->post.boxes)
        if (!box.empty())
          choices.emplace_back([&box] {
            const auto task = std::move(box.front());
            box.pop_front();
            task();
          });
    for (std::size_t i = 0; i < store.waiting.size(); ++i)
      choices.emplace_back([this, i] {
        const auto question = std::move(store.waiting[i]);
        store.waiting.erase(store.waiting.begin() + static_cast<std::ptrdiff_t>(i));
        question();
      });
    if (choices.empty()) return database != nullptr && database->run_answers();
    choices[chance() % choices.size()]();
    return true;
  }
  void settle() {
    while (step()) {
    }
  }
  void pass(Duration time) {
    const TimePoint end = clock.now() + time;
    settle();
    while (true) {
      TimePoint next = end + 1ns;
      for (auto& node : nodes)
        for (auto& each : node->calls) next = std::min(next, each->next_deadline().value_or(next));
      if (next > end) break;
      clock.pass(std::max(next - clock.now(), Duration{}));
      tick();
      settle();
    }
    clock.pass(end - clock.now());
  }
  /// Timers that are due run, but nothing that they bring.
  void tick() {
    for (auto& node : nodes)
      for (auto& each : node->calls) each->on_time(clock.now());
  }

  Reply keep() {
    const std::size_t place = answers.size();
    answers.emplace_back();
    return [this, place](const Result& result) { answers[place].push_back(result); };
  }
  [[nodiscard]] const store::CallRow& row(const CallId& call) const { return store.calls.at(call).row; }
  [[nodiscard]] std::size_t successes() const {
    return static_cast<std::size_t>(std::count_if(answers.begin(), answers.end(),
                                                  [](const auto& each) { return !each.empty() && each.front().has_value(); }));
  }

  inline static const std::array<std::string, 7> names = {"", "alice", "bob", "carol", "dan", "eve", "frank"};
  SharedDatabase* database;
  ManualClock clock;
  std::mt19937_64 chance;
  SeededRandom random;
  TestLog log;
  StoreState store;
  std::vector<std::unique_ptr<Node>> nodes;
  std::map<SessionAddress, std::vector<Heard>> heard;
  std::map<SessionAddress, std::size_t> came;  // after so many commits
  std::set<SessionAddress> left;               // nobody is there any more
  std::vector<std::vector<Result>> answers;    // by command; each is answered once
  std::vector<std::string> breaches;

 private:
  std::uint32_t slots_ = 0;
  std::uint32_t sessions_ = 0;
};

inline Node::Node(World& world, std::size_t number, ShardIndex shards, const CallSettings& settings)
    : deliveries(shards),
      shared(shards, sessions, settings),
      post(shards),
      scripted_outbox(std::make_unique<ScriptedOutbox>(world.store)) {
  store::Outbox& outbox = world.database == nullptr ? *scripted_outbox : world.database->outbox(number);
  for (ShardIndex shard = 0; shard < shards; ++shard) {
    ears.push_back(std::make_unique<Ear>(world));
    if (world.database == nullptr)
      stores.push_back(std::make_unique<ScriptedCallStore>(world.store, post, shard));
    else
      stores.push_back(std::make_unique<WitnessedCallStore>(
          world.database->calls(number),
          [&world](const store::Transition& change, const store::CommitResult& result) { world.store.witness(change, result); }));
    delivery.push_back(std::make_unique<sessions::Delivery>(shard, deliveries, post, *ears.back()));
    shard_sessions.push_back(std::make_unique<sessions::ShardSessions>(sessions, *delivery.back()));
    calls.push_back(std::make_unique<Calls>(
        shard, shared, Ports{post, world.clock, world.random, world.log, *delivery.back(), *stores.back(), outbox}));
    shard_sessions.back()->add_listener(*calls.back());
  }
}

struct Naming {
  std::string operator()(const IncomingCall&) const { return "incoming"; }
  std::string operator()(const Progress& progress) const {
    return progress.state == Progress::State::ringing ? "ringing" : "created";
  }
  std::string operator()(const CallAccepted&) const { return "accepted"; }
  std::string operator()(const AnsweredElsewhere&) const { return "answered_elsewhere"; }
  std::string operator()(const DeclinedElsewhere&) const { return "declined_elsewhere"; }
  std::string operator()(const CallRejected& rejected) const {
    return call::is_final(rejected.call->row.status) ? "rejected" : "one_declined";
  }
  std::string operator()(const CallCancelled&) const { return "cancelled"; }
  std::string operator()(const CallMissed&) const { return "missed"; }
  std::string operator()(const CallEnded&) const { return "ended"; }
  std::string operator()(const PeerState& peer) const {
    constexpr const char* kStates[] = {"reconnecting", "reconnected", "joined", "left"};
    return kStates[static_cast<std::size_t>(peer.state)];
  }
  std::string operator()(const Glare&) const { return "glare"; }
  std::string operator()(const sessions::Replaced&) const { return "replaced"; }
  std::string operator()(const sessions::LoginEnded&) const { return "login_ended"; }
};

inline void Ear::pass_signal(SessionAddress to, const SignalArrived& signal) {
  if (world_.left.contains(to)) return;
  world_.heard[to].push_back({"signal " + std::string(signal.payload), signal.call->row.id, signal.call->row.version});
}

inline void Ear::tell(SessionAddress to, const Notice& notice) {
  Heard heard{std::visit(Naming{}, notice)};
  std::visit(
      [&](const auto& what) {
        if constexpr (requires { what.call->row; }) {
          heard.call = what.call->row.id;
          heard.version = what.call->row.version;
          const auto kept = world_.store.calls.find(heard.call);
          if (kept == world_.store.calls.end() || kept->second.row.version < heard.version) world_.breaches.push_back(heard.what);
        }
      },
      notice);
  if (!world_.left.contains(to)) world_.heard[to].push_back(std::move(heard));
}

inline std::vector<std::string> Phone::heard() const {
  std::vector<std::string> all;
  for (const auto& each : world->heard[me.at]) all.push_back(each.what);
  return all;
}
inline std::size_t Phone::heard(std::string_view what) const {
  const auto all = heard();
  return static_cast<std::size_t>(std::count(all.begin(), all.end(), what));
}

}  // namespace belfry::calls::testing
