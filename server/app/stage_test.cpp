// Not tests: the stage they play on. Named so that it is built with them.
#include "app/stage.hpp"

#include <algorithm>

namespace belfry::app::testing {

// --- store ----------------------------------------------------------------------------------------------------------

void StageStore::commit(Transition transition, const std::function<void(const CommitResult&)>& done) {
  ++commits;
  auto result = down || commits == fail_at ? CommitResult(Unavailable{}) : apply(transition);
  if (finish == Finish::at_once) return done(result);
  unfinished.emplace_back([done, result] { done(result); });
}

const CallRow* StageStore::last(const oldcall::CallId& id) const {
  const auto found = std::find_if(history.rbegin(), history.rend(), [&](const CallRow& row) { return row.id == id; });
  return found == history.rend() ? nullptr : &*found;
}

CommitResult StageStore::apply(const Transition& transition) {
  const CallRow* before = last(transition.row.id);
  const auto version = before == nullptr ? 0 : before->version;
  if (version != transition.expected_version) return VersionConflict{version};
  for (const auto& user : transition.take)
    if (slots.contains(user.value())) return SlotTaken{user, slots.at(user.value())};
  for (const auto& user : transition.take) slots.emplace(user.value(), transition.row.id);
  for (const auto& user : transition.release) slots.erase(user.value());
  history.push_back(transition.row);
  return Committed{};
}

// --- world ----------------------------------------------------------------------------------------------------------

struct Stage::World : Mailboxes, Clock, Random, Log {
  struct Ear : Announcer {
    explicit Ear(Stage& all) : stage(all) {}
    void tell(SessionAddress to, const Notice& notice) override { stage.hear(to, notice); }
    Stage& stage;
  };
  struct Store : CallStore {
    explicit Store(StageStore& all) : store(all) {}
    void commit(Transition transition, std::function<void(const CommitResult&)> done) override {
      store.commit(std::move(transition), done);
    }
    StageStore& store;
  };

  World(Stage& stage, ShardIndex shards) : ear(stage), store(stage.store), chance(stage.chance), queues(shards) {}
  void post(ShardIndex shard, std::function<void()> task) override { queues[shard].push_back(std::move(task)); }
  [[nodiscard]] ShardIndex shard_count() const override { return static_cast<ShardIndex>(queues.size()); }
  [[nodiscard]] TimePoint now() const override { return moment; }
  [[nodiscard]] WallTime wall() const override { return {moment.time_since_epoch() / 1ms}; }
  void fill(MutableBytes out) override {
    for (auto& byte : out) byte = static_cast<std::byte>(chance());
  }
  [[nodiscard]] bool enabled(LogLevel) const override { return true; }
  void write(LogLevel, std::string_view, std::initializer_list<LogField>) override {}

