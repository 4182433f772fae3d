// What the account routes share in their answers: the user as JSON, the errors, and the buckets that count login attempts.
#pragma once

#include <string>

#include "app/accounts/accounts.hpp"
#include "app/limits/sliding_window.hpp"
#include "gateway/api/account_routes.hpp"
#include "gateway/api/api_call.hpp"
#include "wire/json/writer.hpp"

namespace belfry::gateway {

[[nodiscard]] Failure failure_of(accounts::AccountFault fault);

/// A user's own data, as that user sees it.
[[nodiscard]] std::string user_json(const account::User& user, ProfileShape shape = ProfileShape::enveloped);
/// Only its members, for an object that the caller opens.
void append_user_fields(json::Writer& json, const account::User& user, ProfileShape shape = ProfileShape::enveloped);
/// What seed 004's list of people shows of another: the members of an open object (K4, K7).
void append_chat_person(json::Writer& json, const account::User& user);

/// The address and user agent that log in or try a password.
[[nodiscard]] accounts::Client client_of(const ApiCall& call);
/// Counts one more attempt of this address at this account (R-004-67, R-002-11).
[[nodiscard]] limits::RateLimitStatus take_of_account(const AccountServices& services, const ApiCall& call,
                                                      const std::string& account);

}  // namespace belfry::gateway
