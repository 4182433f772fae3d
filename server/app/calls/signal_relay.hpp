// SignalRelay: the session side of the calls: who of this shard's sessions talks to whom. A session has a RouteState for each
// person it may speak to in a call; signals pass along it without a store, without a look at the call's host and, once it is
// connected, on one shard without an allocation. Hosts set routes up, change and drop them. Used on its shard's thread only; call
// the host last, it may call back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "app/calls/calls.hpp"
#include "app/calls/command.hpp"
#include "app/calls/post.hpp"
#include "domain/call/negotiation.hpp"

namespace belfry::calls {

// Signals kept for a peer who cannot take them yet. A browser gathers some 10 to 40 candidates of 150 bytes; more is abuse.
constexpr std::size_t kMaxHeldSignals = 256;
constexpr std::size_t kMaxHeldBytes = 256 * 1024;

using call::Flow;

/// Offers and answers; what follows them is a candidate or a wish for new ones.
[[nodiscard]] constexpr bool is_description(std::string_view kind) { return kind == "offer" || kind == "answer"; }

/// A session of the other side which the route's signals go to.
struct Peer {
  SessionAddress at;
  SessionId session{};
  friend bool operator==(const Peer&, const Peer&) = default;
};

/// What a host wants of one route: from a session to one of the others.
struct Route {
  SessionAddress at;
  UserId user{};  // whose session it is
  UserId to{};
  std::vector<Peer> peers;  // the sessions of `to`
  Flow flow = Flow::hold;
  bool rings = false;  // `to` may still be rung on more devices: what passes is kept for them
  friend bool operator==(const Route&, const Route&) = default;
};

class SignalRelay {
 public:
  SignalRelay(SharedCalls& shared, const Ports& ports, const Post& post) : shared_(shared), ports_(ports), post_(post) {}

  // --- from this shard's sessions
  /// A call is being made: what its caller signals meanwhile waits in order behind it.
  void open(const CallId& call, SessionAddress at);
  Sent signal(const Actor& actor, const CallId& call, const Signal& signal, Reply reply);
  void forget(SessionAddress at) { sessions_.erase(at); }

  // --- from hosts
  void set_route(const CallView& call, const Route& route);
  void drop_route(const CallId& call, SessionAddress at, UserId to);
  /// To everybody.
  void drop_routes(const CallId& call, SessionAddress at);
  /// The start of `repeated` turned out to repeat this call: what waits on its route goes on there.
  void merge(const CallId& repeated, const CallView& call, SessionAddress at);

 private:
  struct Held {
    std::string kind, payload;
    std::uint32_t generation = 0;
    std::optional<UserId> to{};
    [[nodiscard]] Signal signal() const { return {kind, payload, generation, to}; }
  };
  struct RouteState {
    CallId call{};
    CallView view{};  // nobody: no host has set it up yet, and it may be to anybody
    UserId user{}, to{};
    std::vector<Peer> peers{};
    Flow flow = Flow::hold;
    bool described = false;        // an offer or answer has gone out
    std::uint32_t generation = 0;  // the newest that was sent; signals of an older one are dropped
    std::vector<Held> held{};
    std::size_t held_bytes = 0;
    bool rings = false;
    // While it rings: what has been passed, and to whom how much of it. A device that is rung later gets what the others had.
    std::vector<Held> passed{};
    std::size_t passed_bytes = 0;
    std::vector<std::pair<SessionId, std::size_t>> reached{};
  };
  struct AddressHash {
    std::size_t operator()(SessionAddress at) const noexcept {
      return std::hash<std::uint64_t>{}(std::uint64_t{at.generation} << 32U | at.slot);
    }
  };

  /// Where a signal of this session goes. `sibling` without `route`: the addressee is missing, or not in the call.
  struct Way {
    RouteState* route = nullptr;
    const RouteState* sibling = nullptr;
  };
  [[nodiscard]] Way way(SessionAddress at, const CallId& call, const std::optional<UserId>& to);
  [[nodiscard]] RouteState* find(SessionAddress at, const CallId& call, UserId to);
  /// The one that was opened before a host knew of it.
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
  [[nodiscard]] bool keep(RouteState& route, const Signal& signal);
  void flush(SessionAddress at, const CallId& call, UserId to);
  void described(SessionAddress at, const CallId& call, UserId to);
  Sent unrouted(const Actor& actor, const CallId& call, const Signal& signal, Reply reply);

  SharedCalls& shared_;
  Ports ports_;
  Post post_;
  boost::unordered_flat_map<SessionAddress, std::vector<RouteState>, AddressHash> sessions_;
};

}  // namespace belfry::calls
