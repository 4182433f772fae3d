// The calls that ring, and until when, in SQL (R-001-44). Of `calls`; the columns are not qualified.
#pragma once

#include <string>
#include <string_view>

#include "store/ring_deadline.hpp"

namespace belfry::sql {

// The first half follows from the second. It is there because SQLite uses a partial index, here calls_active, only for a query
// that states the condition of the index as it is.
inline constexpr std::string_view kIsRinging = R"("status" IN ('calling', 'connected') AND "status" = 'calling')";

/// store::ring_deadline() of a row.
[[nodiscard]] inline std::string ring_deadline() {
  return R"(coalesce("ringExpiresAt", "createdAt" + )" + std::to_string(store::kRingTimeWithoutDeadline.count()) + ")";
}

}  // namespace belfry::sql
