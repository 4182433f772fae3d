// VAPID (RFC 8292): how a push service knows who sends. The sender signs the service's origin, its own contact and an expiry; the
// public key is the one that the browser was given when it subscribed, so that nobody else can use the subscription.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "wire/jwt/signing_key.hpp"

namespace belfry::webpush {

/// RFC 8292 2: an `exp` may not be more than a day ahead. Half of it leaves room for clocks that differ.
constexpr Duration kTokenLifetime = std::chrono::hours{12};

/// "https://push.example" of "https://push.example/send/abc" (RFC 6454 6.2): the audience of a token. Empty: no http or https
/// URL.
[[nodiscard]] std::string origin_of(std::string_view endpoint);

/// The value of the header Authorization. `key` is an ES256 key and `public_point` its other half; `subject` a mailto: or https:
/// address of the operator.
[[nodiscard]] std::string vapid_header(const jwt::SigningKey& key, std::string_view public_point, std::string_view origin,
                                       std::string_view subject, WallTime expires);

}  // namespace belfry::webpush
