// Tokens for media over HTTP (SPEC J-3): fetch, renew, join; and the routes of the backends of seeds 000 and 002. Each token that
// is issued or refused is one line in the log, which never has the token (R-002-21).
#pragma once

#include <memory>

#include "app/call_tokens/call_tokens.hpp"
#include "app/conversations/conversations.hpp"
#include "app/ice/ice_servers.hpp"
#include "base/log.hpp"
#include "gateway/api/operation.hpp"
#include "gateway/api/token_limits.hpp"

namespace belfry::gateway {

/// The services of this shard; limits and counters are shared by all. All must outlive the operations and the answers they wait
/// for.
struct TokenServices {
  call_tokens::CallTokens& tokens;
  conversations::Conversations& conversations;
  const ice::IceServers& ice;
  TokenLimits& limits;
  TokenCounters& counters;
  Log& log;
};

[[nodiscard]] Operations token_operations(const TokenServices& services);
/// POST /api/call/token and /api/v1/call/token, whose answers have no envelope (SPEC W-000-01).
[[nodiscard]] Operations seed_000_token_operations(const TokenServices& services);
/// GET /api/token likewise (SPEC W-002-01).
[[nodiscard]] Operations seed_002_token_operations(const TokenServices& services);

/// STUN and TURN servers (SPEC J-4): /api/ice-servers, and the addresses of seeds 001 and 004.
[[nodiscard]] Operations ice_operations(const ice::IceServers& ice);
/// An array of {urls, username?, credential?}.
void append_ice_servers(json::Writer& json, const ice::IceServers::List& list);

}  // namespace belfry::gateway
