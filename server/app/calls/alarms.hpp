// Alarms: the next moment that a call waits for, as a command to its host. Handled only after all commands received before its
// deadline (SPEC X-03), on whichever shard they came in: the alarm visits every shard, waits there until that shard's clock has
// reached it, and comes back behind the commands that were queued before (docs/decisions/0020). Used on the host shard; hold() on
// each.
#pragma once

#include "app/calls/call_entry.hpp"
#include "app/calls/post.hpp"
#include "app/calls/shared_calls.hpp"

namespace belfry::calls {

// An ended call is remembered so that a command which crossed the end finds it without the store (SPEC X-18). Longer costs
// memory, about 2 KB an ended call; a command that comes later is answered from the store.
constexpr Duration kRememberEnded = std::chrono::seconds{2};

class Alarms {
 public:
  Alarms(SharedCalls& shared, const Ports& ports, const Post& post, Timers& timers)
      : shared_(shared),
        ports_(ports),
        post_(post),
        timers_(timers) {}

  /// For what the call waits now. The entry lasts as long as its alarm.
  void set(CallEntry& entry);
  void cancel(CallEntry& entry) { timers_.cancel(entry.alarm); }
  /// On a shard that the alarm visits.
  void hold(Command alarm);

 private:
  void visit(ShardIndex next, Command alarm);

  SharedCalls& shared_;
  Ports ports_;
  Post post_;
  Timers& timers_;
};

}  // namespace belfry::calls
