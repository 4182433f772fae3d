// A context as text, for the way of a recovered socket to another shard of this process. Never leaves the process, so no version
// and no byte order; damaged text still yields no context rather than a wrong one.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/dialects/dialect_registry.hpp"

namespace belfry::gateway {

struct PackedContext {
  DialectChoice choice{};
  SocketContext context{};  // its address is not packed
  std::string dialect{};    // what the dialect remembers
};

/// Of one who asks for a lost socket.
[[nodiscard]] std::string pack(const accounts::Identity& identity);
[[nodiscard]] std::unique_ptr<accounts::Identity> unpack_identity(std::string_view text);

[[nodiscard]] std::string pack(const PackedContext& packed);
[[nodiscard]] std::optional<PackedContext> unpack(std::string_view text);

}  // namespace belfry::gateway
