#include "gateway/signaling/call_event_reader.hpp"

#include <utility>

#include "base/uuid.hpp"

namespace belfry::gateway::signaling {

/// C-12: `to` may be a user id. It becomes a name if that user has a session here.
std::string CallEventReader::name_of(std::string to) const {
  const auto id = parse_uuid(to);
  return id ? ports_.calls.name_of(calls::UserId(*id)).value_or(std::move(to)) : std::move(to);
}

Expected<CallPayload, EventRefusal> CallEventReader::read(const SignalingSession& session, const Event& event,
                                                          std::string_view body, BodyKind kind) const {
  auto payload = read_call_payload(event, body, kind);
  if (!payload) return payload;
  payload->to = name_of(std::move(payload->to));
  if (session.name.empty()) {
    // R-003-36: a call or an answer fails. The other events only clean up, as pages do after logout_user (W-003-07).
    using Report = EventRefusal::Report;
    const Report report = kind == BodyKind::description ? Report::by_event : Report::by_acknowledgement;
    return unexpected(EventRefusal{std::string(kNotRegistered), payload->to, report});
  }
  if (!payload->from.empty() && !session.is(payload->from))
    return unexpected(EventRefusal{"Field 'from' is not the user registered on this connection", payload->to});
  return payload;
}

calls::Actor CallEventReader::actor_of(const SocketContext& context, const SignalingSession& session) {
  return {.user = session.user,
          .session = context.session,
          .at = context.at,
          .device = context.device,
          .dialect = call::Dialect::signaling};
}

std::optional<calls::CallId> CallEventReader::call_of(SignalingSession& session, std::string_view peer) const {
  PeerCall* peer_call = session.call_with(peer);
  if (peer_call == nullptr) {
    const auto call = ports_.calls.call_between(session.user, peer);  // a new device of a user who is in a call
    if (!call) return std::nullopt;
    peer_call = &session.begin_call(peer, *call);
  }
  peer_call->spoken_of = true;
  return peer_call->call;
}

Expected<CallPayload, EventRefusal> CallEventReader::read_join(const SocketContext& context, const SignalingSession& session,
                                                               const Event& event, std::string_view body) const {
  auto payload = read(session, event, body, BodyKind::description);
  if (!payload || !context.identity || context.identity->may_join(ports_.clock.wall())) return payload;
  return unexpected(EventRefusal{"Your session has expired; log in again and connect anew", payload->to});
}

}  // namespace belfry::gateway::signaling
