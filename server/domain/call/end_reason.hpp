// EndReason: why a call ended (SPEC 2.6 "End reasons"). Peers, history and statistics see this word. No code sets
// server_shutdown yet; it is here because a database may hold any reason of the transitions T-15 and T-22.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace belfry::call {

enum class EndReason : std::uint8_t {
  hangup,
  declined,
  cancelled,
  timeout,
  unreachable,
  caller_disconnected,
  connection_lost,
  media_failed,
  max_duration,
  superseded,
  kicked,
  admin,
  user_deactivated,
  token_revoked,
  server_restart,
  server_shutdown,
};

/// The spelling on the wire and in the store: "caller_disconnected".
[[nodiscard]] std::string_view to_text(EndReason reason);
[[nodiscard]] std::optional<EndReason> parse_end_reason(std::string_view text);

}  // namespace belfry::call
