#include "app/calls/call_log.hpp"

#include <string>

#include "app/calls/record.hpp"
#include "base/logged_id.hpp"

namespace belfry::calls {
namespace {

std::string_view outcome_of(call::Status status) { return status == call::Status::connected ? "accept" : "reject"; }

}  // namespace

void CallLog::step(const HostedCall& call, const Command& command) {
  if (!log_.enabled(LogLevel::info)) return;
  const store::CallRow& row = call.row();
  const std::string id = logged_id(row.id);
  const std::string callee = row.callee ? logged_id(*row.callee) : std::string{};
  if (command.is<command::Start>())
    return log_.info("Call initiated", {{"callId", id},
                                        {"callerId", logged_id(row.caller)},
                                        {"recipientId", callee},
                                        {"callType", to_text(row.media)},
                                        {"timestamp", row.created.unix_ms}});
  const bool answered =
      row.status == call::Status::connected && (command.is<command::Accept>() || command.is<command::StartCollision>());
  if (answered || row.status == call::Status::rejected)
    return log_.info("Call response", {{"callId", id},
                                       {"recipientId", callee},
                                       {"response", outcome_of(row.status)},
                                       {"newStatus", to_text(row.status)},
                                       {"timestamp", row.updated.unix_ms}});
  if (!call::is_final(row.status)) return;
  const std::string by = row.ended_by ? logged_id(*row.ended_by) : std::string{};
  const auto nobody = LogField::Value(nullptr);
  const auto seconds = duration_seconds(row);
  log_.info("Call ended", {{"callId", id},
                           {"userId", row.ended_by ? LogField::Value(std::string_view(by)) : nobody},
                           {"duration", seconds ? LogField::Value(*seconds) : nobody},
                           {"status", to_text(row.status)},
                           {"endReason", to_text(*row.end_reason)},
                           {"timestamp", row.ended->unix_ms}});
}

/// Nothing is thrown here, so the stack is one frame: where the signal was refused.
void CallLog::failed_signal(call::SignalKind kind, const std::source_location& where) {
  std::string_view file = where.file_name();
  if (const auto ours = file.rfind("server/"); ours != std::string_view::npos) file.remove_prefix(ours);
  const std::string frame =
      std::string("at ").append(where.function_name()).append(" (").append(file).append(":") + std::to_string(where.line()) + ")";
  log_.error("a signal could not be passed on",
             {{"event", "WS_WEBRTC_SIGNAL"}, {"eventType", to_text(kind)}, {"error", "store unavailable"}, {"stack", frame}});
}

void CallLog::could_not_store(const PendingStep& step) {
  log_.error("a call could not be stored",
             {{"event", "CALL_STORE"}, {"eventType", audit_word(step.command, step.step.next)}, {"error", "store unavailable"}});
}

void CallLog::callee_offline(const StartCall& start) {
  log_.warn("the callee is offline",
            {{"event", "WS_WEBRTC_SIGNAL"}, {"targetUserId", start.callee ? logged_id(*start.callee) : "unknown"}});
}

void CallLog::target_offline(UserId target) {
  log_.warn("WebRTC signal target offline", {{"event", "WS_WEBRTC_SIGNAL"}, {"targetUserId", logged_id(target)}});
}

void CallLog::left_out(const store::CallRow& row, std::string_view flaw) {
  log_.error("a stored call was changed by hand and is left out",
             {{"event", "CALL_STORE"}, {"callId", logged_id(row.id)}, {"why", flaw}});
}

}  // namespace belfry::calls
