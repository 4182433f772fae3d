#include "app/calls/call_counters.hpp"

#include "base/check.hpp"

namespace belfry::calls {
namespace {

using call::EndReason;

std::int64_t CallStats::* counter_of(EndReason reason) {
  switch (reason) {
    case EndReason::declined:
      return &CallStats::declined;
    case EndReason::cancelled:
    case EndReason::superseded:
      return &CallStats::cancelled;
    case EndReason::timeout:
      return &CallStats::timed_out;
    case EndReason::unreachable:
    case EndReason::caller_disconnected:
    case EndReason::connection_lost:
    case EndReason::media_failed:
    case EndReason::server_restart:
      return &CallStats::lost;
    case EndReason::hangup:
    case EndReason::max_duration:
    case EndReason::kicked:
    case EndReason::admin:
    case EndReason::user_deactivated:
    case EndReason::token_revoked:
    case EndReason::server_shutdown:
      return &CallStats::hung_up;
  }
  CHECK(false, "an end without a counter");
}

}  // namespace

void count_step(SharedCalls& shared, const PendingStep& step, std::optional<call::Status> before) {
  if (step.command.is<command::Start>()) {
    shared.count(&CallStats::started);
    shared.count(&CallStats::active);
  }
  if (before == call::Status::calling && step.row.status == call::Status::connected) shared.count(&CallStats::answered);
  if (const auto* ended = std::get_if<call::Ended>(&step.step.next)) {
    shared.count(&CallStats::active, -1);
    shared.count(counter_of(ended->reason));
  }
}

}  // namespace belfry::calls
