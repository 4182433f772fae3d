// What is seen of a user as JSON (SPEC K46), the same for REST and sockets.
#pragma once

#include <string>

#include "app/presence/seen.hpp"
#include "wire/json/writer.hpp"

namespace belfry::gateway {

/// userId, state, lastSeenAt
void append_seen(json::Writer& json, const account::UserId& user, const presence::Seen& seen);
/// The same as the members of an object that has more.
[[nodiscard]] std::string seen_members(const account::UserId& user, const presence::Seen& seen);

}  // namespace belfry::gateway
