// The five call events of the signaling dialect. Each is checked whole, becomes one command, and is acknowledged with its result.
#include <functional>
#include <utility>

#include "gateway/json/descriptions.hpp"
#include "gateway/signaling/reasons.hpp"
#include "gateway/signaling/signaling.hpp"
#include "wire/json/writer.hpp"

namespace belfry::gateway {
namespace {

DescriptionForm form_of(std::string_view raw) { return raw.front() == '"' ? DescriptionForm::sdp_text : DescriptionForm::object; }

call::Description description_of(const CallPayload& payload) {
  const bool plain = payload.candidates.empty() && form_of(payload.body) == DescriptionForm::object;
  return plain ? call::Description(payload.body) : call::Description::with_candidates(payload.body, payload.candidates);
}

/// Somebody else, or time, has ended what this person wanted to end.
bool was_over_before(calls::UserId leaver, const calls::Result& result) {
  if (!result && result.error().why == calls::Refusal::not_active) return true;
  const calls::CallView& call = result ? result->call : result.error().call;
  return call && call::is_final(call->row.status) && (!result || call->row.ended_by != leaver);
}

}  // namespace

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
  if (session.name.empty()) {
    // R-003-36: a call or an answer fails. The other events only clean up, as pages do after logout_user (W-003-07).
    using Report = BadPayload::Report;
    const Report report = kind == BodyKind::description ? Report::by_event : Report::by_acknowledgement;
    return unexpected(BadPayload{std::string(kNotRegistered), payload->to, report});
  }
  if (!payload->from.empty() && !session.is(payload->from))
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
  PeerCall* peer_call = session.call_with(peer);
  if (peer_call == nullptr) {
    const auto call = ports_.calls.call_between(session.user, peer);  // X-17: a new device of a user who is in a call
    if (!call) return std::nullopt;
    peer_call = &session.begin_call(peer, *call);
  }
  peer_call->spoken_of = true;
  return peer_call->call;
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
  session.form = form_of(payload->body);
  calls::StartCall call{
      .caller = actor_of(context, session), .media = media_of(payload->body), .offer = description_of(*payload)};
  call.callee = payload->to == session.name ? session.user : ports_.calls.user_named(payload->to).value_or(calls::UserId{});
  call.id = ports_.calls.new_call_id();
  if (!session.speaks_of_a_call()) call.taken_over = calls::OnTakenOver::hang_up;
  session.begin_call(payload->to, *call.id).spoken_of = true;
  const Dialled dialled{context.at, *call.id, session.user, call.callee, payload->to, call.media};
  ports_.calls.start(std::move(call), [this, dialled, ack = event.ack_id](const calls::Result& result) {
    if (!result) return start_refused(dialled, ack, result.error());
    acknowledge(dialled.at, ack, result);
    started(dialled, result->call->row.id);
  });
  if (!strays_.empty()) pass_strays(context, payload->to);
  return Acked::later;
}

/// W-003-06: behind the start, so that they follow the ring. There is no call if the start was refused at once.
void Signaling::pass_strays(const SocketContext& context, const std::string& peer) {
  const auto strays = strays_.take(context.at, peer, ports_.clock.now());
  for (const std::string& candidate : strays) {
    SignalingSession* const session = find_session(context.at);
    const PeerCall* const call = session == nullptr ? nullptr : session->call_with(peer);
    if (call == nullptr || call->is_over()) return;
    ports_.calls.signal(actor_of(context, *session), call->call, {"candidate", candidate}, {});
  }
}

/// If the start was a repeat, the answer names the existing call: use that one.
void Signaling::started(const Dialled& dialled, const calls::CallId& call) {
  SignalingSession* session = find_session(dialled.at);
  if (session == nullptr || call == dialled.call) return;
  session->forget_call(dialled.call);
  session->begin_call(dialled.peer, call).spoken_of = true;
}

/// T-04, C-09: the peer has no session here. If the user exists, record the attempt for both.
void Signaling::note_attempt(const Dialled& dialled) {
  ports_.names.find(dialled.peer, [this, caller = dialled.caller, media = dialled.media](std::optional<calls::UserId> callee) {
    if (callee) ports_.calls.note_attempt(caller, *callee, media);
  });
}

