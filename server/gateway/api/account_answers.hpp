// What the account routes answer alike: the user as JSON, what went wrong, and whose tries are counted together.
#pragma once

#include <string>

#include "app/accounts/accounts.hpp"
#include "app/limits/sliding_window.hpp"
#include "gateway/api/account_routes.hpp"
#include "gateway/api/api_call.hpp"
#include "wire/json/writer.hpp"

namespace belfry::gateway {

[[nodiscard]] Failure failure_of(accounts::AccountFault fault);

/// A user's own data, as that user gets it.
[[nodiscard]] std::string user_json(const account::User& user);
/// Its members alone, for an object of the caller's.
void append_user_fields(json::Writer& json, const account::User& user);

/// Who makes a login or a guess.
[[nodiscard]] accounts::Client client_of(const ApiCall& call);
/// One more try of this address at this account (R-004-67, R-002-11).
[[nodiscard]] limits::RateLimitStatus take_of_account(const AccountServices& services, const ApiCall& call,
                                                      const std::string& account);

}  // namespace belfry::gateway
