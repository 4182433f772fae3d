// The server events of the native dialect (SPEC 2.4): one `say` for each notice. Every event about a call bears the call's id
// and, but for signals, the callSeq of the state that it tells.
#include <utility>

#include "base/uuid.hpp"
#include "gateway/native/native.hpp"
#include "gateway/native/pieces.hpp"

namespace belfry::gateway {
namespace {

using native::id_or_null;

std::string about(const calls::CallView& call) {
  return R"(,"callId":")" + to_text(call->row.id) + R"(","callSeq":)" + std::to_string(call->row.version);
}
std::string with_call(const calls::CallView& call) { return about(call) + R"(,"call":)" + native::whole_call(*call); }

std::string by_json(const calls::By& by) {
  return R"(,"by":{"userId":)" + id_or_null(by.user) + R"(,"deviceId":)" + native::quoted_or_null(by.device) + '}';
}
/// A device is known by what it calls itself; a name of its own comes with device registration.
std::string elsewhere_json(const calls::By& by) {
  const std::string device = native::quoted_or_null(by.device);
  return R"(,"by":{"deviceId":)" + device + R"(,"name":)" + device + '}';
}
std::string end_reason_json(const store::CallRow& row) {
  return R"(,"endReason":)" + (row.end_reason ? '"' + std::string(to_text(*row.end_reason)) + '"' : std::string("null"));
}
std::string optional_json(std::string_view name, std::string_view raw) {
  return raw.empty() ? std::string{} : R"(,")" + std::string(name) + R"(":)" + std::string(raw);
}

std::string_view word_of(calls::Progress::State state) {
  switch (state) {
    case calls::Progress::State::created:
      return "created";
    case calls::Progress::State::pushed:
      return "pushed";
    case calls::Progress::State::woken:
      return "woken";
    case calls::Progress::State::ringing:
      break;
  }
  return "ringing";
}

std::string_view word_of(calls::PeerState::State state) {
  switch (state) {
    case calls::PeerState::State::reconnecting:
      return "reconnecting";
    case calls::PeerState::State::reconnected:
      return "reconnected";
    case calls::PeerState::State::joined:
      return "joined";
    case calls::PeerState::State::left:
      break;
  }
  return "left";
}

}  // namespace

// --- while it rings -------------------------------------------------------------------------------------------------

void Native::say(NativeSession& session, const calls::IncomingCall& notice) {
  const store::StoredCall& call = *notice.call;
  emit(session, "call.incoming",
       with_call(notice.call) + R"(,"caller":)" + person_json(call.caller()) + R"(,"timestamp":")" +
           iso_text(ports_.clock.wall()) + R"(","ringExpiresAt":)" + native::time_or_null(call.row.ring_expires) +
           optional_json("offer", notice.call->row.offer));
}

void Native::say(NativeSession& session, const calls::Progress& notice) {
  emit(session, "call.progress",
       about(notice.call) + R"(,"state":")" + std::string(word_of(notice.state)) + R"(","userId":")" +
           to_text(callee_of(notice.call->row).value()) + R"(","reachable":)" + (notice.reachable ? "true" : "false"));
}

void Native::say(NativeSession& session, const calls::Glare& notice) {
  emit(session, "call.glare",
       about(notice.call) + R"(,"role":"answerer")" + optional_json("offer", calls::text_of(notice.offer)));
}

// --- how it was answered --------------------------------------------------------------------------------------------

void Native::say(NativeSession& session, const calls::CallAccepted& notice) {
  emit(session, "call.accepted",
       with_call(notice.call) + by_json(notice.by) + R"(,"startedAt":)" + native::time_or_null(notice.call->row.started) +
           optional_json("answer", calls::text_of(notice.answer)));
}

void Native::say(NativeSession& session, const calls::AnsweredElsewhere& notice) {
  emit(session, "call.answered_elsewhere", about(notice.call) + elsewhere_json(notice.by));
}

void Native::say(NativeSession& session, const calls::DeclinedElsewhere& notice) {
  emit(session, "call.declined_elsewhere", about(notice.call) + elsewhere_json(notice.by));
}

// --- how it ended: each once ----------------------------------------------------------------------------------------

void Native::say(NativeSession& session, const calls::CallRejected& notice) {
  if (!session.memory.first_end(notice.call->row.id)) return;
  emit(session, "call.rejected", with_call(notice.call) + by_json(notice.by) + R"(,"reason":"declined")");
}

void Native::say(NativeSession& session, const calls::CallCancelled& notice) {
  if (!session.memory.first_end(notice.call->row.id)) return;
  emit(session, "call.cancelled", with_call(notice.call) + by_json(notice.by) + end_reason_json(notice.call->row));
}

void Native::say(NativeSession& session, const calls::CallMissed& notice) {
  if (!session.memory.first_end(notice.call->row.id)) return;
  emit(session, "call.missed", with_call(notice.call) + end_reason_json(notice.call->row));
}

void Native::say(NativeSession& session, const calls::CallEnded& notice) {
  const store::CallRow& row = notice.call->row;
  if (!session.memory.first_end(row.id)) return;
  const auto duration = duration_seconds(row);
  emit(session, "call.ended",
       with_call(notice.call) + R"(,"endedBy":)" + id_or_null(row.ended_by) + end_reason_json(row) + R"(,"duration":)" +
           (duration ? std::to_string(*duration) : "null"));
}

// --- while it lasts -------------------------------------------------------------------------------------------------

void Native::pass_signal(SocketContext& context, const calls::SignalArrived& notice) {
  NativeSession* session = find(context.at);
  if (session == nullptr) return;
  std::string tail = R"(,"callId":")" + to_text(notice.call->row.id) + R"(","from":")" + to_text(notice.from.id.value()) +
                     R"(","kind":")" + std::string(notice.kind) + R"(","payload":)";
  tail += notice.payload;
  emit(*session, "call.signal", std::move(tail) + R"(,"gen":)" + std::to_string(notice.generation));
}

void Native::say(NativeSession& session, const calls::PeerState& notice) {
  emit(session, "call.peer_state",
       about(notice.call) + R"(,"userId":")" + to_text(notice.user.value()) + R"(","state":")" +
           std::string(word_of(notice.state)) + '"' +
           (notice.until ? R"(,"until":)" + native::time_or_null(notice.until) : std::string{}));
}

// --- the session itself ---------------------------------------------------------------------------------------------

void Native::say(NativeSession& session, const sessions::Replaced&) {
  const SessionAddress at = session.context->at;
  emit(session, "session.replaced", "");
  ports_.out.close(at);
}

void Native::say(NativeSession& session, const sessions::LoginEnded&) {
  const SessionAddress at = session.context->at;
  emit(session, "session.expiring", R"(,"reason":"login_ended")");
  ports_.out.close(at);
}

}  // namespace belfry::gateway
