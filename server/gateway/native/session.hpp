// NativeSession: what the native dialect remembers of one socket beyond its context: the number of its last event, its rate
// limits, and which calls' ends it has been sent.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/token_bucket.hpp"
#include "domain/call/ids.hpp"
#include "gateway/dialects/dialect.hpp"

namespace belfry::gateway {

/// What goes along when the socket moves to another shard.
struct SessionMemory {
  std::uint64_t seq = 0;  // of the event emitted last
  TokenBucket signals{};
  TokenBucket reports{};
  bool online = false;           // entered with Calls
  bool warned_of_limit = false;  // rate.warning
  bool warned_of_expiry = false;
  // A user is in one call at a time, so an end further back than four cannot be sent again.
  std::array<call::CallId, 4> ended{};
  std::uint8_t next_ended = 0;

  /// False: this session has been sent the call's end already (SPEC 0: each terminal event exactly once).
  [[nodiscard]] bool first_end(const call::CallId& id) {
    if (std::find(ended.begin(), ended.end(), id) != ended.end()) return false;
    ended[next_ended] = id;
    next_ended = static_cast<std::uint8_t>((next_ended + 1) % ended.size());
    return true;
  }
};

struct NativeSession {
  SocketContext* context = nullptr;  // the router's, until on_gone or on_detached
  SessionMemory memory{};
  bool greeted = false;                                     // session.ready has been emitted; nothing comes before it
  std::vector<std::pair<std::string, std::string>> held{};  // events that came before it, with their members
};

[[nodiscard]] std::string pack(const SessionMemory& memory);
[[nodiscard]] SessionMemory unpack_memory(std::string_view text);

}  // namespace belfry::gateway
