// Gate: nobody hears of a step before it is durable. It commits a call's step and says once what became of it. If the result of
// the commit is unknown, the step stays pending until the store says what became of it. Used on the call's host shard.
#pragma once

#include "app/calls/call_entry.hpp"
#include "app/calls/post.hpp"
#include "app/calls/shared_calls.hpp"

namespace belfry::calls {

// An unavailable store is answered within five seconds (SPEC section 0). A command whose commit is still uncertain after four
// gets 503.
constexpr Duration kAnswerWithin = std::chrono::seconds{4};
// What nobody asked for again (a timer, a lost session, the fate of a step) is tried again by us while the store is down. Often
// enough that a stuck ring is not noticed as such, seldom enough not to hammer a database which is starting.
constexpr Duration kRetry = std::chrono::milliseconds{250};

/// Who is told what became of a step.
class GateOwner {
 public:
  virtual ~GateOwner() = default;
  /// Never Uncertain.
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

  /// `change` holds what goes into the same transaction; the row and its record are filled in here.
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