  Ear ear;
  Store store;
  std::mt19937_64& chance;
  std::vector<std::deque<std::function<void()>>> queues;
  TimePoint moment{1000s};
};

Stage::Stage(StageOptions options) : chance(options.seed) {
  store.finish = options.finish;
  world_ = std::make_unique<World>(*this, options.shards);
  exchange_ = std::make_unique<Exchange>(options.shards, directory,
                                         CallSettings{.policy = {}, .starts = options.starts, .redaction_salt = 7});
  for (ShardIndex shard = 0; shard < options.shards; ++shard)
    boards_.push_back(
        std::make_unique<Switchboard>(shard, *exchange_, Ports{*world_, *world_, *world_, *world_, world_->ear, world_->store}));
}
Stage::~Stage() = default;

TimePoint Stage::now() const { return world_->moment; }
void Stage::set_time(TimePoint now) {
  world_->moment = now;
  for (auto& board : boards_) board->on_time(now);
}

Phone Stage::phone(const std::string& name) {
  const SessionAddress at{static_cast<std::uint16_t>(chance() % boards_.size()), 0, next_slot_++, 1};
  names_[at] = name;
  boards_[at.shard]->sign_in(name, at);
  return {*this, name, at};
}

bool Stage::step() {
  std::vector<std::function<void()>> ready;
  for (auto& queue : world_->queues)
    if (!queue.empty())
      ready.emplace_back([&queue] {
        const auto task = std::move(queue.front());
        queue.pop_front();
        task();
      });
  if (!store.unfinished.empty()) ready.emplace_back([this] { finish_one_commit(); });
  if (ready.empty()) return false;
  ready[chance() % ready.size()]();
  return true;
}

void Stage::finish_one_commit() {
  const auto which = store.unfinished.begin() + static_cast<std::ptrdiff_t>(chance() % store.unfinished.size());
  const auto done = std::move(*which);
  store.unfinished.erase(which);
  done();
}

void Stage::settle() {
  while (step()) {
  }
}

void Stage::pass(Duration time) {
  const TimePoint until = now() + time;
  settle();
  while (true) {
    auto next = until;
    for (auto& board : boards_) next = std::min(next, board->next_deadline().value_or(until));
    set_time(std::max(next, now()));
    settle();
    if (next == until) return;
  }
}

// --- ears -----------------------------------------------------------------------------------------------------------

namespace {

struct Written {
  std::string operator()(const IncomingCall& n) const { return "incoming " + std::string(n.from) + " " + std::string(n.offer); }
  std::string operator()(const CallAnswered& n) const { return "answered " + std::string(n.from) + " " + std::string(n.answer); }
  std::string operator()(const CallDeclined& n) const { return "declined " + std::string(n.from); }
  std::string operator()(const CallEnded& n) const {
    return "ended " + std::string(n.from) + " " + std::string(oldcall::to_text(n.reason));
  }
  std::string operator()(const RingTimedOut& n) const { return "timeout " + std::string(n.callee); }
  std::string operator()(const Busy& n) const { return "busy " + std::string(n.target); }
  std::string operator()(const Failed& n) const { return "failed " + std::string(n.target) + " " + std::string(to_text(n.why)); }
  std::string operator()(const Candidate& n) const { return "candidate " + std::string(n.from) + " " + std::string(n.candidate); }
  std::string operator()(const Replaced&) const { return "replaced"; }
};

bool is_pair(const CallRow& row, std::string_view one, std::string_view other) {
  return (row.caller.value() == one && row.callee.value() == other) || (row.caller.value() == other && row.callee.value() == one);
}

}  // namespace

void Stage::hear(SessionAddress to, const Notice& notice) {
  heard[to].push_back(std::visit(Written{}, notice));
  const auto durable = [&](std::string_view peer, auto condition) {
    const bool known = std::any_of(store.history.begin(), store.history.end(),
                                   [&](const CallRow& row) { return is_pair(row, peer, name_at(to)) && condition(row); });
    if (!known) breaches.push_back(heard[to].back());
  };
  if (const auto* n = std::get_if<IncomingCall>(&notice)) durable(n->from, [](const CallRow&) { return true; });
  if (const auto* n = std::get_if<CallAnswered>(&notice)) durable(n->from, [](const CallRow& row) { return !!row.answered; });
  if (const auto* n = std::get_if<CallEnded>(&notice)) durable(n->from, [](const CallRow& row) { return !!row.ended; });
  if (const auto* n = std::get_if<CallDeclined>(&notice)) durable(n->from, [](const CallRow& row) { return !!row.ended; });
}

// --- phones ---------------------------------------------------------------------------------------------------------

Switchboard& Phone::board() { return stage_->board(at_.shard); }
void Phone::calls(const std::string& peer, const std::string& offer) {
  board().start({.caller = name_, .caller_at = at_, .callee = peer, .media = oldcall::Media::video, .offer = offer});
}
void Phone::answers(const std::string& peer) { board().answer({name_, at_, peer}, "answer"); }
void Phone::declines(const std::string& peer) { board().decline({name_, at_, peer}); }
void Phone::hangs_up(const std::string& peer) { board().hang_up({name_, at_, peer}); }
void Phone::sends(const std::string& peer, const std::string& candidate) { board().relay({name_, at_, peer}, candidate); }
void Phone::goes(Departure how) { board().sign_out(name_, at_, how); }
void Phone::returns() { board().returned(name_, at_); }
std::vector<std::string> Phone::heard() const {
  const auto found = stage_->heard.find(at_);
  return found == stage_->heard.end() ? std::vector<std::string>{} : found->second;
}

}  // namespace belfry::app::testing
