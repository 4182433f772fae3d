// A JWK Set (RFC 7517 5): the public keys of an issuer, RSA and P-256. What we cannot use (other kinds, keys for encryption,
// weak or broken ones) is passed over, as that section asks. So are `oct` keys: a public document cannot carry a secret, and
// taking one would let the server of the document forge HS256 tokens.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/expected.hpp"
#include "wire/jwt/key.hpp"

namespace belfry::jwt {

/// Issuers publish two or three keys, of a few hundred bytes each, some with certificate chains.
constexpr std::size_t kMaxKeySetSize = 64 * 1024;
/// A token without `kid` is tried with every key.
constexpr std::size_t kMaxKeys = 32;

/// RFC 7517 5. A key that we cannot use is skipped, as 5 says; these refuse the whole set.
enum class KeySetFault : std::uint8_t { too_large, malformed, too_many_keys };
/// For the log.
[[nodiscard]] std::string_view explain(KeySetFault fault);

[[nodiscard]] Expected<std::vector<Key>, KeySetFault> parse_key_set(std::string_view document);

}  // namespace belfry::jwt
