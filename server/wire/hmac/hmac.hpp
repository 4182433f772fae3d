// HMAC (RFC 2104) over a whole message, with the hash that the format prescribes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace belfry::hmac {

/// sha1: only where a format demands it.
enum class Hash : std::uint8_t { sha1, sha256 };

/// 20 or 32 bytes.
[[nodiscard]] std::string code(Hash hash, std::string_view key, std::string_view message);

}  // namespace belfry::hmac
