#include "wire/webpush/vapid.hpp"

#include <algorithm>

#include "wire/base64/base64.hpp"
#include "wire/json/writer.hpp"
#include "wire/jwt/jws.hpp"

namespace belfry::webpush {

std::string origin_of(std::string_view endpoint) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!endpoint.starts_with(scheme)) continue;
    const auto end = std::min(endpoint.find_first_of("/?#", scheme.size()), endpoint.size());
    return end == scheme.size() ? std::string() : std::string(endpoint.substr(0, end));
  }
  return {};
}

std::string vapid_header(const jwt::SigningKey& key, std::string_view public_point, std::string_view origin,
                         std::string_view subject, WallTime expires) {
  std::string claims;
  json::Writer(claims)
      .open_object()
      .member("aud", origin)
      .member("exp", expires.unix_ms / 1000)
      .member("sub", subject)
      .close_object();
  std::string header = "vapid t=" + jwt::sign_jws(claims, key) + ", k=";
  base64::append(header, public_point, base64::Form::url);
  return header;
}

}  // namespace belfry::webpush
