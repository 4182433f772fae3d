// Migration 23: active users in the order of their names. Frozen: a step that databases have taken never changes; what is new is
// a migration of its own.
#pragma once

#include <string_view>

namespace belfry::postgres {

// A page of people sorted all of them (half a second for 300 000). "C": the order in which search_users pages.
inline constexpr std::string_view kUsersByName = R"sql(
CREATE INDEX users_by_name ON users ("username" COLLATE "C") WHERE "status" = 'active';
)sql";

}  // namespace belfry::postgres
