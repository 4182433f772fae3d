#include "gateway/native/web_notices.hpp"

#include <algorithm>
#include <array>

#include "base/uuid.hpp"
#include "gateway/json/descriptions.hpp"
#include "gateway/json/entities.hpp"
#include "gateway/json/iso_time.hpp"

namespace belfry::gateway::native {
namespace {

using calls::SignalKind;

// The only word that clients of seed 001 have for a signal without a receiver.
constexpr std::string_view kTargetOffline = "TARGET_OFFLINE";

/// Errors that mean to a client of seed 001 that its signal has no receiver. All others keep the codes of SPEC 2.1.
bool is_target_offline(ApiError error) {
  constexpr std::array kErrors = {ApiError::call_not_found, ApiError::not_participant, ApiError::call_not_active,
                                  ApiError::peer_offline};
  return std::find(kErrors.begin(), kErrors.end(), error) != kErrors.end();
}

/// Empty: the kind has no alias.
std::string_view event_of(SignalKind kind) {
  if (kind == SignalKind::offer) return "webrtc_offer";
  if (kind == SignalKind::answer) return "webrtc_answer";
  if (kind == SignalKind::candidate) return "webrtc_ice_candidate";
  return is_peer_event(kind) ? to_text(kind) : std::string_view{};
}

/// What the mobile client reads instead of `signal`.
void append_for_mobile(json::Writer& json, const calls::SignalArrived& signal) {
  if (signal.kind == SignalKind::candidate) {
    json.key("candidate").raw(signal.payload);
    return;
  }
  json.member("callerId", to_text(signal.call->row.caller.value()));
  if (const auto sdp = sdp_of(signal.payload)) json.key("sdp").raw(*sdp);
}

}  // namespace

void WebNotices::greet(NativeSession& session) {
  const accounts::Identity& who = *session.context->identity;
  sessions_.emit(session, "authenticated", [&](json::Writer& json) {
    json.member("userId", to_text(who.user.value()))
        .member("username", ports_.calls.name_of(who.user).value_or(who.username))
        .member("timestamp", iso_text(ports_.clock.wall()));
  });
}

/// The alias of an answer or an end goes before the native event, which marks the end as sent; that of a description goes behind
/// it, because the event introduces its call.
void WebNotices::notify(NativeSession& session, const Notice& notice) {
  std::visit([&](const auto& what) { send(session, what); }, notice);
}

void WebNotices::send(NativeSession& session, const calls::IncomingCall& notice) {
  notices_.send(session, notice);
  send_description(session, notice.call, notice.call->caller(), SignalKind::offer, notice.call->row.offer);
}

void WebNotices::send(NativeSession& session, const calls::CallAccepted& notice) {
  const calls::UserId me = session.context->identity->user;
  const store::StoredCall& call = *notice.call;
  send_response(session, notice.call, "accept");
  notices_.send(session, notice);
  if (call.caller().id != me) return;
  // Without an offer the answer is a placeholder, of a callee of seed 003 who must send one to accept. The page offers when it
  // gets call.response, and the answer to that comes as a signal.
  if (!call.row.offer.empty() || session.memory.has(call.row.id, WebMark::offered))
    send_description(session, notice.call, person_of(call, notice.by.user.value_or(me)), SignalKind::answer, notice.answer);
}

void WebNotices::send(NativeSession& session, const calls::CallRejected& notice) {
  if (is_final(notice.call->row.status)) send_response(session, notice.call, "reject");
  notices_.send(session, notice);
}

void WebNotices::send(NativeSession& session, const calls::CallCancelled& notice) {
  send_end(session, notice.call);
  notices_.send(session, notice);
}

void WebNotices::send(NativeSession& session, const calls::CallMissed& notice) {
  send_end(session, notice.call);
  notices_.send(session, notice);
}

/// W-001-01: it closes the caller's dialog, which otherwise cancels the connected call after a minute.
void WebNotices::send_response(NativeSession& session, const calls::CallView& call, std::string_view response) {
  const bool accepts = response == "accept";
  const calls::CallId& id = call->row.id;
  const WebMark mark = accepts ? WebMark::accept_sent : WebMark::end_sent;
  if (call->row.caller != session.context->identity->user || session.memory.has(id, mark)) return;
  if (!accepts && session.memory.knows_end(id)) return;
  session.memory.set(id, mark);
  sessions_.emit(session, "call.response", [&](json::Writer& json) {
    json.member("callId", to_text(call->row.id.value())).member("response", response).member("accepted", accepts);
    append_call(json.key("call"), *call, People::named);
    json.member("timestamp", iso_text(ports_.clock.wall()));
  });
}

/// Seed 001's page does not know call.snapshot: it gets the aliases of what the snapshot shows and the session has not been sent.
/// The page may have one call, so the last three ends are enough; the call that goes on comes last.
void WebNotices::catch_up(NativeSession& session, const std::vector<store::StoredCall>& shown) {
  constexpr std::size_t kMostEnds = 3;
  std::vector<calls::CallView> ended, connected;
  for (const store::StoredCall& call : shown) {
    if (call::is_final(call.row.status)) ended.push_back(std::make_shared<const store::StoredCall>(call));
    if (call.row.status == call::Status::connected) connected.push_back(std::make_shared<const store::StoredCall>(call));
  }
  const auto when = [](const calls::CallView& call) { return call->row.ended.value_or(call->row.created).unix_ms; };
  std::sort(ended.begin(), ended.end(), [&](const auto& a, const auto& b) { return when(a) < when(b); });
  if (ended.size() > kMostEnds) ended.erase(ended.begin(), ended.end() - kMostEnds);
  for (const calls::CallView& call : ended)
    call->row.status == call::Status::rejected ? send_response(session, call, "reject") : send_end(session, call);
  for (const calls::CallView& call : connected) send_response(session, call, "accept");
}

/// W-001-02: the ringing dialog listens for nothing else. The caller has no such dialog, and needs the event of a ring only when
/// the other side ended it. The end of a connected call has this name natively too: it is sent here after a snapshot alone.
void WebNotices::send_end(NativeSession& session, const calls::CallView& call) {
  const store::CallRow& row = call->row;
  const calls::UserId me = session.context->identity->user;
  const bool by_the_other = row.ended_by && *row.ended_by != me;
  const bool was_connected = row.status == call::Status::ended;
  if (row.caller == me && !by_the_other && !was_connected) return;
  if (session.memory.knows_end(row.id) || session.memory.has(row.id, WebMark::end_sent)) return;
  session.memory.set(row.id, WebMark::end_sent);
  if (was_connected) static_cast<void>(session.memory.first_end(row.id));
  sessions_.emit(session, "call.ended", [&](json::Writer& json) {
    json.member("callId", to_text(row.id.value()))
        .member_or_null("endedBy", row.ended_by ? to_text(row.ended_by->value()) : std::string{});
    append_call(json.key("call"), *call, People::named);
    json.member("timestamp", iso_text(ports_.clock.wall()));
  });
}

/// W-001-03: a description that the peer sent with its start or its answer comes as the signal that the published clients wait
/// for, with its candidates behind it.
void WebNotices::send_description(NativeSession& session, const calls::CallView& call, const account::Person& from,
                                  SignalKind kind, const call::Description& description) {
  if (description.empty()) return;
  std::string payload;
  json::Writer json(payload);
  append_description_value(json, to_text(kind), description);
  pass_signal(session, {call, from, kind, payload});
  for (const std::string_view candidate : candidates_of(description))
    pass_signal(session, {call, from, SignalKind::candidate, candidate});
}

/// W-001-03, W-001-05. The end of candidates has no alias: the published clients make an RTCIceCandidate of each `signal`.
void WebNotices::pass_signal(NativeSession& session, const calls::SignalArrived& signal) {
  const std::string_view event = event_of(signal.kind);
  if (event.empty() || (signal.kind == SignalKind::candidate && signal.payload == "null")) return;
  sessions_.emit(session, event, [&](json::Writer& json) {
    json.member("from", to_text(signal.from.id.value())).member("timestamp", iso_text(ports_.clock.wall()));
    json.member("callId", to_text(signal.call->row.id.value()));
    if (is_peer_event(signal.kind)) return;
    json.key("signal").raw(signal.payload);
    append_for_mobile(json, signal);
  });
}

void WebNotices::send_error(SessionAddress at, const Failure& failure) {
  const bool offline = is_target_offline(failure.error);
  const std::string_view own = failure.message.empty() ? wire_error(failure.error).message : std::string_view(failure.message);
  std::string payload;
  json::Writer(payload)
      .open_object()
      .member("type", offline ? kTargetOffline : wire_error(failure.error).code)
      .member("message", offline ? kNoReceiver : own)
      .close_object();
  ports_.out.emit_unkept(at, "error", payload);
}

}  // namespace belfry::gateway::native
