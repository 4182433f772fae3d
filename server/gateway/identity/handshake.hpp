// What a socket says of itself when it connects: texts of its CONNECT payload, and the claims that have to match its credential.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/accounts/identity.hpp"
#include "session/socket_handler.hpp"

namespace belfry::gateway {

/// A text of the CONNECT payload. None if it is absent or null; empty if it is there but no string.
[[nodiscard]] std::optional<std::string> auth_text(const session::ConnectRequest& request, std::string_view name);

/// `query.userId` and `auth.userId` name this very user, by id or by username (R-004-58).
[[nodiscard]] bool claims_match(const session::ConnectRequest& request, const accounts::Identity& identity);

}  // namespace belfry::gateway
