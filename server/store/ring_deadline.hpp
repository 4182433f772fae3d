// R-001-44: until when a call may ring, the same in every adapter.
#pragma once

#include <chrono>

#include "store/call_row.hpp"

namespace belfry::store {

/// What a call gets whose row has no deadline: it waits for its caller, or was inserted by hand.
inline constexpr std::chrono::milliseconds kRingTimeWithoutDeadline = std::chrono::minutes{1};

[[nodiscard]] inline WallTime ring_deadline(const CallRow& row) {
  return row.ring_expires.value_or(row.created + kRingTimeWithoutDeadline);
}

}  // namespace belfry::store
