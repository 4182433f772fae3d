#include "gateway/identity/handshake.hpp"

#include "base/uuid.hpp"
#include "wire/http/request.hpp"

namespace belfry::gateway {
namespace {

bool names(std::string_view claim, const accounts::Identity& identity) {
  if (claim == identity.username) return true;
  const auto id = parse_uuid(claim);
  return id && *id == identity.user.value();
}

}  // namespace

std::optional<std::string> auth_text(const protocol::ConnectRequest& request, std::string_view name) {
  if (request.auth.kind != json::Kind::object) return std::nullopt;
  const auto value = json::member(request.auth, name);
  if (!value || value->kind == json::Kind::null) return std::nullopt;
  return json::string_value(*value).value_or("");
}

bool claims_match(const protocol::ConnectRequest& request, const accounts::Identity& identity) {
  const auto in_query = http::query_value(request.handshake.query, "userId");
  const auto in_auth = auth_text(request, "userId");
  return (!in_query || names(*in_query, identity)) && (!in_auth || names(*in_auth, identity));
}

RequestSource source_of(const protocol::Handshake& handshake) {
  const auto origin = handshake.origin.empty() ? std::nullopt : std::optional<std::string_view>(handshake.origin);
  return {.origin = origin, .host = handshake.host, .scheme = handshake.scheme};
}

}  // namespace belfry::gateway
