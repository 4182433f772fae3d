// What a socket's handshake says about who is there (SPEC C-14): the credential in one of its three carriers, and the claims
// that have to match it. Nothing here judges a credential; accounts::Verifier does.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/accounts/identity.hpp"
#include "session/socket_handler.hpp"

namespace belfry::gateway {

enum class Carrier : std::uint8_t { none, handshake_token, cookie, bearer };

/// `token` may be empty though it was presented: then it is no good one.
struct Credential {
  Carrier carrier = Carrier::none;
  std::string token{};
};

/// handshake `auth.token`, else the session cookie, else `Authorization: Bearer`. The first that is there is the one that
/// counts: a client which says who it is is not taken for whom its browser's cookie names.
[[nodiscard]] Credential presented_credential(const session::ConnectRequest& request);

/// `query.userId` and `auth.userId` name this very user, by id or by username (R-004-58).
[[nodiscard]] bool claims_match(const session::ConnectRequest& request, const accounts::Identity& identity);

/// A text of the CONNECT payload. None if it is absent or null; empty if it is there but no string.
[[nodiscard]] std::optional<std::string> auth_text(const session::ConnectRequest& request, std::string_view name);

}  // namespace belfry::gateway
