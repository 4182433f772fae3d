// Who asks: the credential of a request, as a Bearer token or in our cookie (SPEC C-14), and whether the page that sent the
// cookie along may use it (R-004-13: a browser sends cookies unasked, also for pages which are not ours).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "session/cors.hpp"
#include "session/http_handler.hpp"
#include "wire/http/request.hpp"

namespace belfry::gateway {

struct RequestCredential {
  std::string_view token;
  bool by_cookie = false;
};
/// A Bearer token wins over the cookie. A header of another scheme is the pending of a proxy in front of us, as it is for
/// sockets: it hides no cookie.
[[nodiscard]] std::optional<RequestCredential> credential_of(const http::Request& request);

/// Whose pages may use our cookie: our own host's and those listed, whatever the CORS mode (SPEC 0).
[[nodiscard]] bool may_use_cookie(const http::Request& request, const session::CorsPolicy& origins, session::Scheme scheme);

enum class Forwarded : bool { ignored, believed };
/// Of the client, for limits: the connection's, or what a trusted proxy says it was. Of IPv6 the /64, since one host commands a
/// whole one and could otherwise never reach a limit.
[[nodiscard]] std::string client_address(const http::Request& request, const session::ConnectionFacts& facts, Forwarded header);

}  // namespace belfry::gateway
