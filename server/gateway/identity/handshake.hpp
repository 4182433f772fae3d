// What a socket claims when it connects: texts of its CONNECT payload, ids that must match its credential, and the page it is of.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/accounts/identity.hpp"
#include "gateway/identity/credential.hpp"
#include "protocol/socket_handler.hpp"

namespace belfry::gateway {

/// A text of the CONNECT payload. nullopt: absent or null. Empty: present but not a string.
[[nodiscard]] std::optional<std::string> auth_text(const protocol::ConnectRequest& request, std::string_view name);

/// Whether `query.userId` and `auth.userId` name this user, by id or by username (R-004-58).
[[nodiscard]] bool claims_match(const protocol::ConnectRequest& request, const accounts::Identity& identity);

/// Without an Origin header no other site's page sent this: browsers always send one for a cross-origin request.
[[nodiscard]] RequestSource source_of(const protocol::Handshake& handshake);

}  // namespace belfry::gateway
