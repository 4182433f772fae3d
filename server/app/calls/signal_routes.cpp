#include "app/calls/signal_routes.hpp"

#include <algorithm>
#include <utility>

#include "app/calls/calls.hpp"

namespace belfry::calls {
namespace {

/// The sessions that a person's signals may go to or come from. For a pending person only sessions that were rung, so that no
/// signal arrives before its ring.
std::vector<LiveSession> connected_sessions(const HostedCall& call, const call::Leg& leg, const Present& here) {
  auto sessions = here.speakers(leg);
  if (is_pending(leg.state))
    std::erase_if(sessions, [&](const LiveSession& session) { return !call.was_rung(leg.user, session.at); });
  return sessions;
}

std::vector<Peer> peers_of(const std::vector<LiveSession>& sessions) {
  std::vector<Peer> peers;
  peers.reserve(sessions.size());
  for (const auto& session : sessions) peers.push_back({session.at, session.id});
  return peers;
}

/// In a group call only who is in it signals, and is signalled to (J-2.11); so the routes are few however many are rung. At a
/// provider any number may be in it, and nobody signals.
bool may_signal(const HostedCall& call, const call::Leg& leg) {
  return !is_group(call.row()) || (is_in(leg.state) && !is_external(call.row()));
}

std::vector<Route> wanted_routes(const HostedCall& call, const Present& here) {
  struct End {
    const call::Leg* leg;
    std::vector<LiveSession> sessions;
  };
  boost::container::small_vector<End, 2> ends;
  for (const call::Leg& leg : call.legs())
    if (may_signal(call, leg)) ends.push_back({&leg, connected_sessions(call, leg, here)});
  std::vector<Route> wanted;
  for (const End& from : ends)
    for (const End& to : ends) {
      if (&from == &to || from.sessions.empty()) continue;
      const auto peers = peers_of(to.sessions);
      // The peer's sessions are lost, but the command that says so has not arrived yet: hold signals as if it had (2.8.14).
      const bool going = peers.empty() && !here.of(to.leg->user).empty();
      const Flow flow = going ? Flow::hold : call::flow(*from.leg, *to.leg, negotiation_of(call.state));
      for (const auto& session : from.sessions)
        wanted.push_back({session.at, from.leg->user, to.leg->user, peers, flow, is_pending(to.leg->state), session.device});
    }
  return wanted;
}

bool same_ends(const Route& one, const Route& other) { return one.at == other.at && one.to == other.to; }

}  // namespace

void SignalRoutes::update(HostedCall& call, const Present& here) {
  send_kept_signals(call, here);
  auto wanted = wanted_routes(call, here);
  for (const Route& old : call.routes)
    if (std::none_of(wanted.begin(), wanted.end(), [&](const Route& route) { return same_ends(route, old); }))
      drop_route(call.row().id, old);
  for (const Route& route : wanted)
    if (std::find(call.routes.begin(), call.routes.end(), route) == call.routes.end())
      post_.to(route.at.shard, [view = call.view, route](Calls& calls) { ShardParts::relay(calls).set_route(view, route); });
  call.routes = std::move(wanted);
}

void SignalRoutes::drop(HostedCall& call) {
  for (const Route& route : std::exchange(call.routes, {})) drop_route(call.row().id, route);
}

void SignalRoutes::drop_route(const CallId& call, const Route& route) const {
  post_.to(route.at.shard,
           [call, at = route.at, to = route.to](Calls& calls) { ShardParts::relay(calls).drop_route(call, at, to); });
}

void SignalRoutes::resend_routes(HostedCall& call, SessionAddress at) {
  for (Route& sent : call.routes)
    if (sent.at == at) sent.user = UserId{};  // no wanted route equals it now, and drop() still finds it
}

void SignalRoutes::send_signal(const HostedCall& call, SessionAddress at, const KeptSignal& signal) {
  ports_.delivery.pass_signal(
      at, {call.view, call.person(signal.from), signal.kind, signal.payload, signal.generation, signal.device});
}

void SignalRoutes::send_kept_signals(HostedCall& call, const Present& here) {
  for (Notes& each : call.notes) {
    if (each.kept.empty()) continue;
    const auto there = here.speakers(leg_of(call.legs(), each.user));
    if (there.empty()) continue;
    for (const auto& signal : std::exchange(each.kept, {}))
      for (const auto& session : there) send_signal(call, session.at, signal);
  }
}

}  // namespace belfry::calls
