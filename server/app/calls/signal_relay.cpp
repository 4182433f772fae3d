#include "app/calls/signal_relay.hpp"

#include <algorithm>
#include <utility>

#include "app/calls/call_host.hpp"

namespace belfry::calls {
namespace {

const account::Person& speaker(const store::StoredCall& call, UserId user) {
  return user == call.row.caller ? call.caller() : call.callee();
}
/// In a call of two.
const account::Person& listener(const store::StoredCall& call, UserId user) {
  return user == call.row.caller ? call.callee() : call.caller();
}

std::size_t& reach_of(std::vector<std::pair<SessionId, std::size_t>>& reached, SessionId session) {
  for (auto& [known, upto] : reached)
    if (known == session) return upto;
  return reached.emplace_back(session, 0).second;
}

}  // namespace

// --- from this shard's sessions -------------------------------------------------------------------------------------

void SignalRelay::open(const CallId& call, SessionAddress at) { sessions_[at].push_back({.call = call}); }

Sent SignalRelay::signal(const Actor& actor, const CallId& call, const Signal& signal, Reply reply) {
  RouteState* route = actor.at ? find(actor.at, call) : nullptr;
  if (route == nullptr) return unrouted(actor, call, signal, std::move(reply));
  const CallView view = route->view;
  const auto refuse = [&](Refusal why) {
    if (reply) reply(unexpected(Refused{.why = why, .call = view}));
    return Sent::refused;
  };
  if (view && signal.to && *signal.to != listener(*view, route->user).id) return refuse(Refusal::wrong_addressee);
  const bool outdated = signal.generation < std::exchange(route->generation, std::max(route->generation, signal.generation));
  const bool describes = is_description(signal.kind);
  const bool waits = route->flow == Flow::hold || (route->flow == Flow::behind_description && !route->described && !describes);
  if (!outdated && waits) {
    if (!keep(*route, signal)) return refuse(Refusal::too_many_signals);
    if (reply) reply(CallAnswer{.call = view, .queued = true});
    return Sent::held;
  }
  if (!outdated && route->peers.empty()) {
    const auto& peer = listener(*view, route->user);
    ports_.log.warn("WebRTC signal target offline", {{"event", "WS_WEBRTC_SIGNAL"}, {"targetUserId", to_text(peer.id.value())}});
    return refuse(Refusal::peer_offline);
  }
  if (!outdated) pass(*route, signal);
  if (describes) described(actor.at, call);
  if (reply) reply(CallAnswer{.call = view});
  return Sent::passed;
}

/// a session speaks in a call without having a route there. It may be the new device of one who is in it: the host knows.
Sent SignalRelay::unrouted(const Actor& actor, const CallId& call, const Signal& signal, Reply reply) {
  if (actor.at) {
    auto& routes = sessions_[actor.at];
    routes.push_back(RouteState{.call = call});
    if (!keep(routes.back(), signal)) {
      routes.pop_back();
      if (reply) reply(unexpected(Refused{.why = Refusal::too_many_signals}));
      return Sent::refused;
    }
  }
  Command unrouted{
      .call = call,
      .what = command::UnroutedSignal{std::string(signal.kind), std::string(signal.payload), signal.generation, signal.to},
      .actor = actor,
      .received = ports_.clock.now(),
      .asker = post_.mine(),
      .reply = std::move(reply),
      .in_flight = shared_.in_flight()};
  post_.to(shared_.host_of(call),
           [unrouted = std::move(unrouted)](Calls& calls) mutable { calls.host().take(std::move(unrouted)); });
  return Sent::asked;
}

// --- from hosts -----------------------------------------------------------------------------------------------------

void SignalRelay::set_route(const CallView& call, const Route& view) {
  RouteState* route = find(view.at, call->row.id);
  if (route == nullptr) {
    const UserId user = view.user;
    if (!shared_.sessions().session(user, view.at)) return;  // it went meanwhile; its host hears of that
    route = &sessions_[view.at].emplace_back(RouteState{.call = call->row.id});
  }
  route->view = call;
  route->user = view.user;
  route->peers = view.peers;
  route->flow = view.flow;
  if (call->row.status != call::Status::calling) {
    route->passed = {};
    route->reached = {};
  } else if (!route->passed.empty()) {
    catch_up(view.at, call->row.id);
    route = find(view.at, call->row.id);
    if (route == nullptr) return;
  }
  if (route->flow != Flow::hold) flush(view.at, call->row.id);
}

/// Its description is out: what waited for that may follow.
void SignalRelay::described(SessionAddress at, const CallId& call) {
  RouteState* route = find(at, call);
  if (route == nullptr || std::exchange(route->described, true)) return;
  if (route->flow != Flow::hold) flush(at, call);
}

/// What was held goes out, if there is somebody to hear it. X-31: a description first, if one is still to come.
void SignalRelay::flush(SessionAddress at, const CallId& call) {
  RouteState* route = find(at, call);
  if (route == nullptr || route->held.empty() || route->peers.empty()) return;
  if (route->flow == Flow::behind_description && !route->described) {
    const auto first = [](const Held& each) { return is_description(each.kind); };
    if (std::none_of(route->held.begin(), route->held.end(), first)) return;
    std::stable_partition(route->held.begin(), route->held.end(), first);
    route->described = true;
  }
  const auto held = std::exchange(route->held, {});
  route->held_bytes = 0;
  for (const auto& [kind, payload, generation] : held) remember(*route, {kind, payload, generation});
  // Delivering may close a slow reader and with it this session: work on a copy.
  const RouteState sender{.call = route->call, .view = route->view, .user = route->user, .peers = route->peers};
  for (const auto& [kind, payload, generation] : held) deliver(sender, {kind, payload, generation});
}

void SignalRelay::drop_route(const CallId& call, SessionAddress at) {
  const auto found = sessions_.find(at);
  if (found == sessions_.end()) return;
  std::erase_if(found->second, [&](const RouteState& route) { return route.call == call; });
  if (found->second.empty()) sessions_.erase(found);
}

void SignalRelay::merge(const CallId& repeated, const CallView& call, SessionAddress at) {
  RouteState* from = find(at, repeated);
  if (from == nullptr || repeated == call->row.id) return;
  const auto held = std::exchange(from->held, {});
  drop_route(repeated, at);
  for (const auto& [kind, payload, generation] : held) {
    RouteState* route = find(at, call->row.id);
    if (route == nullptr) return;
    const Signal signal{kind, payload, generation};
    if (route->flow == Flow::pass)
      pass(*route, signal);
    else if (!keep(*route, signal))
      return;
  }
}

// --- routes -----------------------------------------------------------------------------------------------------------

SignalRelay::RouteState* SignalRelay::find(SessionAddress at, const CallId& call) {
  const auto found = sessions_.find(at);
  if (found == sessions_.end()) return nullptr;
  auto& routes = found->second;
  const auto route = std::find_if(routes.begin(), routes.end(), [&](const RouteState& each) { return each.call == call; });
  return route == routes.end() ? nullptr : &*route;
}

bool SignalRelay::keep(RouteState& route, const Signal& signal) {
  if (route.held.size() == kMaxHeldSignals || route.held_bytes + signal.payload.size() > kMaxHeldBytes) return false;
  route.held_bytes += signal.payload.size();
  route.held.push_back({std::string(signal.kind), std::string(signal.payload), signal.generation});
  return true;
}

void SignalRelay::pass(RouteState& route, const Signal& signal) {
  remember(route, signal);
  deliver(route, signal);
}

void SignalRelay::remember(RouteState& route, const Signal& signal) {
  if (route.view->row.status != call::Status::calling) return;
  const bool room = route.passed.size() < kMaxHeldSignals && route.passed_bytes + signal.payload.size() <= kMaxHeldBytes;
  if (room) {
    route.passed_bytes += signal.payload.size();
    route.passed.push_back({std::string(signal.kind), std::string(signal.payload), signal.generation});
  }
  for (const Peer& peer : route.peers) reach_of(route.reached, peer.session) = route.passed.size();
}

/// R-003-31: none is lost for a device which is rung later, or comes back and is rung again.
void SignalRelay::catch_up(SessionAddress at, const CallId& call) {
  RouteState* route = find(at, call);
  if (route == nullptr) return;
  std::vector<std::pair<Peer, std::size_t>> behind;
  for (const Peer& peer : route->peers) {
    std::size_t& reached = reach_of(route->reached, peer.session);
    if (reached < route->passed.size()) behind.emplace_back(peer, std::exchange(reached, route->passed.size()));
  }
  const auto passed = behind.empty() ? std::vector<Held>{} : route->passed;  // delivering may change the route
  const CallView view = route->view;
  const UserId user = route->user;
  for (const auto& [peer, from] : behind) {
    const RouteState sender{.call = call, .view = view, .user = user, .peers = {peer}};
    for (std::size_t place = from; place < passed.size(); ++place)
      deliver(sender, {passed[place].kind, passed[place].payload, passed[place].generation});
  }
}

void SignalRelay::deliver(const RouteState& route, const Signal& signal) {
  const auto& from = speaker(*route.view, route.user);
  if (ports_.log.enabled(LogLevel::debug))
    ports_.log.debug("signal", {{"event", "WS_WEBRTC_SIGNAL"},
                                {"eventType", signal.kind},
                                {"from", shared_.redacted()(from.username)},
                                {"to", shared_.redacted()(listener(*route.view, route.user).username)}});
  // Delivering may close a slow reader, whose going may change this very route: only copies from here on.
  const CallView view = route.view;
  const SignalArrived arrived{view, from, signal.kind, signal.payload, signal.generation};
  if (route.peers.size() == 1) return ports_.delivery.pass_signal(route.peers.front().at, arrived);
  const auto peers = route.peers;
  for (const Peer& peer : peers) ports_.delivery.pass_signal(peer.at, arrived);
}

}  // namespace belfry::calls
