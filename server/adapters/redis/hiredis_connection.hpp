// The connection by hiredis. Blocks up to `patience` for each step; do not use it on a shard's thread.
#pragma once

#include "adapters/redis/address.hpp"
#include "adapters/redis/connection.hpp"
#include "base/time.hpp"

namespace belfry::redis {

/// Connected, logged in, and on the address's database. A write to a connection that Redis has closed raises SIGPIPE, which the
/// thread must have blocked or the process ignore.
[[nodiscard]] Expected<std::unique_ptr<Connection>, Fault> connect(const Address& address, Duration patience);

}  // namespace belfry::redis
