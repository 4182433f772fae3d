// What is answered to a request for a media token and to a join, the same over HTTP and in the token dialect (SPEC J-3).
#pragma once

#include <functional>
#include <string>

#include "gateway/api/token_routes.hpp"

namespace belfry::gateway {

/// {token, provider, appId, channel, ...}; a native token comes with ICE servers, which may take a moment.
void write_token(const TokenServices& services, const account::UserId& user, const call_tokens::MediaToken& token,
                 std::function<void(const std::string&)> written);
/// {conversationId, callId, channel, uid, mediaMode, participants}
[[nodiscard]] std::string joined_json(const call_tokens::Joined& joined);

[[nodiscard]] Failure failure_of(call_tokens::JoinFault fault);

}  // namespace belfry::gateway
