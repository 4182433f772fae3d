// Uuid: the 16 bytes behind every durable id (RFC 9562). Ours are version 7: sortable by creation, so that the newest rows
// lie together in an index, and unguessable in their 74 random bits. Ids of others (an external issuer's `sub`) may be of any
// version. Time and chance are arguments.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace belfry {

using Uuid = std::array<std::uint8_t, 16>;

constexpr std::size_t kUuidRandomBytes = 10;

/// RFC 9562 5.7: 48 bits of Unix milliseconds, then chance. No counter: order within one millisecond has no meaning for us.
[[nodiscard]] Uuid make_uuid_v7(WallTime created, std::span<const std::byte, kUuidRandomBytes> random);

/// "018f3c1e-7b2a-7cde-9abc-0123456789ab" (RFC 9562 4), lower case.
[[nodiscard]] std::string to_text(const Uuid& id);
/// The same form, either case; anything else is none.
[[nodiscard]] std::optional<Uuid> parse_uuid(std::string_view text);

/// For hash tables of ids: the last eight bytes of a version 7 UUID are random already.
struct UuidHash {
  template <class Id>
  std::size_t operator()(const Id& id) const noexcept {
    std::uint64_t random = 0;
    if constexpr (requires { id.value(); }) {
      std::memcpy(&random, id.value().data() + 8, sizeof random);
    } else {
      std::memcpy(&random, id.data() + 8, sizeof random);
    }
    return random;
  }
};

}  // namespace belfry
