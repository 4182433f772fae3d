// JSON Web Signature, compact form (RFC 7515 3.1): header.payload.signature. Opening a token says who signed these bytes;
// what they claim is jwt.hpp's. The header comes from the sender, so it only selects among our keys.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/expected.hpp"
#include "wire/jwt/key.hpp"
#include "wire/jwt/signing_key.hpp"

namespace belfry::jwt {

/// Tokens travel in headers and cookies, which proxies cut at 8 KiB.
constexpr std::size_t kMaxTokenSize = 8 * 1024;

/// unknown_key: the token names a `kid` that none of the keys has; fetching the issuer's set anew may help.
/// wrong_algorithm: `none`, one we do not have, or not the one which the named key was made for.
enum class Fault : std::uint8_t {
  malformed,        // RFC 7515 5.2, RFC 7519 7.2
  wrong_algorithm,  // RFC 8725 3.1
  unknown_key,      // RFC 7515 4.1.4
  bad_signature,    // RFC 7515 5.2
  expired,          // RFC 7519 4.1.4
  not_yet_valid,    // RFC 7519 4.1.5; of `iat` (4.1.6) too, which the RFC leaves open
  wrong_issuer,     // RFC 7519 4.1.1
  wrong_audience,   // RFC 7519 4.1.3
  no_subject,       // RFC 7519 4.1.2 makes it optional; a token of nobody is of no use here
};

/// The payload's bytes, once a key has verified them. A key without id may verify any token of its algorithm.
[[nodiscard]] Expected<std::string, Fault> open_jws(std::string_view token, std::span<const Key> keys);

/// The `kid` that a token names. Unverified: fit for asking for a key, for nothing else.
[[nodiscard]] std::optional<std::string> key_id_of(std::string_view token);

/// A token over `payload`, as it stands. `key` is an HS256 key; its id, if any, becomes `kid`.
[[nodiscard]] std::string sign_jws(std::string_view payload, const Key& key);
/// The same with the algorithm of that key.
[[nodiscard]] std::string sign_jws(std::string_view payload, const SigningKey& key);

}  // namespace belfry::jwt
