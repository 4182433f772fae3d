// Names of a call and of the people in it. A CallId is a UUIDv7 (RFC 9562 5.7): sortable by creation, so that the newest
// calls lie together in an index, and unguessable in its 74 random bits. Time and chance are arguments.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/strong_id.hpp"
#include "base/time.hpp"
#include "base/uuid.hpp"
#include "domain/account/user.hpp"

namespace belfry::call {

using account::UserId;
using UserName = StrongId<struct UserNameTag, std::string>;
/// The session from which somebody acts: a socket's, or the login of a REST request (SPEC 2.8.1).
using SessionId = StrongId<struct SessionIdTag, Uuid>;
using CallId = StrongId<struct CallIdTag, std::array<std::uint8_t, 16>>;

constexpr std::size_t kCallIdRandomBytes = 10;

[[nodiscard]] CallId make_call_id(WallTime created, std::span<const std::byte, kCallIdRandomBytes> random);

/// "018f3c1e-7b2a-7cde-9abc-0123456789ab" (RFC 9562 4).
[[nodiscard]] std::string to_text(const CallId& id);

}  // namespace belfry::call
