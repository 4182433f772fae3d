// The operations on calls (SPEC 2.2): start, answer, end, signal, and read. Each function returns one group of operations.
#pragma once

#include <memory>

#include "app/calls/calls.hpp"
#include "app/limits/sliding_window.hpp"
#include "gateway/api/operation.hpp"
#include "store/call_archive.hpp"

namespace belfry::gateway {

/// How often one login may do something; shared by all shards.
using LimitByLogin = limits::SlidingWindow<account::LoginId, UuidHash>;

/// The services of this shard. All must outlive the operations and the answers they wait for, so a callback may keep a copy of
/// this struct.
struct CallServices {
  calls::Calls& calls;
  store::CallStore& store;
  store::CallArchive& archive;
  int busy_status = 400;  // SPEC C-09
  /// SPEC C-02 `signal`. Null: no limit.
  LimitByLogin* signals = nullptr;
  /// The same for quality reports.
  LimitByLogin* reports = nullptr;
};

[[nodiscard]] Operations call_operations(const CallServices& services);
[[nodiscard]] Operations call_reading_operations(const CallServices& services);
[[nodiscard]] Operations seed_001_call_operations(const CallServices& services);

/// False: the login has exceeded the limit, and the request has been answered. Without a limiter: true.
[[nodiscard]] bool admits(LimitByLogin* limiter, const std::shared_ptr<ApiCall>& call);
/// The user of a REST request, as app/calls expects it.
[[nodiscard]] calls::Actor actor_of(const ApiCall& call);

}  // namespace belfry::gateway
