// A seat as text, for the way of a recovered socket to another shard of this process. Never leaves the process, so no version
// and no byte order; damaged text still yields no seat rather than a wrong one.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/dialects/dialect.hpp"

namespace belfry::gateway {

struct PackedSeat {
  std::uint8_t speech = 0;  // the desk's word for how the socket talks
  SocketSeat seat{};        // its address is not packed
  std::string dialect{};    // what the dialect remembers
};

/// Of one who asks for a lost socket.
[[nodiscard]] std::string pack(const accounts::Identity& identity);
[[nodiscard]] std::unique_ptr<accounts::Identity> unpack_identity(std::string_view text);

[[nodiscard]] std::string pack(const PackedSeat& packed);
[[nodiscard]] std::optional<PackedSeat> unpack(std::string_view text);

}  // namespace belfry::gateway
