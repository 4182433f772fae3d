// GET /api/presence: who of up to a hundred users is online (SPEC J-7.2, K46).
#pragma once

#include "app/sessions/presence.hpp"
#include "gateway/api/operation.hpp"
#include "store/account_store.hpp"

namespace belfry::gateway {

/// Both must outlive the operations.
[[nodiscard]] Operations presence_operations(store::AccountStore& accounts, const sessions::OnlineUsers& online);

}  // namespace belfry::gateway
