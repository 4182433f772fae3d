#include "app/calls/signal_relay.hpp"

#include <algorithm>
#include <utility>

#include "app/calls/call_host.hpp"
#include "base/logged_id.hpp"

namespace belfry::calls {
namespace {

std::size_t& reach_of(std::vector<std::pair<SessionId, std::size_t>>& reached, SessionId session) {
  for (auto& [known, upto] : reached)
    if (known == session) return upto;
  return reached.emplace_back(session, 0).second;
}

}  // namespace

// --- called for sessions of this shard ---

void SignalRelay::open(const CallId& call, SessionAddress at) {
  own_thread_.check();
  sessions_[at].push_back({.call = call});
}

void SignalRelay::forget(SessionAddress at) {
  own_thread_.check();
  sessions_.erase(at);
}

SignalOutcome SignalRelay::signal(const Actor& actor, const CallId& call, const Signal& signal, Reply reply) {
  own_thread_.check();
  const RouteLookup found = actor.at ? look_up(actor.at, call, signal.to) : RouteLookup{};
  RouteState* const route = found.route;
  if (route == nullptr && found.sibling == nullptr) return unrouted(actor, call, signal, std::move(reply));
  const CallView view = route == nullptr ? found.sibling->view : route->view;
  const auto refuse = [&](Refusal why) {
    if (reply) reply(unexpected(Refused{.why = why, .call = view}));
    return SignalOutcome::refused;
  };
  if (route == nullptr) return refuse(Refusal::wrong_addressee);
  const bool outdated = signal.generation < std::exchange(route->generation, std::max(route->generation, signal.generation));
  const bool describes = is_description(signal.kind);
  const bool behind = route->flow == Flow::behind_description && !route->described && !describes && !is_peer_event(signal.kind);
  const bool waits = route->flow == Flow::hold || behind;
  if (!outdated && waits) {
    if (!route->held.add(signal)) return refuse(Refusal::too_many_signals);
    if (reply) reply(CallResult{.call = view, .queued = true});
    return SignalOutcome::held;
  }
  if (!outdated && route->peers.empty()) {
    ports_.log.warn("WebRTC signal target offline", {{"event", "WS_WEBRTC_SIGNAL"}, {"targetUserId", logged_id(route->to)}});
    return refuse(Refusal::peer_offline);
  }
  const UserId to = route->to;
  if (!outdated) pass(*route, signal);
  if (describes && !outdated) described(actor.at, call, to);
  if (reply) reply(CallResult{.call = view});
  return SignalOutcome::passed;
}

/// a session without a route signals in a call. It may be a new device of a participant: the host decides.
SignalOutcome SignalRelay::unrouted(const Actor& actor, const CallId& call, const Signal& signal, Reply reply) {
  if (actor.at) {
    auto& routes = sessions_[actor.at];
    routes.push_back(RouteState{.call = call});
    if (!routes.back().held.add(signal)) {
      routes.pop_back();
      if (reply) reply(unexpected(Refused{.why = Refusal::too_many_signals}));
      return SignalOutcome::refused;
    }
  }
  post_.to(shared_.host_of(call), [unrouted = question(actor, call, signal, std::move(reply))](Calls& calls) mutable {
    ShardParts::host(calls).take(std::move(unrouted));
  });
  return SignalOutcome::forwarded;
}

Command SignalRelay::question(const Actor& actor, const CallId& call, const Signal& signal, Reply reply) const {
  return {.call = call,
          .what = command::UnroutedSignal{signal.kind, std::string(signal.payload), signal.generation, signal.to},
          .actor = actor,
          .received = ports_.clock.now(),
          .asker = post_.mine(),
          .reply = std::move(reply),
          .in_flight = shared_.in_flight()};
}

// --- called by hosts ---

void SignalRelay::set_route(const CallView& call, const Route& wanted) {
  own_thread_.check();
  RouteState* route = set_up(*call, wanted);
  if (route == nullptr) return;  // the session is gone; the call's host will get that command
  route->view = call;
  route->user = wanted.user;
  route->to = wanted.to;
  if (!route->device || *route->device != wanted.device) route->device = std::make_shared<const std::string>(wanted.device);
  route->peers = wanted.peers;
  route->flow = wanted.flow;
  route->rings = wanted.rings;
  if (!wanted.rings) {
    route->passed.clear();
    route->reached = {};
  } else if (!route->passed.empty()) {
    catch_up(wanted.at, call->row.id, wanted.to);
    route = find(wanted.at, call->row.id, wanted.to);
    if (route == nullptr) return;
  }
  if (route->flow != Flow::hold) flush(wanted.at, call->row.id, wanted.to);
}

/// In a two-person call the opened route becomes the route to the peer. In a group call its signals are distributed to the routes
/// of their addressees.
SignalRelay::RouteState* SignalRelay::set_up(const store::StoredCall& call, const Route& wanted) {
  const CallId& id = call.row.id;
  if (RouteState* const known = find(wanted.at, id, wanted.to)) return known;
  RouteState* const before = opened(wanted.at, id);
  if (before != nullptr && !is_group(call.row)) {
    // A signal sent before the call existed may name somebody who is not in it (R-001-32).
    before->held.drop_those_not_to(wanted.to);
    return before;
  }
  if (before == nullptr && !shared_.sessions().session(wanted.user, wanted.at)) return nullptr;
  WaitingSignals held = before == nullptr ? WaitingSignals{} : before->held.take_those_to(wanted.to);
  return &sessions_[wanted.at].emplace_back(RouteState{.call = id, .held = std::move(held)});
}

/// The description was sent: signals that waited for it may follow.
void SignalRelay::described(SessionAddress at, const CallId& call, UserId to) {
  RouteState* route = find(at, call, to);
  if (route == nullptr || std::exchange(route->described, true)) return;
  if (route->flow != Flow::hold) flush(at, call, to);
}

/// Sends the held signals if the peer has a session. X-31: if a description is still missing, it goes first.
void SignalRelay::flush(SessionAddress at, const CallId& call, UserId to) {
  RouteState* route = find(at, call, to);
  if (route == nullptr || route->held.empty() || route->peers.empty()) return;
  if (route->flow == Flow::behind_description && !route->described) {
    if (!route->held.put_descriptions_first()) return;
    route->described = true;
  }
  const auto held = route->held.take_all();
  for (const auto& each : held) remember(*route, each.signal());
  // Delivering may close a slow reader and with it this session: work on a copy.
  const RouteState sender{.call = route->call,
                          .view = route->view,
                          .user = route->user,
                          .to = route->to,
                          .device = route->device,
                          .peers = route->peers};
  for (const auto& each : held) deliver(sender, each.signal());
}

template <class Wanted>
void SignalRelay::drop_if(SessionAddress at, Wanted wanted) {
  const auto found = sessions_.find(at);
  if (found == sessions_.end()) return;
  std::erase_if(found->second, wanted);
  if (found->second.empty()) sessions_.erase(found);
}

void SignalRelay::drop_route(const CallId& call, SessionAddress at, UserId to) {
  own_thread_.check();
  drop_if(at, [&](const RouteState& route) { return route.call == call && route.view && route.to == to; });
}

void SignalRelay::drop_routes(const CallId& call, SessionAddress at) {
  own_thread_.check();
  drop_if(at, [&](const RouteState& route) { return route.call == call; });
}

/// Its sender was answered that it waits, and it may be accepted: it can have another addressee, or its peer be there by now.
void SignalRelay::ask_for_next(const Actor& actor, const CallId& call) {
  own_thread_.check();
  RouteState* const route = opened(actor.at, call);
  if (route == nullptr || route->held.empty()) return;
  route->held.drop_first();
  if (route->held.empty()) return drop_if(actor.at, [&](const RouteState& each) { return each.call == call && !each.view; });
  // By mail, for a host on this shard is refusing just now.
  post_.by_mail(shared_.host_of(call), [next = question(actor, call, route->held.all().front().signal(), {})](
                                           Calls& calls) mutable { ShardParts::host(calls).take(std::move(next)); });
}

void SignalRelay::merge(const CallId& repeated, const CallView& call, SessionAddress at) {
  own_thread_.check();
  RouteState* const from = opened(at, repeated);
  if (from == nullptr || repeated == call->row.id) return;
  const auto held = from->held.take_all();
  drop_routes(repeated, at);
  std::int64_t dropped = 0;
  for (const auto& each : held) {
    RouteState* const route = look_up(at, call->row.id, each.to).route;  // again for each: passing one may drop the route
    if (route != nullptr && route->flow == Flow::pass)
      pass(*route, each.signal());
    else if (route == nullptr || !route->held.add(each.signal()))
      ++dropped;
  }
  if (dropped != 0)
    ports_.log.warn("WebRTC signals dropped",
                    {{"event", "WS_WEBRTC_SIGNAL"}, {"callId", logged_id(call->row.id)}, {"count", dropped}});
}

// --- routes ---

SignalRelay::RouteLookup SignalRelay::look_up(SessionAddress at, const CallId& call, const std::optional<UserId>& to) {
  const auto found = sessions_.find(at);
  if (found == sessions_.end()) return {};
  RouteLookup result;
  RouteState* not_set_up = nullptr;
  for (RouteState& route : found->second) {
    if (route.call != call) continue;
    if (!route.view) {
      not_set_up = &route;
      continue;
    }
    const bool only = result.sibling == nullptr;
    result.sibling = &route;
    if (to ? *to == route.to : only)
      result.route = &route;
    else if (!to)
      result.route = nullptr;
  }
  if (result.sibling == nullptr) result.route = not_set_up;
  return result;
}

SignalRelay::RouteState* SignalRelay::find(SessionAddress at, const CallId& call, UserId to) {
  return first_of(at, [&](const RouteState& each) { return each.call == call && each.view && each.to == to; });
}

SignalRelay::RouteState* SignalRelay::opened(SessionAddress at, const CallId& call) {
  return first_of(at, [&](const RouteState& each) { return each.call == call && !each.view; });
}

template <class Wanted>
SignalRelay::RouteState* SignalRelay::first_of(SessionAddress at, Wanted wanted) {
  const auto found = sessions_.find(at);
  if (found == sessions_.end()) return nullptr;
  const auto route = std::find_if(found->second.begin(), found->second.end(), wanted);
  return route == found->second.end() ? nullptr : &*route;
}

void SignalRelay::pass(RouteState& route, const Signal& signal) {
  remember(route, signal);
  deliver(route, signal);
}

void SignalRelay::remember(RouteState& route, const Signal& signal) {
  if (!route.rings) return;
  static_cast<void>(route.passed.add(signal));  // what finds no room is not kept for devices that are rung later
  for (const Peer& peer : route.peers) reach_of(route.reached, peer.session) = route.passed.size();
}

/// R-003-31: a device that is rung later, or rung again after it reconnected, gets all earlier signals.
void SignalRelay::catch_up(SessionAddress at, const CallId& call, UserId to) {
  RouteState* route = find(at, call, to);
  if (route == nullptr) return;
  std::vector<std::pair<Peer, std::size_t>> behind;
  for (const Peer& peer : route->peers) {
    std::size_t& reached = reach_of(route->reached, peer.session);
    if (reached < route->passed.size()) behind.emplace_back(peer, std::exchange(reached, route->passed.size()));
  }
  const auto passed =
      behind.empty() ? std::vector<WaitingSignals::Held>{} : route->passed.all();  // delivering may change the route
  RouteState sender{.call = call, .view = route->view, .user = route->user, .to = to, .device = route->device};
  for (const auto& [peer, from] : behind) {
    sender.peers = {peer};
    for (std::size_t place = from; place < passed.size(); ++place) deliver(sender, passed[place].signal());
  }
}

void SignalRelay::deliver(const RouteState& route, const Signal& signal) {
  const auto& from = person_of(*route.view, route.user);
  if (ports_.log.enabled(LogLevel::debug))
    ports_.log.debug("signal", {{"event", "WS_WEBRTC_SIGNAL"},
                                {"eventType", to_text(signal.kind)},
                                {"from", shared_.redacted()(from.username)},
                                {"to", shared_.redacted()(person_of(*route.view, route.to).username)}});
  // Delivering may close a slow reader, which may change this route: use only copies from here on.
  const CallView view = route.view;
  const auto device = route.device;
  const SignalArrived arrived{view, from, signal.kind, signal.payload, signal.generation, *device};
  if (route.peers.size() == 1) return ports_.delivery.pass_signal(route.peers.front().at, arrived);
  const auto peers = route.peers;
  for (const Peer& peer : peers) ports_.delivery.pass_signal(peer.at, arrived);
}

}  // namespace belfry::calls
