// R-001-44: until when a call may ring, the same in every adapter.
#pragma once

#include <chrono>

#include "store/call_row.hpp"

namespace belfry::store {

/// A call whose row has no deadline gets one minute.
[[nodiscard]] inline WallTime ring_deadline(const CallRow& row) {
  return row.ring_expires.value_or(row.created + std::chrono::minutes{1});
}

}  // namespace belfry::store