void Signaling::start_refused(const Dialled& dialled, Ack ack, calls::Refused refused) {
  using calls::Refusal;
  const bool nobody_there = refused.why == Refusal::unreachable || refused.why == Refusal::recipient_unknown;
  // W-003-10: a caller who is in a call gets CALLER_BUSY, also when the user they dial is offline.
  if (nobody_there && ports_.calls.is_in_a_call(dialled.caller)) refused.why = Refusal::caller_busy;
  acknowledge(dialled.at, ack, calls::Result(unexpected(refused)));
  if (refused.why == Refusal::unreachable && dialled.callee == calls::UserId{}) note_attempt(dialled);
  SignalingSession* session = find_session(dialled.at);
  if (session == nullptr) return;
  session->forget_call(dialled.call);
  if (refused.why == Refusal::recipient_busy || meets_own_ring(dialled, refused))
    return emit(dialled.at, "call_busy", {R"({"targetUser":")", dialled.peer, R"("})"});
  ++counts_.refused;
  fail(dialled.at, explain(refused.why), dialled.peer);
}

/// X-07: the peer is calling this page, which is rung once more.
bool Signaling::meets_own_ring(const Dialled& dialled, const calls::Refused& refused) const {
  return refused.why == calls::Refusal::caller_busy && refused.call && refused.call->row.status == call::Status::calling &&
         refused.call->callee().id == dialled.caller && refused.call->caller().username == dialled.peer;
}

Signaling::Handled Signaling::answer_call(SocketContext& context, const Event& event) {
  SignalingSession& session = session_of(context.at);
  const auto payload = read_join(context, session, event, "answer");
  if (!payload) return unexpected(payload.error());
  session.form = form_of(payload->body);
  const auto call = call_of(session, payload->to);
  if (!call) return unexpected(BadPayload{"There is no call between you two", payload->to});
  PeerCall& peer_call = *session.peer_call_of(*call);
  const std::size_t before = std::exchange(peer_call.answered, std::hash<std::string_view>{}(payload->body) | 1U);
  if (peer_call.reoffered && peer_call.answered != before) return answer_reoffer(context, *call, *payload, event.ack_id);
  ports_.calls.accept(actor_of(context, session), *call, description_of(*payload),
                      [this, at = context.at, peer = payload->to, id = *call, ack = event.ack_id](const calls::Result& result) {
                        acknowledge(at, ack, result);
                        if (result) return;
                        SignalingSession* const still = find_session(at);
                        if (PeerCall* const known = still == nullptr ? nullptr : still->peer_call_of(id)) known->answered = 0;
                        fail(at, explain(result.error().why), peer);
                      });
  return Acked::later;
}

/// The call is accepted already: this answer is a signal to the peer, in the form that the other dialects take.
Signaling::Handled Signaling::answer_reoffer(const SocketContext& context, const calls::CallId& call, const CallPayload& payload,
                                             Ack ack) {
  SignalingSession& session = session_of(context.at);
  session.peer_call_of(call)->reoffered = false;
  const calls::Actor actor = actor_of(context, session);
  const call::Description description = description_of(payload);
  std::string answer;
  json::Writer json(answer);
  append_description_value(json, "answer", description);
  ports_.calls.signal(actor, call, {"answer", answer},
                      [this, at = context.at, peer = payload.to, ack](const calls::Result& result) {
                        acknowledge(at, ack, result);
                        if (!result) fail(at, explain(result.error().why), peer);
                      });
  for (const std::string_view candidate : candidates_of(description))
    ports_.calls.signal(actor, call, {"candidate", candidate}, {});
  return Acked::later;
}

Signaling::Handled Signaling::decline_call(SocketContext& context, const Event& event) {
  const auto payload = read_call_event(session_of(context.at), event, "", BodyKind::none);
  if (!payload) return unexpected(payload.error());
  return leave(context, *payload, event.ack_id, &Signaling::decline);
}

Signaling::Handled Signaling::end_call(SocketContext& context, const Event& event) {
  const auto payload = read_call_event(session_of(context.at), event, "", BodyKind::none);
  if (!payload) return unexpected(payload.error());
  return leave(context, *payload, event.ack_id, &Signaling::hang_up);
}

