// SignalingSession: what the signaling dialect knows of one socket: the name it registered, and the calls it is in by the names
// of their other side, since that is how this dialect's clients speak of a call (SPEC 2.5).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/calls/calls.hpp"
#include "base/token_bucket.hpp"

namespace belfry::gateway {

/// A call of this socket, or one that has just ended: an event that crosses with the end is no error.
struct PeerCall {
  std::string peer;
  calls::CallId call;
  bool over = false;
  bool rang = false;       // incoming_call or call_answered has been said
  bool described = false;  // and with it the peer's description
};

/// Only while there is something to remember; most sockets are idle.
struct PendingWork {
  std::vector<PeerCall> peer_calls;
  TokenBucket signals{};
  bool registering = false;  // the store is asked who that is
};

struct SignalingSession {
  std::uint32_t generation = 0;
  calls::UserId user{};
  std::string name;  // empty: not registered
  std::unique_ptr<PendingWork> pending;

  [[nodiscard]] PendingWork& at_work() {
    if (!pending) pending = std::make_unique<PendingWork>();
    return *pending;
  }
  /// C-12: by name or by id.
  [[nodiscard]] bool is(std::string_view who) const;
  /// Forgets the registration and all pending work.
  void clear();
  /// Frees what an idle socket does not need: most of a server's sockets are idle.
  void rest();
  [[nodiscard]] PeerCall* call_with(std::string_view peer);
  [[nodiscard]] PeerCall* peer_call_of(const calls::CallId& call);
  PeerCall& begin_call(std::string_view peer, const calls::CallId& call);
  void end_call(const calls::CallId& call);
  /// Removes a call that was never made (its start was refused, or a repeat), so that no event with its peer means it.
  void forget_call(const calls::CallId& call);
};

}  // namespace belfry::gateway
