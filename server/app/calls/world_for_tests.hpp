// A world for tests of the call core: one or two servers ("nodes") of some shards each on one store, on a manual clock. Mailbox
// tasks run in a seeded random order of shards, first in first out within each, which keeps it causal; store answers come when
// the seed says so, in any order between calls, and may fail.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "app/calls/machine_for_tests.hpp"
#include "app/calls/node_for_tests.hpp"
#include "app/calls/phones_for_tests.hpp"
#include "app/calls/scripted_store_for_tests.hpp"

namespace belfry::calls::testing {

inline CallSettings test_settings() {
  CallSettings settings = default_settings();
  settings.of(call::Dialect::native).call.ring_time = 30s;
  settings.most_people = 8;
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
  explicit World(WorldOptions options = {}) : chance(options.seed), database(options.database), random(options.seed ^ 77) {
    const Surroundings around{clock, random, log, store, notices, database};
    for (int node = 0; node < options.nodes; ++node)
      nodes.push_back(std::make_unique<Node>(around, static_cast<std::size_t>(node), options.shards, options.settings));
    for (int user = 1; user <= kUsers; ++user) {
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
    connected_at[made.me.at] = store.commits;
    sessions(made).come(made.me.user, made.name,
                        {.id = made.me.session, .at = made.me.at, .dialect = dialect, .device = made.me.device});
    return made;
  }
  /// Somebody without a socket.
  Phone rest(int user, std::size_t node = 0) {
    Phone made{&notices, nodes[node].get(), {}, names[static_cast<std::size_t>(user)]};
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
    door.start(std::move(request), reply());
    return id;
  }
  void accept(const Phone& phone, const CallId& call, std::string answer = "answer") {
    calls(phone).accept(phone.me, call, Description(answer), reply());
  }
  void reject(const Phone& phone, const CallId& call) { calls(phone).reject(phone.me, call, reply()); }
  void cancel(const Phone& phone, const CallId& call) { calls(phone).cancel(phone.me, call, reply()); }
  void end(const Phone& phone, const CallId& call) { calls(phone).end(phone.me, call, reply()); }
  void leave(const Phone& phone, const CallId& call) { calls(phone).leave(phone.me, call, reply()); }
  void ready(const Phone& phone, const CallId& call) { calls(phone).ready(phone.me, call, reply()); }
  void signal(const Phone& phone, const CallId& call, const std::string& payload, std::uint32_t generation = 0,
              std::optional<UserId> to = {}) {
    calls(phone).signal(phone.me, call, {"candidate", payload, generation, to}, reply());
  }
  void media(const Phone& phone, const CallId& call, MediaReport report) { calls(phone).media(phone.me, call, report, reply()); }
  void disconnect(const Phone& phone, Departure how) { sessions(phone).leave(phone.me.user, phone.me.at, how); }
  void suspend(const Phone& phone) { sessions(phone).suspend(phone.me.user, phone.me.at); }
  /// Its connection comes back, on a shard of chance; what else is on its way may come first.
  void recover(Phone& phone) {
    const SessionAddress before = phone.me.at;
    const auto shard = static_cast<ShardIndex>(chance() % phone.node->calls.size());
    phone.node->shard_sessions[before.shard]->move_away(before, shard);
    phone.me.at = {shard, 0, ++slots_, 1};
    notices.move(before, phone.me.at);
    connected_at[phone.me.at] = connected_at[before];
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

  Reply reply() {
    const std::size_t place = answers.size();
    answers.emplace_back();
    return [this, place](const Result& result) { answers[place].push_back(result); };
  }
  [[nodiscard]] const store::CallRow& row(const CallId& call) const { return store.calls.at(call).row; }
  [[nodiscard]] std::size_t successes() const {
    return static_cast<std::size_t>(std::count_if(answers.begin(), answers.end(),
                                                  [](const auto& each) { return !each.empty() && each.front().has_value(); }));
  }

  static constexpr int kUsers = 8;
  inline static const std::array<std::string, kUsers + 1> names = {"",    "alice", "bob",   "carol", "dan",
                                                                   "eve", "frank", "grace", "heidi"};
  std::mt19937_64 chance;
  SharedDatabase* database;
  ManualClock clock;
  SeededRandom random;
  TestLog log;
  StoreState store;
  NoticeLog notices{store};
  std::vector<std::unique_ptr<Node>> nodes;
  std::map<SessionAddress, std::size_t> connected_at;  // after so many commits
  std::vector<std::vector<Result>> answers;            // by command; each is answered once

 private:
  std::uint32_t slots_ = 0;
  std::uint32_t sessions_ = 0;
};

}  // namespace belfry::calls::testing
