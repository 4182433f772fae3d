// SignalRelay: passes signals from the sessions of this shard to their peers. A session has a RouteState for each person that it
// may signal to in a call. Signals follow the route without the store, without the call's host and, once connected, on one shard
// without an allocation. Hosts set, change and drop the routes. Owned by the shard's Calls, used on its thread only. Call the
// host last: it may call back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "app/calls/calls.hpp"
#include "app/calls/command.hpp"
#include "app/calls/post.hpp"
#include "app/calls/waiting_signals.hpp"
#include "base/address.hpp"
#include "base/own_thread.hpp"
#include "domain/call/negotiation.hpp"

namespace belfry::calls {

using call::Flow;

/// A session of the peer that gets the signals of a route.
struct Peer {
  SessionAddress at;
  SessionId session{};
  friend bool operator==(const Peer&, const Peer&) = default;
};

/// A route as the call's host wants it: from one session to one other person.
struct Route {
  SessionAddress at;
  UserId user{};  // whose session it is
  UserId to{};
  std::vector<Peer> peers;  // the sessions of `to`
  Flow flow = Flow::hold;
  bool rings = false;    // `to` may be rung on more devices: keep the passed signals for them
  std::string device{};  // of the session; each of its signals names it (S6)
  friend bool operator==(const Route&, const Route&) = default;
};

class SignalRelay {
 public:
  SignalRelay(SharedCalls& shared, const Ports& ports, const Post& post) : shared_(shared), ports_(ports), post_(post) {}

  // --- called for sessions of this shard
  /// The caller has started a call: its signals wait, in order, until the start is committed.
  void open(const CallId& call, SessionAddress at);
  SignalOutcome signal(const Actor& actor, const CallId& call, const Signal& signal, Reply reply);
  void forget(SessionAddress at);

  // --- called by hosts
  void set_route(const CallView& call, const Route& route);
  void drop_route(const CallId& call, SessionAddress at, UserId to);
  /// Drops the routes to all others.
  void drop_routes(const CallId& call, SessionAddress at);
  /// The first signal of a session without a route was refused: asks the host about the next one that waits.
  void ask_for_next(const Actor& actor, const CallId& call);
  /// The start of `repeated` was a repeat of this call, or answered it: moves the waiting signals to the route of this call.
  /// Those that find no room there, or no route, are dropped and logged: their sender was answered long ago.
  void merge(const CallId& repeated, const CallView& call, SessionAddress at);

 private:
  struct RouteState {
    CallId call{};
    CallView view{};  // null: no host has set the route up yet, so its addressee is open
    UserId user{}, to{};
    std::shared_ptr<const std::string> device{};  // shared, so that a signal on its way holds on to it without a copy
    std::vector<Peer> peers{};
    Flow flow = Flow::hold;
    bool described = false;        // an offer or answer was sent
    std::uint32_t generation = 0;  // the newest one sent; signals of older ones are dropped
    WaitingSignals held{};
    bool rings = false;
    // While the callee rings: the signals passed so far, and how many of them each session got. A device that is rung later gets
    // them too.
    WaitingSignals passed{};
    std::vector<std::pair<SessionId, std::size_t>> reached{};
  };

  /// The route of a signal. `sibling` without `route`: the addressee is missing, or not in the call.
  struct RouteLookup {
    RouteState* route = nullptr;
    const RouteState* sibling = nullptr;
  };
  [[nodiscard]] RouteLookup look_up(SessionAddress at, const CallId& call, const std::optional<UserId>& to);
  [[nodiscard]] RouteState* find(SessionAddress at, const CallId& call, UserId to);
  /// The route that was opened before a host set it up.
  [[nodiscard]] RouteState* opened(SessionAddress at, const CallId& call);
  template <class Wanted>
  [[nodiscard]] RouteState* first_of(SessionAddress at, Wanted wanted);
  template <class Wanted>
  void drop_if(SessionAddress at, Wanted wanted);
  RouteState* set_up(const store::StoredCall& call, const Route& route);
  void pass(RouteState& route, const Signal& signal);
  void deliver(const RouteState& route, const Signal& signal);
  void remember(RouteState& route, const Signal& signal);
  void catch_up(SessionAddress at, const CallId& call, UserId to);
  void flush(SessionAddress at, const CallId& call, UserId to);
  void described(SessionAddress at, const CallId& call, UserId to);
  SignalOutcome unrouted(const Actor& actor, const CallId& call, const Signal& signal, Reply reply);
  [[nodiscard]] Command question(const Actor& actor, const CallId& call, const Signal& signal, Reply reply) const;

  [[no_unique_address]] OwnThread own_thread_;
  SharedCalls& shared_;
  Ports ports_;
  Post post_;
  boost::unordered_flat_map<SessionAddress, std::vector<RouteState>, AddressHash> sessions_;
};

}  // namespace belfry::calls
