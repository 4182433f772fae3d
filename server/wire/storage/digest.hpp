// Hashes in hexadecimal, as both signatures write them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace belfry::storage {

/// sha1: only where a format demands it.
enum class Hash : std::uint8_t { sha1, sha256 };
[[nodiscard]] std::string hex_digest(Hash hash, std::string_view bytes);
[[nodiscard]] std::string hex(std::string_view bytes);

}  // namespace belfry::storage
