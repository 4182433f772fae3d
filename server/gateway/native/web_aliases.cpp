// The aliases of web sessions (SPEC W-001-01 to W-001-05): the events that the clients of seed 001, a messenger on REST and
// Socket.IO, send and listen for beside those of the native dialect. A web session is a socket with a credential whose handshake
// names neither a dialect nor a user. A session that named "native" gets none of these events, and may send none.
// docs/protocol/web.md describes them.
//
// An alias is sent beside a native event and says what that event says. No decision about a call is made here.
#include <algorithm>
#include <array>
#include <utility>

#include "base/uuid.hpp"
#include "gateway/json/descriptions.hpp"
#include "gateway/json/entities.hpp"
#include "gateway/json/iso_time.hpp"
#include "gateway/native/answers.hpp"
#include "gateway/native/native.hpp"
#include "gateway/native/pieces.hpp"

namespace belfry::gateway {
namespace {

// The only word that clients of seed 001 have for a signal without a receiver.
constexpr std::string_view kTargetOffline = "TARGET_OFFLINE";
constexpr std::string_view kNoReceiver = "The other side is not connected, or is in no call with you";

/// Errors that mean to a client of seed 001 that its signal has no receiver. All others keep the codes of SPEC 2.1.
bool is_target_offline(ApiError error) {
  constexpr std::array kErrors = {ApiError::call_not_found, ApiError::not_participant, ApiError::call_not_active,
                                  ApiError::peer_offline};
  return std::find(kErrors.begin(), kErrors.end(), error) != kErrors.end();
}

/// Empty: the kind has no alias.
std::string_view event_of(std::string_view kind) {
  if (kind == "offer") return "webrtc_offer";
  if (kind == "answer") return "webrtc_answer";
  if (kind == "candidate") return "webrtc_ice_candidate";
  return calls::is_peer_event(kind) ? kind : std::string_view{};
}

/// What the mobile client reads instead of `signal`.
void append_for_mobile(json::Writer& json, const calls::SignalArrived& signal) {
  if (signal.kind == "candidate") return json.key("candidate").raw(signal.payload), void();
  json.member("callerId", to_text(signal.call->row.caller.value()));
  if (const auto sdp = sdp_of(signal.payload)) json.key("sdp").raw(*sdp);
}

}  // namespace

const Native::Row Native::kWebEvents[9] = {
    {"webrtc_ice_candidate", &Native::web_candidate},
    {"webrtc_offer", &Native::web_offer},
    {"webrtc_answer", &Native::web_answer},
    {"call_mute", &Native::web_peer_event},
    {"call_unmute", &Native::web_peer_event},
    {"call_video_on", &Native::web_peer_event},
    {"call_video_off", &Native::web_peer_event},
    {"call_ended", &Native::web_call_ended},
    {"heartbeat", &Native::web_heartbeat},
};

// --- client events ---

void Native::web_signal(const Asked& asked, std::string_view kind) {
  if (!admits(asked, asked.session.memory.signals, settings_.signals, {"signal", "signals"})) return;
  const auto signal = native::read_web_signal(asked.event, kind);
  if (!signal) return refuse_web(asked, {.error = ApiError::validation_failed, .details = signal.error()});
  signal_to_peer(asked, signal->target, {.kind = kind, .payload = signal->payload});
}

void Native::web_peer_event(const Asked& asked) {
  if (!admits(asked, asked.session.memory.signals, settings_.signals, {"signal", "signals"})) return;
  const auto target = native::read_web_target(asked.event);
  if (!target) return refuse_web(asked, {.error = ApiError::validation_failed, .details = target.error()});
  signal_to_peer(asked, *target, {.kind = asked.event.name, .payload = "null"});
}

void Native::signal_to_peer(const Asked& asked, const native::WebTarget& target, const calls::Signal& signal) {
  const calls::UserId me = asked.context().identity->user;
  std::optional<calls::CallId> call = target.call;
  if (!call && target.user)
    if (const auto name = ports_.calls.name_of(*target.user)) call = ports_.calls.call_between(me, *name);
  if (!call) return refuse_web(asked, {.error = ApiError::peer_offline, .message = std::string(kNoReceiver)});
  calls::Signal addressed = signal;
  addressed.to = target.user;  // the relay refuses it if this is not the peer in that call
  if (signal.kind == "offer") asked.session.memory.set(*call, WebMark::offered);
  // The event and the session may be gone when the refusal comes.
  ports_.calls.signal(native::actor_of(asked.context()), *call, addressed,
                      [this, at = asked.context().at, answer = answer_to(asked)](const calls::Result& result) {
                        if (result) return answer(native::signal_answer(*result));
                        const Failure failure = native::signal_failure(result.error());
                        answer(native::refusal(failure));
                        send_web_error(at, failure);
                      });
}

/// The published clients ask for no acknowledgement and listen for `error`.
void Native::refuse_web(const Asked& asked, const Failure& failure) {
  answer_to(asked)(native::refusal(failure));
  send_web_error(asked.context().at, failure);
}

void Native::send_web_error(SessionAddress at, const Failure& failure) {
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

/// The client sends it after `POST /api/calls/{id}/end`, when the call is usually over: that is success.
void Native::web_call_ended(const Asked& asked) {
  const auto call = native::read_call(asked.event);
  if (!call) return answer_to(asked)(native::refusal(call.error()));
  const SessionAddress at = asked.context().at;
  ports_.in.hang_up_begins(at);
  ports_.calls.end(native::actor_of(asked.context()), *call, [this, at, answer = answer_to(asked)](const calls::Result& result) {
    const bool over = !result && result.error().why == calls::Refusal::not_active;
    answer(over ? native::success() : result ? native::call_answer(*result) : native::refusal(failure_of(result.error())));
    ports_.in.hang_up_decided(at);
  });
}

/// Not kept for a suspended socket, which would otherwise need a recovery log for these alone.
void Native::web_heartbeat(const Asked& asked) {
  answer_to(asked)(native::success());
  std::string payload;
  json::Writer(payload).open_object().member("timestamp", iso_text(ports_.clock.wall())).close_object();
  ports_.out.emit_unkept(asked.context().at, "pong", payload);
}

// --- server events ---

void Native::greet_web(SessionAddress at) {
  NativeSession* session = find(at);
  if (session == nullptr) return;  // session.ready closed it as a slow reader
  const accounts::Identity& who = *session->context->identity;
  emit(*session, "authenticated", [&](json::Writer& json) {
    json.member("userId", to_text(who.user.value()))
        .member("username", ports_.calls.name_of(who.user).value_or(who.username))
        .member("timestamp", iso_text(ports_.clock.wall()));
  });
}

/// The alias of an answer or an end goes before the native event, which marks the end as sent; that of a description goes behind
/// it, because the event introduces its call. Each of them may end the session: a slow reader is closed.
void Native::tell_web(NativeSession& first, const Notice& notice) {
  const SessionAddress at = first.context->at;
  const calls::UserId me = first.context->identity->user;
  if (const auto* accepted = std::get_if<calls::CallAccepted>(&notice)) send_web_response(first, accepted->call, "accept");
  if (const auto* rejected = std::get_if<calls::CallRejected>(&notice)) send_web_response(first, rejected->call, "reject");
  if (const auto* cancelled = std::get_if<calls::CallCancelled>(&notice)) send_web_end(first, cancelled->call);
  if (const auto* missed = std::get_if<calls::CallMissed>(&notice)) send_web_end(first, missed->call);
  NativeSession* session = find(at);
  if (session != nullptr) std::visit([&](const auto& what) { send(*session, what); }, notice);
  if (const auto* incoming = std::get_if<calls::IncomingCall>(&notice))
    send_web_description(at, incoming->call, incoming->call->caller(), "offer", incoming->call->row.offer);
  const auto* accepted = std::get_if<calls::CallAccepted>(&notice);
  session = find(at);
  if (accepted == nullptr || session == nullptr || accepted->call->caller().id != me) return;
  // Without an offer the answer is a placeholder, of a callee of seed 003 who must send one to accept. The page offers when it
  // gets call.response, and the answer to that comes as a signal.
  if (!accepted->call->row.offer.empty() || session->memory.has(accepted->call->row.id, WebMark::offered))
    send_web_description(at, accepted->call, accepted->call->callee(), "answer", accepted->answer);
}

/// W-001-01: it closes the caller's dialog, which otherwise cancels the connected call after a minute.
void Native::send_web_response(NativeSession& session, const calls::CallView& call, std::string_view response) {
  const bool accepts = response == "accept";
  const calls::CallId& id = call->row.id;
  const WebMark mark = accepts ? WebMark::accept_sent : WebMark::end_sent;
  if (call->row.caller != session.context->identity->user || session.memory.has(id, mark)) return;
  if (!accepts && session.memory.knows_end(id)) return;
  session.memory.set(id, mark);
  emit(session, "call.response", [&](json::Writer& json) {
    json.member("callId", to_text(call->row.id.value())).member("response", response).member("accepted", accepts);
    append_call(json.key("call"), *call, People::named);
    json.member("timestamp", iso_text(ports_.clock.wall()));
  });
}

/// Seed 001's page does not know call.snapshot: it gets the aliases of what the snapshot shows and the session has not been sent.
/// The page may have one call, so the last three ends are enough; the call that goes on comes last.
void Native::catch_up_web(SessionAddress at, const std::vector<store::StoredCall>& shown) {
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
    if (NativeSession* session = find(at))
      call->row.status == call::Status::rejected ? send_web_response(*session, call, "reject") : send_web_end(*session, call);
  for (const calls::CallView& call : connected)
    if (NativeSession* session = find(at)) send_web_response(*session, call, "accept");
}

/// W-001-02: the ringing dialog listens for nothing else. The caller has no such dialog, and needs the event of a ring only when
/// the other side ended it. The end of a connected call has this name natively too: it is sent here after a snapshot alone.
void Native::send_web_end(NativeSession& session, const calls::CallView& call) {
  const store::CallRow& row = call->row;
  const calls::UserId me = session.context->identity->user;
  const bool by_the_other = row.ended_by && *row.ended_by != me;
  const bool was_connected = row.status == call::Status::ended;
  if (row.caller == me && !by_the_other && !was_connected) return;
  if (session.memory.knows_end(row.id) || session.memory.has(row.id, WebMark::end_sent)) return;
  session.memory.set(row.id, WebMark::end_sent);
  if (was_connected) static_cast<void>(session.memory.first_end(row.id));
  emit(session, "call.ended", [&](json::Writer& json) {
    json.member("callId", to_text(row.id.value()))
        .member_or_null("endedBy", row.ended_by ? to_text(row.ended_by->value()) : std::string{});
    append_call(json.key("call"), *call, People::named);
    json.member("timestamp", iso_text(ports_.clock.wall()));
  });
}

/// W-001-03: a description that the peer sent with its start or its answer comes as the signal that the published clients wait
/// for, with its candidates behind it.
void Native::send_web_description(SessionAddress at, const calls::CallView& call, const account::Person& from,
                                  std::string_view kind, const call::Description& description) {
  if (description.empty()) return;
  std::string payload;
  json::Writer json(payload);
  append_description_value(json, kind, description);
  if (NativeSession* session = find(at)) pass_to_web(*session, {call, from, kind, payload});
  for (const std::string_view candidate : candidates_of(description))
    if (NativeSession* session = find(at)) pass_to_web(*session, {call, from, "candidate", candidate});
}

/// W-001-03, W-001-05. The end of candidates has no alias: the published clients make an RTCIceCandidate of each `signal`.
NativeSession* Native::pass_to_web(NativeSession& session, const calls::SignalArrived& signal) {
  const std::string_view event = event_of(signal.kind);
  if (event.empty() || (signal.kind == "candidate" && signal.payload == "null")) return &session;
  const SessionAddress at = session.context->at;
  emit(session, event, [&](json::Writer& json) {
    json.member("from", to_text(signal.from.id.value())).member("timestamp", iso_text(ports_.clock.wall()));
    json.member("callId", to_text(signal.call->row.id.value()));
    if (calls::is_peer_event(signal.kind)) return;
    json.key("signal").raw(signal.payload);
    append_for_mobile(json, signal);
  });
  return find(at);
}

}  // namespace belfry::gateway
