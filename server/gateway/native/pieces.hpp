// Small functions that several files of the native dialect use.
#pragma once

#include <cstdint>
#include <string>

#include "app/calls/actor.hpp"
#include "base/time.hpp"
#include "gateway/dialects/dialect.hpp"

namespace belfry::gateway::native {

[[nodiscard]] std::int64_t whole_ms(Duration duration);  // rounded up

/// SPEC 2.8.12: the device id that the client sent, or else the session's id.
[[nodiscard]] std::string device_of(const SocketContext& context);
[[nodiscard]] calls::Actor actor_of(const SocketContext& context);

}  // namespace belfry::gateway::native
