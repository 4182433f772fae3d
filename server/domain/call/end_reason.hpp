// Why a call is over (SPEC 2.6 "End reasons"): the word that peers, history and statistics read. No code gives token_revoked and
// server_shutdown yet; they are here because a database may hold any reason of the specification's transitions T-15 and T-22.
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

/// The word on the wire and in the store: "caller_disconnected".
[[nodiscard]] std::string_view to_text(EndReason reason);
[[nodiscard]] std::optional<EndReason> parse_end_reason(std::string_view text);

}  // namespace belfry::call
