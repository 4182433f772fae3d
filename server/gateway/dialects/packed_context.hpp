// A context as text, for a recovered socket that moves to another shard. It never leaves the process, so it has no version and no
// byte order. Damaged text gives no context instead of a wrong one.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/dialects/dialect_registry.hpp"

namespace belfry::gateway {

struct PackedContext {
  DialectChoice choice{};
  SocketContext context{};  // without its address
  std::string dialect{};    // the state that the dialect returned
};

/// The identity of a client that asks to recover a lost socket.
[[nodiscard]] std::string pack(const accounts::Identity& identity);
[[nodiscard]] std::unique_ptr<accounts::Identity> unpack_identity(std::string_view text);

[[nodiscard]] std::string pack(const PackedContext& packed);
[[nodiscard]] std::optional<PackedContext> unpack(std::string_view text);

}  // namespace belfry::gateway
