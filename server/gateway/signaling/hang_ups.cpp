#include "gateway/signaling/hang_ups.hpp"

#include <utility>

#include "gateway/signaling/reasons.hpp"

namespace belfry::gateway::signaling {
namespace {

/// Somebody else, or time, has ended what this person wanted to end.
bool was_over_before(calls::UserId leaver, const calls::Result& result) {
  if (!result && result.error().why == calls::Refusal::not_active) return true;
  const calls::CallView& call = result ? result->call : result.error().call;
  return call && call::is_final(call->row.status) && (!result || call->row.ended_by != leaver);
}

}  // namespace

Handled HangUps::decline_call(SocketContext& context, const Event& event) {
  const auto payload = reader_.read(sessions_.of(context.at), event, "", BodyKind::none);
  if (!payload) return unexpected(payload.error());
  return leave(context, *payload, event.ack_id, &HangUps::decline);
}

Handled HangUps::end_call(SocketContext& context, const Event& event) {
  const auto payload = reader_.read(sessions_.of(context.at), event, "", BodyKind::none);
  if (!payload) return unexpected(payload.error());
  return leave(context, *payload, event.ack_id, &HangUps::hang_up);
}

Handled HangUps::leave(SocketContext& context, const CallPayload& payload, Ack ack, How how) {
  SignalingSession& session = sessions_.of(context.at);
  const auto call = reader_.call_of(session, payload.to);
  if (!call) return Acked::no_call;
  PeerCall* const peer_call = session.peer_call_of(*call);
  const bool again = peer_call->leave();
  ports_.in.hang_up_begins(context.at);
  (this->*how)(CallEventReader::actor_of(context, session), *call,
               [this, leaver = Leaver{context.at, session.user, *call, payload.to, again}, ack](const calls::Result& result) {
                 left(leaver, ack, result);
                 ports_.in.hang_up_decided(leaver.at);
               });
  return Acked::later;
}

void HangUps::hang_up(const calls::Actor& leaver, const calls::CallId& call, calls::Reply reply) {
  ports_.calls.cancel(leaver, call, std::move(reply));
}

/// In seed 003 decline_call ends a call in any state, for both parties. The core knows whether there is a ring to decline; if
/// not, this is a hang-up.
void HangUps::decline(const calls::Actor& leaver, const calls::CallId& call, calls::Reply reply) {
  ports_.calls.reject(leaver, call, [this, leaver, call, reply = std::move(reply)](const calls::Result& result) {
    if (has_nothing_to_decline(leaver.at, call, result)) return ports_.calls.cancel(leaver, call, reply);
    reply(result);
  });
}

/// The page dialled, or the call is connected. A call that is over for this page may go on at another device.
bool HangUps::has_nothing_to_decline(SessionAddress at, const calls::CallId& call, const calls::Result& result) {
  using calls::Refusal;
  if (result || (result.error().why != Refusal::not_ringing && result.error().why != Refusal::call_not_found)) return false;
  if (const calls::CallView& view = result.error().call; view && call::is_final(view->row.status)) return false;
  SignalingSession* const session = sessions_.find(at);
  const PeerCall* const peer_call = session == nullptr ? nullptr : session->peer_call_of(call);
  return peer_call != nullptr && !peer_call->is_over();
}

/// X-18, W-003-07: a hang-up of a call that is over, as the other was quicker or this page did so before, is no event (0025).
void HangUps::left(const Leaver& leaver, Ack ack, const calls::Result& result) {
  if (SignalingSession* const session = sessions_.find(leaver.at)) {
    if (result) session->end_call(leaver.call);  // no event will say so to who did it
    if (PeerCall* const peer_call = session->peer_call_of(leaver.call)) peer_call->stay();
  }
  if (leaver.again || was_over_before(leaver.user, result)) return events_.acknowledge_no_call(leaver.at, ack);
  events_.acknowledge(leaver.at, ack, result);
  if (!result) events_.call_failed(leaver.at, explain(result.error().why), leaver.peer);
}

}  // namespace belfry::gateway::signaling
