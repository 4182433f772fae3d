// The credential that a client presents (SPEC C-14): one parser and one precedence for three carriers, whether they came with a
// REST request or with a socket's handshake. Pure; views. Nothing here judges a credential: accounts::Verifier does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "session/cors.hpp"
#include "wire/http/request.hpp"

namespace belfry::gateway {

enum class Carrier : std::uint8_t { none, handshake_token, bearer, cookie };

/// `token` may be empty though a credential was presented: then it is no good one.
struct Credential {
  Carrier carrier = Carrier::none;
  std::string_view token{};
};

/// What may carry one, as the client sent it.
struct Carriers {
  std::optional<std::string_view> handshake_token{};  // `auth.token` of a socket; REST has none
  std::string_view authorization{};                   // header, empty if absent
  std::string_view cookies{};                         // likewise
};

/// `auth.token`, else `Authorization: Bearer`, else the session cookie: what a program says on purpose counts before what its
/// browser sends by itself (docs/decisions/0021-what-is-said-counts-before-a-cookie.md). A header of another scheme belongs to a
/// proxy in front of us, and it hides no cookie; nor does `Bearer` without a token, though alone it is a bad credential.
[[nodiscard]] Credential presented_credential(const Carriers& carriers);
/// Of a plain request.
[[nodiscard]] Credential presented_credential(const http::Request& request);

/// The page that sent a cookie along, as far as its browser tells.
struct Sender {
  std::optional<std::string_view> origin{};
  std::string_view host{};
  std::string_view fetch_site{};  // Sec-Fetch-Site, empty if absent or not known
  session::Scheme scheme = session::Scheme::unknown;
};

/// Whose pages may use our cookie: our own host's and those listed, whatever the CORS mode (SPEC 0). A browser sends cookies
/// unasked, also for pages that are not ours (R-004-13).
[[nodiscard]] bool may_use_cookie(const Sender& sender, const std::vector<std::string>& listed_origins);

}  // namespace belfry::gateway
