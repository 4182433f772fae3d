#include "gateway/identity/credential.hpp"

#include "app/accounts/identity.hpp"
#include "wire/http/text.hpp"

namespace belfry::gateway {
namespace {

/// RFC 6750 2.1; the scheme is case-insensitive (RFC 9110 11.1). nullopt: there is no such header, or it has another scheme.
std::optional<std::string_view> bearer_token(std::string_view header) {
  constexpr std::string_view kScheme = "bearer";
  if (!http::equals_ignoring_case(header.substr(0, header.find(' ')), kScheme)) return std::nullopt;
  return http::trimmed(header.substr(kScheme.size()));
}

/// Fetch Metadata 2.1: a script asks with `empty`, and who follows a link or types the address with `document`. All else is part
/// of a page: a picture, a frame, a style sheet.
bool is_embedded(std::string_view fetch_dest) { return !fetch_dest.empty() && fetch_dest != "empty" && fetch_dest != "document"; }

}  // namespace

Credential presented_credential(const Carriers& carriers) {
  if (carriers.handshake_token) return {Carrier::handshake_token, *carriers.handshake_token};
  const auto bearer = bearer_token(carriers.authorization);
  if (bearer && !bearer->empty()) return {Carrier::bearer, *bearer};
  if (const auto token = http::cookie_value(carriers.cookies, accounts::kCookieName)) return {Carrier::cookie, *token};
  return bearer ? Credential{Carrier::bearer} : Credential{};
}

Credential presented_credential(const http::Request& request) {
  return presented_credential(
      {.authorization = request.header("authorization").value_or(""), .cookies = request.header("cookie").value_or("")});
}

bool may_use_cookie(const RequestSource& source, const protocol::CorsPolicy& origins) {
  if (is_embedded(source.fetch_dest)) return false;
  // Old browsers send neither header; then only the cookie's SameSite attribute protects.
  // `same-site` is another host of our domain, which would have to be listed and then sends its origin.
  if (!source.origin) return source.fetch_site != "cross-site" && source.fetch_site != "same-site";
  return origins.trusts(*source.origin, source.host, source.scheme);
}

}  // namespace belfry::gateway
