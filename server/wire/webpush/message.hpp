// A message of Web Push, encrypted for one subscription (RFC 8291): one record of the content coding `aes128gcm` (RFC 8188). The
// keys of a subscription come from a user's browser and may be anything; the sender's key and the salt are drawn for each
// message.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.hpp"

namespace belfry::webpush {

/// What a browser gives beside the endpoint, decoded.
struct SubscriptionKeys {
  std::string point;  // p256dh: 65 bytes, a point of P-256
  std::string auth;   // 16 bytes
};

/// Both as base64url, with or without padding (browsers leave it out, some libraries do not). nullopt: they are no such keys.
[[nodiscard]] std::optional<SubscriptionKeys> read_keys(std::string_view p256dh, std::string_view auth);

/// RFC 8291 4: a push service need not take more than 4096 bytes of body, of which the coding uses 103.
constexpr std::size_t kMaxPlaintext = 3993;

/// Drawn for each message and used once.
struct Ephemeral {
  std::string number;  // 32 bytes, a private key of P-256
  std::string salt;    // 16 bytes
};

/// The body to be posted. `keys` come from read_keys(), and `plaintext` has at most kMaxPlaintext bytes.
[[nodiscard]] std::string encrypt(std::string_view plaintext, const SubscriptionKeys& keys, Random& random);
/// The same with given numbers. nullopt: the number is no private key of P-256.
[[nodiscard]] std::optional<std::string> encrypt(std::string_view plaintext, const SubscriptionKeys& keys,
                                                 const Ephemeral& ephemeral);

}  // namespace belfry::webpush
