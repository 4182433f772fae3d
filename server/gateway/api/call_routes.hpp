// The calls of SPEC 2.2: making, answering, ending, signaling, and reading them. Each function is one group of operations.
#pragma once

#include <memory>

#include "app/calls/calls.hpp"
#include "app/limits/sliding_window.hpp"
#include "gateway/api/operation.hpp"
#include "store/call_archive.hpp"

namespace belfry::gateway {

/// How often one login may do something; shared by all shards.
using LimitByLogin = limits::SlidingWindow<account::LoginId, UuidHash>;

/// Of this shard; all outlive the operations.
struct CallServices {
  calls::Calls& calls;
  store::CallStore& store;
  store::CallArchive& archive;
  int busy_status = 400;  // SPEC C-09
  /// SPEC C-02 `signal`. None: not limited.
  LimitByLogin* signals = nullptr;
  /// Likewise, of quality reports.
  LimitByLogin* reports = nullptr;
};

[[nodiscard]] Operations call_operations(const CallServices& services);
[[nodiscard]] Operations call_reading_operations(const CallServices& services);

/// False: the asker's login has asked too often, and that has been answered. No limiter, no limit.
[[nodiscard]] bool admits(LimitByLogin* limiter, const std::shared_ptr<ApiCall>& call);
/// Who acts, as the call core knows a REST request.
[[nodiscard]] calls::Actor actor_of(const ApiCall& call);

}  // namespace belfry::gateway