Signaling::Handled Signaling::leave(SocketContext& context, const CallPayload& payload, Ack ack,
                                    void (Signaling::*how)(const calls::Actor&, const calls::CallId&, calls::Reply)) {
  SignalingSession& session = session_of(context.at);
  const auto call = call_of(session, payload.to);
  if (!call) return Acked::no_call;
  PeerCall* const peer_call = session.peer_call_of(*call);
  const bool again = peer_call->leave();
  ports_.in.hang_up_begins(context.at);
  (this->*how)(actor_of(context, session), *call,
               [this, leaver = Leaver{context.at, session.user, *call, payload.to, again}, ack](const calls::Result& result) {
                 left(leaver, ack, result);
                 ports_.in.hang_up_decided(leaver.at);
               });
  return Acked::later;
}

void Signaling::hang_up(const calls::Actor& leaver, const calls::CallId& call, calls::Reply reply) {
  ports_.calls.cancel(leaver, call, std::move(reply));
}

/// In seed 003 decline_call ends a call in any state, for both parties. The core knows whether there is a ring to decline; if
/// not, this is a hang-up.
void Signaling::decline(const calls::Actor& leaver, const calls::CallId& call, calls::Reply reply) {
  ports_.calls.reject(leaver, call, [this, leaver, call, reply = std::move(reply)](const calls::Result& result) {
    if (has_nothing_to_decline(leaver.at, call, result)) return ports_.calls.cancel(leaver, call, reply);
    reply(result);
  });
}

/// The page dialled, or the call is connected. A call that is over for this page may go on at another device (X-04).
bool Signaling::has_nothing_to_decline(SessionAddress at, const calls::CallId& call, const calls::Result& result) {
  using calls::Refusal;
  if (result || (result.error().why != Refusal::not_ringing && result.error().why != Refusal::call_not_found)) return false;
  if (const calls::CallView& view = result.error().call; view && call::is_final(view->row.status)) return false;
  SignalingSession* const session = find_session(at);
  const PeerCall* const peer_call = session == nullptr ? nullptr : session->peer_call_of(call);
  return peer_call != nullptr && !peer_call->is_over();
}

/// X-18, W-003-07: a hang-up of a call that is over, as the other was quicker or this page did so before, is no event (0025).
void Signaling::left(const Leaver& leaver, Ack ack, const calls::Result& result) {
  if (SignalingSession* const session = find_session(leaver.at)) {
    if (result) session->end_call(leaver.call);  // no event will say so to who did it
    if (PeerCall* const peer_call = session->peer_call_of(leaver.call)) peer_call->stay();
  }
  if (leaver.again || was_over_before(leaver.user, result)) return acknowledge(leaver.at, ack, no_call());
  acknowledge(leaver.at, ack, result);
  if (!result) fail(leaver.at, explain(result.error().why), leaver.peer);
}

Signaling::Handled Signaling::ice_candidate(SocketContext& context, const Event& event) {
  SignalingSession& session = session_of(context.at);
  const auto payload = read_call_event(session, event, "candidate", BodyKind::candidate);
  if (!payload) return unexpected(payload.error());
  const auto call = call_of(session, payload->to);
  const bool in_time = signals_.max == 0 || !session.at_work().signals.take(signals_, ports_.clock.now());
  if (const PeerCall* known = session.call_with(payload->to); !call || known == nullptr || known->is_over()) {
    if (in_time) keep_stray(context, session, *payload);
    return Acked::no_call;
  }
  if (!in_time) return unexpected(BadPayload{"Rate limit: too many candidates; try again in a few seconds", payload->to});
  ports_.calls.signal(actor_of(context, session), *call, {"candidate", payload->body},
                      [this, at = context.at, peer = payload->to, ack = event.ack_id](const calls::Result& result) {
                        acknowledge(at, ack, result);
                        if (!result && result.error().why == calls::Refusal::too_many_signals)
                          fail(at, explain(result.error().why), peer);
                      });
  return Acked::later;
}

/// W-003-06: it may belong to a call that this page is about to make.
void Signaling::keep_stray(const SocketContext& context, const SignalingSession& session, const CallPayload& payload) {
  const bool may_come = payload.to != session.name && ports_.calls.user_named(payload.to);
  if (may_come) strays_.keep(context.at, payload.to, payload.body, ports_.clock.now());
}

}  // namespace belfry::gateway
