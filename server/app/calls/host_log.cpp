// The log records of seed 001: three, one of each per call (R-001-57...59), and the signal that failed on our side (R-001-86).
#include <string>

#include "app/calls/call_host.hpp"
#include "base/logged_id.hpp"

namespace belfry::calls {
namespace {

std::string_view outcome_of(call::Status status) { return status == call::Status::connected ? "accept" : "reject"; }

}  // namespace

void CallHost::log_step(const HostedCall& call, const Command& command) {
  if (!ports_.log.enabled(LogLevel::info)) return;
  const store::CallRow& row = call.row();
  const std::string id = logged_id(row.id);
  const std::string callee = row.callee ? logged_id(*row.callee) : std::string{};
  if (command.is<command::Start>())
    return ports_.log.info("Call initiated", {{"callId", id},
                                              {"callerId", logged_id(row.caller)},
                                              {"recipientId", callee},
                                              {"callType", to_text(row.media)},
                                              {"timestamp", row.created.unix_ms}});
  const bool answered =
      row.status == call::Status::connected && (command.is<command::Accept>() || command.is<command::StartCollision>());
  if (answered || row.status == call::Status::rejected)
    return ports_.log.info("Call response", {{"callId", id},
                                             {"recipientId", callee},
                                             {"response", outcome_of(row.status)},
                                             {"newStatus", to_text(row.status)},
                                             {"timestamp", row.updated.unix_ms}});
  if (!call::is_final(row.status)) return;
  const std::string by = row.ended_by ? logged_id(*row.ended_by) : std::string{};
  const auto nobody = LogField::Value(nullptr);
  const auto seconds = duration_seconds(row);
  ports_.log.info("Call ended", {{"callId", id},
                                 {"userId", row.ended_by ? LogField::Value(std::string_view(by)) : nobody},
                                 {"duration", seconds ? LogField::Value(*seconds) : nobody},
                                 {"status", to_text(row.status)},
                                 {"endReason", to_text(*row.end_reason)},
                                 {"timestamp", row.ended->unix_ms}});
}

/// Nothing is thrown here, so the stack is one frame: where the signal was refused.
void CallHost::log_failed_signal(std::string_view kind, const std::source_location& where) {
  std::string_view file = where.file_name();
  if (const auto ours = file.rfind("server/"); ours != std::string_view::npos) file.remove_prefix(ours);
  const std::string frame =
      std::string("at ").append(where.function_name()).append(" (").append(file).append(":") + std::to_string(where.line()) + ")";
  ports_.log.error("a signal could not be passed on",
                   {{"event", "WS_WEBRTC_SIGNAL"}, {"eventType", kind}, {"error", "store unavailable"}, {"stack", frame}});
}

}  // namespace belfry::calls
