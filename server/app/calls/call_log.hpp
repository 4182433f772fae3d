// CallLog: what the host of a call writes to the log. The records of seed 001, one of each per call (R-001-57...59), a signal
// that failed on our side (R-001-86), and what an operator must know of the store. Owned by CallHost; it keeps no state.
#pragma once

#include <source_location>
#include <string_view>

#include "app/calls/call_entry.hpp"

namespace belfry::calls {

class CallLog {
 public:
  explicit CallLog(const Ports& ports) : log_(ports.log) {}

  /// A step that was committed: its start, its answer or its end, if it is one of these.
  void step(const HostedCall& call, const Command& command);
  void could_not_store(const PendingStep& step);
  void callee_offline(const StartCall& start);
  void target_offline(UserId target);
  /// `where` it was refused.
  void failed_signal(call::SignalKind kind, const std::source_location& where);
  void left_out(const store::CallRow& row, std::string_view flaw);

 private:
  Log& log_;
};

}  // namespace belfry::calls
