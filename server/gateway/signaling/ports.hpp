// SignalingPorts: what the signaling dialect needs of its shard and of the store. SignalingCounts: its numbers for /metrics.
#pragma once

#include <cstdint>
#include <functional>

#include "app/accounts/external_users.hpp"
#include "base/clock.hpp"
#include "gateway/dialects/ports.hpp"
#include "gateway/signaling/name_resolver.hpp"

namespace belfry::gateway {

/// All must outlive the dialect. `ensure_known`: accounts::ExternalUsers.
struct SignalingPorts {
  CallsPort& calls;
  SocketIn& in;
  SocketOut& out;
  NameResolver& names;
  const Clock& clock;
  accounts::EnsureKnown ensure_known{};
  /// Has this user a PeerJS connection, by which the answer may come (SPEC K58)? Empty: nobody has.
  std::function<bool(const calls::UserId&)> has_peer{};
};

struct SignalingCounts {
  std::uint64_t events = 0;
  std::uint64_t refused = 0;
  std::uint64_t relayed_candidates = 0;
};

}  // namespace belfry::gateway
