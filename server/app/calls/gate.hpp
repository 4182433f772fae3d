// Gate: no step is announced before it is durable. It commits a call's step and reports the outcome once. If the outcome of the
// commit is unknown, the step stays pending until the store knows it. Part of CallHost, on the call's host shard.
//
// Departure (docs/decisions/0026): the step that starts the ring stores `notified` for those who have a session then. For a
// person whose session comes later (SPEC X-12), Announcer::ring() moves the leg to `notified` in memory, past the table of
// domain/call/advance.cpp (call::note_notified). Only the call's next step stores that; a crash before it leaves `invited` in the
// row. This is safe: the table treats both states alike, and the server that takes the call over rings that person's sessions
// again, with the same call id. A person who returns only after the end counts as one who was never rung (OutboxEntry::aware).
#pragma once

#include "app/calls/call_entry.hpp"
#include "app/calls/post.hpp"
#include "app/calls/shared_calls.hpp"

namespace belfry::calls {

// A request must be answered within five seconds if the store is unavailable (SPEC section 0). A command whose step is still
// in doubt after four is answered that the outcome is unknown.
constexpr Duration kAnswerWithin = std::chrono::seconds{4};
// How often we retry, while the store is unreachable, what no client will retry: a timer, a lost session, the fate of a step.
// Short enough that nobody notices a ring that goes on, long enough not to overload a database that is starting.
constexpr Duration kRetry = std::chrono::milliseconds{250};

/// Gets the outcome of each step.
class GateOwner {
 public:
  virtual ~GateOwner() = default;
  /// The result is never Uncertain.
  virtual void on_settled(CallEntry& entry, PendingStep& step, const store::CommitResult& result) = 0;
  /// It may have been stored or not. What is asked of the call meanwhile would be decided on a state that may be out of date.
  virtual void on_in_doubt(CallEntry& entry) = 0;
};

class Gate {
 public:
  Gate(GateOwner& owner, CallEntries& entries, SharedCalls& shared, const Ports& ports, const Post& post, Timers& timers)
      : owner_(owner),
        entries_(entries),
        shared_(shared),
        ports_(ports),
        post_(post),
        timers_(timers) {}

  /// `change` has the other parts of the transaction; commit() fills in the row and its record.
  void commit(CallEntry& entry, std::unique_ptr<PendingStep> step, store::Transition change);

 private:
  void committed(const CallId& id, const store::CommitResult& result);
  void await_fate(CallEntry& entry);
  void ask_fate(const CallEntry& entry);
  void fate_known(const CallId& id, const Expected<std::optional<store::Committed>, store::Unavailable>& fate);
  void answer_in_time(const store::StepId& step);

  GateOwner& owner_;
  CallEntries& entries_;
  SharedCalls& shared_;
  Ports ports_;
  Post post_;
  Timers& timers_;
};

}  // namespace belfry::calls
