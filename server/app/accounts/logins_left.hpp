// Whether a user can still do anything here: for what ends with their last login and does not know which login it belongs to.
#pragma once

#include <functional>

#include "app/accounts/revocation_cache.hpp"
#include "base/clock.hpp"
#include "store/account_store.hpp"

namespace belfry::accounts {

/// Calls `then` if the user has no login left, and this server has seen no good token of theirs that is in no table. Does nothing
/// if the store cannot be reached. All but `user` and `then` must outlive the answer.
void if_no_login_is_left(store::AccountStore& store, const RevocationCache& revocations, const Clock& clock, account::UserId user,
                         std::function<void()> then);

}  // namespace belfry::accounts
