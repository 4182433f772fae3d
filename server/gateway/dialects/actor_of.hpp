// Who acts, as app/calls expects it, for the dialects whose sockets have a credential.
#pragma once

#include <string>

#include "app/calls/actor.hpp"
#include "domain/call/enum_text.hpp"
#include "gateway/dialects/dialect.hpp"

namespace belfry::gateway {

/// SPEC 2.8.12: the device id that the client sent, or else the session's id.
[[nodiscard]] std::string device_of(const SocketContext& context);
/// The socket must have a user.
[[nodiscard]] calls::Actor actor_of(const SocketContext& context, call::Dialect dialect);

}  // namespace belfry::gateway
