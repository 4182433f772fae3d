// Migration 20: who has blocked a user (SPEC K45). Frozen: a step that databases have taken never changes; what is new is a
// migration of its own.
#pragma once

#include <string_view>

namespace belfry::postgres {

// The primary key finds whom a user has blocked. Without this one, who has blocked them is found by reading all blocks.
inline constexpr std::string_view kBlockedBy = R"sql(
CREATE INDEX blocks_of_blocked ON blocks ("blockedUserId", "userId");
)sql";

}  // namespace belfry::postgres
