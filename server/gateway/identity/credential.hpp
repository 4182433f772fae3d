// Finds the credential that a client presents (SPEC C-14): one parser and one precedence for three carriers, in a REST request or
// in a socket's handshake. Pure; returns views. accounts::Verifier decides whether the credential is valid.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/cors.hpp"
#include "wire/http/request.hpp"

namespace belfry::gateway {

enum class Carrier : std::uint8_t { none, handshake_token, bearer, cookie };

/// `token` may be empty although a credential was presented; it is then invalid.
struct Credential {
  Carrier carrier = Carrier::none;
  std::string_view token{};
};

/// The places that may carry a credential, as the client sent them.
struct Carriers {
  std::optional<std::string_view> handshake_token{};  // `auth.token` of a socket; REST has none
  std::string_view authorization{};                   // header, empty if absent
  std::string_view cookies{};                         // header, empty if absent
};

/// `auth.token`, else `Authorization: Bearer`, else the session cookie: what a program sends on purpose counts before what its
/// browser sends by itself (docs/decisions/0021-explicit-credential-before-cookie.md). A header of another scheme belongs to a
/// proxy in front of us and does not hide the cookie. Neither does `Bearer` without a token, although alone it is an invalid
/// credential.
[[nodiscard]] Credential presented_credential(const Carriers& carriers);
/// The same for a plain request.
[[nodiscard]] Credential presented_credential(const http::Request& request);

/// The page that sent a cookie, as far as its browser says.
struct RequestSource {
  std::optional<std::string_view> origin{};
  std::string_view host{};
  std::string_view fetch_site{};  // Sec-Fetch-Site, empty if absent or not known
  std::string_view fetch_dest{};  // Sec-Fetch-Dest, likewise
  protocol::Scheme scheme = protocol::Scheme::unknown;
};

/// Whether this page may use our cookie: the pages that the policy trusts may, whatever its mode (SPEC 0). A browser sends
/// cookies by itself, also for other sites' pages (R-004-13), and for what a page of ours embeds: the address of a picture may
/// have been chosen by another user.
[[nodiscard]] bool may_use_cookie(const RequestSource& source, const protocol::CorsPolicy& origins);

}  // namespace belfry::gateway
