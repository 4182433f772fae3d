// Migration 14: the log of pushes, by user and by status. Frozen: a step that databases have taken never changes; what is new is
// a migration of its own.
#pragma once

#include <string_view>

namespace belfry::sqlite {

// Without these a page of one user, or of a rare status, reads the whole log.
inline constexpr std::string_view kDeliveryIndexes = R"sql(
CREATE INDEX push_deliveries_of_user ON push_deliveries ("userId", "createdAt");
CREATE INDEX push_deliveries_by_status ON push_deliveries ("status", "createdAt");
)sql";

}  // namespace belfry::sqlite
