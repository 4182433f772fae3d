// Alarms: turns the next deadline of a call into a command to its host. Every command received before the deadline, on any shard,
// must be handled first (SPEC X-03). So the alarm visits every shard, waits there until that shard's clock has reached the
// deadline, and comes back behind the commands queued before it (docs/decisions/0020). Used on the host shard; hold() on each
// shard.
#pragma once

#include "app/calls/call_entry.hpp"
#include "app/calls/post.hpp"
#include "app/calls/shared_calls.hpp"

namespace belfry::calls {

// An ended call is kept so that a command that crosses the end finds it without the store (SPEC X-18). Longer costs about 2 KB of
// memory per ended call; later commands are answered from the store.
constexpr Duration kRememberEnded = std::chrono::seconds{2};

class Alarms {
 public:
  Alarms(CallEntries& entries, SharedCalls& shared, const Ports& ports, const Post& post, Timers& timers)
      : entries_(entries),
        shared_(shared),
        ports_(ports),
        post_(post),
        timers_(timers) {}

  /// Sets the alarm for the call's next deadline. Cancel it before the entry is erased.
  void set(CallEntry& entry);
  void cancel(CallEntry& entry) { timers_.cancel(entry.alarm); }
  /// Sends a command to its call's host past every shard, as an alarm goes: behind all that each had received before.
  void send_round(Command command) { visit(0, std::move(command)); }
  /// Called on each shard that the alarm visits.
  void hold(Command alarm);

 private:
  void visit(ShardIndex next, Command alarm);

  CallEntries& entries_;
  SharedCalls& shared_;
  Ports ports_;
  Post post_;
  Timers& timers_;
};

}  // namespace belfry::calls
