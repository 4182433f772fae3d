// The calls of SPEC 2.2: making, answering, ending, signaling, and reading them. Each function is one group of operations.
#pragma once

#include "app/calls/calls.hpp"
#include "gateway/api/operation.hpp"
#include "store/call_archive.hpp"

namespace belfry::gateway {

class LoginLimiter;

/// Of this shard; all outlive the operations.
struct CallServices {
  calls::Calls& calls;
  store::CallStore& store;
  store::CallArchive& archive;
  int busy_status = 400;  // SPEC C-09
  /// SPEC C-02 `signal`, by login; shared by all shards. None: not limited.
  LoginLimiter* signals = nullptr;
};

[[nodiscard]] Operations call_operations(const CallServices& services);
[[nodiscard]] Operations call_reading_operations(const CallServices& services);

/// Who acts, as the call core knows a REST request.
[[nodiscard]] calls::Actor actor_of(const ApiCall& call);

}  // namespace belfry::gateway
