#include "main/trial/time_machine.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

namespace belfry {

TimeMachine::TimeMachine(VirtualClock& clock, Mailboxes& mailboxes, const calls::SharedCalls& shared)
    : clock_(clock),
      mailboxes_(mailboxes),
      shared_(shared),
      users_(mailboxes.shard_count()),
      thread_([this] { work(); }) {}

TimeMachine::~TimeMachine() {
  advances_.close();
  thread_.join();
}

void TimeMachine::advance(Duration by, ShardIndex asker, std::function<void()> done) {
  Advance wanted{by, asker, std::move(done)};
  // Refused only when the server stops; then nobody waits for the answer.
  if (!advances_.try_push(wanted)) return;
}

void TimeMachine::work() {
  while (auto wanted = advances_.pop()) {
    advance_clock(wanted->by);
    mailboxes_.post(wanted->asker, std::move(wanted->done));
  }
}

void TimeMachine::advance_clock(Duration by) {
  const TimePoint target = clock_.now() + by;
  settle();
  for (TimePoint next = next_deadline(); next <= target; next = next_deadline()) {
    clock_.move_to(std::max(next, clock_.now()));
    ring_all();
    settle();
  }
  clock_.move_to(target);
}

/// A finished command may have posted others. So only two quiet rounds, with every mailbox run in between, mean that all is done.
void TimeMachine::settle() {
  for (int quiet = 0; quiet < 2;) {
    on_each_shard([](ShardIndex) {});
    quiet = shared_.quiet() ? quiet + 1 : 0;
  }
}

TimePoint TimeMachine::next_deadline() {
  std::vector<TimePoint> next(users_.size(), protocol::kNever);
  on_each_shard([&](ShardIndex shard) {
    for (const protocol::TimeUser& user : users_[shard]) next[shard] = std::min(next[shard], user.next_deadline());
  });
  return *std::min_element(next.begin(), next.end());
}

void TimeMachine::ring_all() {
  const TimePoint now = clock_.now();
  on_each_shard([&](ShardIndex shard) {
    for (const protocol::TimeUser& user : users_[shard])
      if (user.next_deadline() <= now) user.on_time(now);
  });
}

void TimeMachine::on_each_shard(const std::function<void(ShardIndex)>& task) {
  // A task that a stopping shard drops releases its share too, so the wait ends.
  const auto left = std::make_shared<std::atomic<std::size_t>>(users_.size());
  struct Share {
    std::shared_ptr<std::atomic<std::size_t>> left;
    ~Share() {
      left->fetch_sub(1);
      left->notify_all();
    }
  };
  for (ShardIndex shard = 0; shard < users_.size(); ++shard)
    mailboxes_.post(shard, [&task, shard, share = std::make_shared<Share>(left)] { task(shard); });
  for (std::size_t still = left->load(); still != 0; still = left->load()) left->wait(still);
}

}  // namespace belfry
