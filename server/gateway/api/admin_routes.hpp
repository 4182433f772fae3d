// What administrators may ask and do (SPEC 2.2 "Admin"): look at sessions, calls, quality, the audit and the invariants, set a
// user's status, end a call, drain the server. Every operation wants role `admin`. There is none that changes the audit
// (R-001-61).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/accounts/accounts.hpp"
#include "app/calls/calls.hpp"
#include "app/sessions/sessions.hpp"
#include "gateway/api/operation.hpp"
#include "store/call_archive.hpp"

namespace belfry::gateway {

/// Of this shard; all outlive the operations.
struct AdminServices {
  calls::Calls& calls;
  store::CallStore& store;
  store::CallArchive& archive;
  accounts::Accounts& accounts;
  const sessions::Sessions& sessions;
  /// The configuration in force as a JSON object, secrets masked.
  std::function<std::string()> config;
  /// Begins to drain, as SIGTERM does.
  std::function<void()> drain;
};

[[nodiscard]] Operations admin_operations(const AdminServices& services);

}  // namespace belfry::gateway
