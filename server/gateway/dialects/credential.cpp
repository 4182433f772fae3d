#include "gateway/dialects/credential.hpp"

#include <algorithm>

#include "base/uuid.hpp"
#include "wire/http/request.hpp"

namespace belfry::gateway {
namespace {

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

/// RFC 6750 2.1; the scheme is case-insensitive (RFC 9110 11.1). Another scheme is a proxy's pending, not ours.
std::optional<std::string_view> bearer_token(std::string_view header) {
  constexpr std::string_view kScheme = "bearer";
  const std::string_view scheme = header.substr(0, header.find(' '));
  const bool is_bearer = std::ranges::equal(scheme, kScheme, [](char a, char b) { return (a | 0x20) == b; });
  if (!is_bearer) return std::nullopt;
  return trimmed(header.substr(scheme.size()));
}

bool names(std::string_view claim, const accounts::Identity& identity) {
  if (claim == identity.username) return true;
  const auto id = parse_uuid(claim);
  return id && *id == identity.user.value();
}

}  // namespace

std::optional<std::string> auth_text(const session::ConnectRequest& request, std::string_view name) {
  if (request.auth.kind != json::Kind::object) return std::nullopt;
  const auto value = json::member(request.auth, name);
  if (!value || value->kind == json::Kind::null) return std::nullopt;
  return json::string_value(*value).value_or("");
}

Credential presented_credential(const session::ConnectRequest& request) {
  if (auto token = auth_text(request, "token")) return {Carrier::handshake_token, std::move(*token)};
  if (const auto cookie = http::cookie_value(request.handshake.cookie, accounts::kCookieName))
    return {Carrier::cookie, std::string(*cookie)};
  if (const auto token = bearer_token(request.handshake.authorization)) return {Carrier::bearer, std::string(*token)};
  return {};
}

bool claims_match(const session::ConnectRequest& request, const accounts::Identity& identity) {
  const auto in_query = http::query_value(request.handshake.query, "userId");
  const auto in_auth = auth_text(request, "userId");
  return (!in_query || names(*in_query, identity)) && (!in_auth || names(*in_auth, identity));
}

}  // namespace belfry::gateway
