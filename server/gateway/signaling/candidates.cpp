#include "gateway/signaling/candidates.hpp"

#include "gateway/signaling/reasons.hpp"

namespace belfry::gateway::signaling {

Handled Candidates::ice_candidate(SocketContext& context, const Event& event) {
  SignalingSession& session = sessions_.of(context.at);
  const auto payload = reader_.read(session, event, "candidate", BodyKind::candidate);
  if (!payload) return unexpected(payload.error());
  const auto call = reader_.call_of(session, payload->to);
  const bool in_time = signals_.max == 0 || !session.at_work().signals.take(signals_, ports_.clock.now());
  if (const PeerCall* known = session.call_with(payload->to); !call || known == nullptr || known->is_over()) {
    if (in_time) keep_stray(context, session, *payload);
    return Acked::no_call;
  }
  if (!in_time) return unexpected(EventRefusal{"Rate limit: too many candidates; try again in a few seconds", payload->to});
  ports_.calls.signal(CallEventReader::actor_of(context, session), *call, {calls::SignalKind::candidate, payload->body},
                      [this, at = context.at, peer = payload->to, ack = event.ack_id](const calls::Result& result) {
                        events_.acknowledge(at, ack, result);
                        if (!result && result.error().why == calls::Refusal::too_many_signals)
                          events_.call_failed(at, explain(result.error().why), peer);
                      });
  return Acked::later;
}

/// W-003-06: it may belong to a call that this page is about to make.
void Candidates::keep_stray(const SocketContext& context, const SignalingSession& session, const CallPayload& payload) {
  const bool may_come = payload.to != session.name && ports_.calls.user_named(payload.to);
  if (may_come) strays_.keep(context.at, payload.to, payload.body, ports_.clock.now());
}

/// W-003-06: behind the start, so that they follow the ring. There is no call if the start was refused at once.
void Candidates::pass_strays(const calls::Actor& actor, const std::string& peer) {
  if (strays_.empty()) return;
  const auto strays = strays_.take(actor.at, peer, ports_.clock.now());
  for (const std::string& candidate : strays) {
    SignalingSession* const session = sessions_.find(actor.at);
    const PeerCall* const call = session == nullptr ? nullptr : session->call_with(peer);
    if (call == nullptr || call->is_over()) return;
    ports_.calls.signal(actor, call->call, {calls::SignalKind::candidate, candidate}, {});
  }
}

}  // namespace belfry::gateway::signaling
