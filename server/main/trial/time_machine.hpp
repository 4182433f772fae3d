// TimeMachine: moves the virtual clock from one due moment to the next, on every shard. Before each step it waits until
// everything that the last one caused is decided, committed and delivered (SPEC 0, 2.8.6). It has a thread of its own, which
// reaches shards through mailboxes and must end before the Server does.
#pragma once

#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

#include "app/calls/shared_calls.hpp"
#include "base/mailbox.hpp"
#include "base/work_queue.hpp"
#include "main/trial/virtual_clock.hpp"
#include "protocol/endpoint.hpp"

namespace belfry {

class TimeMachine {
 public:
  TimeMachine(VirtualClock& clock, Mailboxes& mailboxes, const calls::SharedCalls& shared);
  /// Waits for the running advance.
  ~TimeMachine();
  TimeMachine(const TimeMachine&) = delete;
  TimeMachine& operator=(const TimeMachine&) = delete;

  /// Call it while shards are built, before the first advance.
  void add(ShardIndex shard, protocol::TimeUser user) { users_[shard].push_back(std::move(user)); }
  /// `done` runs on `asker`. Advances run one after the other.
  void advance(Duration by, ShardIndex asker, std::function<void()> done);

 private:
  struct Advance {
    Duration by{};
    ShardIndex asker = 0;
    std::function<void()> done;
  };
  void work();
  void advance_clock(Duration by);
  void settle();
  [[nodiscard]] TimePoint next_deadline();
  void ring_all();
  /// Runs `task` on every shard, after everything already posted there, and waits.
  void on_each_shard(const std::function<void(ShardIndex)>& task);

  VirtualClock& clock_;
  Mailboxes& mailboxes_;
  const calls::SharedCalls& shared_;
  std::vector<std::vector<protocol::TimeUser>> users_;  // by shard
  WorkQueue<Advance> advances_{64};
  std::thread thread_;
};

}  // namespace belfry
