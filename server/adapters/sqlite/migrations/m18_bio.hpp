// Migration 18: a line that users write about themselves (SPEC K4). Frozen: a step that databases have taken never changes; what
// is new is a migration of its own.
#pragma once

#include <string_view>

namespace belfry::sqlite {

inline constexpr std::string_view kBio = R"sql(
ALTER TABLE users ADD COLUMN "bio" TEXT NOT NULL DEFAULT 'Busy';
)sql";

}  // namespace belfry::sqlite
