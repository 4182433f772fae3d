// Ids of a call, of the people in it and of their sessions: distinct types, so that one cannot stand for another. A CallId is a
// version 7 UUID (base/uuid.hpp), made by app/calls.
#pragma once

#include <string>

#include "base/strong_id.hpp"
#include "base/uuid.hpp"
#include "domain/account/user.hpp"

namespace belfry::call {

using account::UserId;
using UserName = StrongId<struct UserNameTag, std::string>;
/// The session that acts: a socket's session, or the login of a REST request (SPEC 2.8.1).
using SessionId = StrongId<struct SessionIdTag, Uuid>;
using CallId = StrongId<struct CallIdTag, Uuid>;

/// "018f3c1e-7b2a-7cde-9abc-0123456789ab" (RFC 9562 4).
[[nodiscard]] std::string to_text(const CallId& id);

}  // namespace belfry::call
