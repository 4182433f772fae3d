// Tells whether a text is still the one that it was: 64-bit FNV-1a. For tests.
#pragma once

#include <cstdint>
#include <string_view>

namespace belfry::sql {

[[nodiscard]] constexpr std::uint64_t fingerprint(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char each : text) hash = (hash ^ static_cast<unsigned char>(each)) * 0x100000001b3U;
  return hash;
}

}  // namespace belfry::sql
