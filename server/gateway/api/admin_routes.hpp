// Operations for administrators (SPEC 2.2 "Admin"): read sessions, calls, quality, the audit and the invariants; set a user's
// status, end a call, drain the server. Each requires the role `admin`. None of them changes the audit (R-001-61).
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

/// The services of this shard. All must outlive the operations.
struct AdminServices {
  calls::Calls& calls;
  store::CallStore& store;
  store::CallArchive& archive;
  accounts::Accounts& accounts;
  const sessions::Sessions& sessions;
  /// The configuration in force as a JSON object, secrets masked.
  std::function<std::string()> config;
  /// {"findings": [{setting, level, message}]}: settings that work and are dangerous (J-3.8).
  std::function<std::string()> lint;
  /// Starts to drain, like SIGTERM.
  std::function<void()> drain;
};

[[nodiscard]] Operations admin_operations(const AdminServices& services);

}  // namespace belfry::gateway
