// The five call events of the signaling dialect. Each is checked whole, becomes one command, and is acknowledged with its result.
#include <utility>

#include "gateway/signaling/signaling.hpp"

namespace belfry::gateway {

/// C-12: `to` may be a user id. It becomes a name if that user has a session here.
std::string Signaling::name_of(std::string to) const {
  const auto id = parse_uuid(to);
  return id ? ports_.calls.name_of(calls::UserId(*id)).value_or(std::move(to)) : std::move(to);
}

Expected<CallPayload, BadPayload> Signaling::read_call_event(SignalingSession& session, const Event& event, std::string_view body,
                                                             BodyKind kind) {
  auto payload = read_call_payload(event, body, kind);
  if (!payload) return payload;
  payload->to = name_of(std::move(payload->to));
  if (session.name.empty()) return unexpected(BadPayload{"Register with register_user first", payload->to});
  if (!session.is(payload->from))
    return unexpected(BadPayload{"Field 'from' is not the user registered on this connection", payload->to});
  return payload;
}

calls::Actor Signaling::actor_of(const SocketContext& context, const SignalingSession& session) const {
  return {.user = session.user,
          .session = context.session,
          .at = context.at,
          .device = context.device,
          .dialect = call::Dialect::signaling};
}

std::optional<calls::CallId> Signaling::call_of(SignalingSession& session, std::string_view peer) {
  if (const PeerCall* peer_call = session.call_with(peer)) return peer_call->call;
  const auto call = ports_.calls.call_between(session.user, peer);  // X-17: a new device of a user who is in a call
  if (call) session.begin_call(peer, *call);
  return call;
}

/// SPEC X-30: joining a call requires a credential that is still valid; a call already joined does not.
Expected<CallPayload, BadPayload> Signaling::read_join(const SocketContext& context, SignalingSession& session,
                                                       const Event& event, std::string_view body) {
  auto payload = read_call_event(session, event, body, BodyKind::description);
  if (!payload || !context.identity || context.identity->may_join(ports_.clock.wall())) return payload;
  return unexpected(BadPayload{"Your session has expired; log in again and connect anew", payload->to});
}

Signaling::Handled Signaling::make_call(SocketContext& context, const Event& event) {
  SignalingSession& session = session_of(context.at);
  const auto payload = read_join(context, session, event, "offer");
  if (!payload) return unexpected(payload.error());
  calls::StartCall call{
      .caller = actor_of(context, session), .media = media_of(payload->body), .offer = call::Description(payload->body)};
  call.callee = payload->to == session.name ? session.user : ports_.calls.user_named(payload->to).value_or(calls::UserId{});
  call.id = ports_.calls.new_call_id();
  session.begin_call(payload->to, *call.id);
  const Dialled dialled{context.at, *call.id, session.user, call.callee, payload->to, call.media};
  ports_.calls.start(std::move(call), [this, dialled, ack = event.ack_id](const calls::Result& result) {
    acknowledge(dialled.at, ack, result);
    result ? started(dialled, result->call->row.id) : start_refused(dialled, result.error());
  });
  return Acked::later;
}

/// If the start was a repeat, the answer names the existing call: use that one.
void Signaling::started(const Dialled& dialled, const calls::CallId& call) {
  SignalingSession* session = find_session(dialled.at);
  if (session == nullptr || call == dialled.call) return;
  session->forget_call(dialled.call);
  session->begin_call(dialled.peer, call);
}

/// T-04, C-09: the peer has no session here. If the user exists, record the attempt for both.
void Signaling::note_attempt(const Dialled& dialled) {
  ports_.names.find(dialled.peer, [this, caller = dialled.caller, media = dialled.media](std::optional<calls::UserId> callee) {
    if (callee) ports_.calls.note_attempt(caller, *callee, media);
  });
}

void Signaling::start_refused(const Dialled& dialled, const calls::Refused& refused) {
  if (refused.why == calls::Refusal::unreachable && dialled.callee == calls::UserId{}) note_attempt(dialled);
  SignalingSession* session = find_session(dialled.at);
  if (session == nullptr) return;
  session->forget_call(dialled.call);
  const std::string& peer = dialled.peer;
  const bool with_each_other =
      refused.call && (refused.call->caller().username == peer || refused.call->callee().username == peer);
  if (refused.why == calls::Refusal::recipient_busy || (refused.why == calls::Refusal::caller_busy && with_each_other))
    return emit(dialled.at, "call_busy", {R"({"targetUser":")", peer, R"("})"});
  ++counts_.refused;
  fail(dialled.at, explain(refused.why), peer);
}

Signaling::Handled Signaling::answer_call(SocketContext& context, const Event& event) {
  SignalingSession& session = session_of(context.at);
  const auto payload = read_join(context, session, event, "answer");
  if (!payload) return unexpected(payload.error());
  const auto call = call_of(session, payload->to);
  if (!call) return unexpected(BadPayload{"There is no call between you two", payload->to});
  ports_.calls.accept(actor_of(context, session), *call, call::Description(payload->body),
                      [this, at = context.at, peer = payload->to, ack = event.ack_id](const calls::Result& result) {
                        acknowledge(at, ack, result);
                        if (!result) fail(at, explain(result.error().why), peer);
                      });
  return Acked::later;
}

Signaling::Handled Signaling::decline_call(SocketContext& context, const Event& event) {
  const auto payload = read_call_event(session_of(context.at), event, "", BodyKind::none);
  if (!payload) return unexpected(payload.error());
  return leave(context, *payload, event.ack_id, &CallsPort::reject);
}

Signaling::Handled Signaling::end_call(SocketContext& context, const Event& event) {
  const auto payload = read_call_event(session_of(context.at), event, "", BodyKind::none);
  if (!payload) return unexpected(payload.error());
  return leave(context, *payload, event.ack_id, &CallsPort::cancel);
}

Signaling::Handled Signaling::leave(SocketContext& context, const CallPayload& payload, Ack ack,
                                    void (CallsPort::*how)(const calls::Actor&, const calls::CallId&, calls::Reply)) {
  SignalingSession& session = session_of(context.at);
  const auto call = call_of(session, payload.to);
  if (!call) return unexpected(BadPayload{"There is no call between you two", payload.to});
  ports_.in.hang_up_begins(context.at);
  (ports_.calls.*how)(actor_of(context, session), *call,
                      [this, at = context.at, peer = payload.to, ack, id = *call](const calls::Result& result) {
                        if (SignalingSession* leaver = find_session(at); leaver != nullptr && result)
                          leaver->end_call(id);  // no event follows for the user who declined
                        // X-18: both hang up at once; the second one succeeds, because the call is over.
                        const bool crossed =
                            !result && (result.error().why == calls::Refusal::not_active ||
                                        (result.error().call && call::is_final(result.error().call->row.status)));
                        if (crossed)
                          acknowledge(at, ack, Handled{});
                        else
                          acknowledge(at, ack, result);
                        if (!result && !crossed) fail(at, explain(result.error().why), peer);
                        ports_.in.hang_up_decided(at);
                      });
  return Acked::later;
}

Signaling::Handled Signaling::ice_candidate(SocketContext& context, const Event& event) {
  SignalingSession& session = session_of(context.at);
  const auto payload = read_call_event(session, event, "candidate", BodyKind::candidate);
  if (!payload) return unexpected(payload.error());
  const auto call = call_of(session, payload->to);
  if (!call) return unexpected(BadPayload{"There is no call between you two", payload->to});
  if (const PeerCall* peer_call = session.call_with(payload->to); peer_call != nullptr && peer_call->over)
    return {};  // it crossed the end
  if (signals_.max != 0 && session.at_work().signals.take(signals_, ports_.clock.now()))
    return unexpected(BadPayload{"Rate limit: too many candidates; try again in a few seconds", payload->to});
  ports_.calls.signal(actor_of(context, session), *call, {"candidate", payload->body},
                      [this, at = context.at, peer = payload->to, ack = event.ack_id](const calls::Result& result) {
                        acknowledge(at, ack, result);
                        if (!result && result.error().why == calls::Refusal::too_many_signals)
                          fail(at, explain(result.error().why), peer);
                      });
  return Acked::later;
}

}  // namespace belfry::gateway
