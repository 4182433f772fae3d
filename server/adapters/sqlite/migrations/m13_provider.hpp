// Migration 13: the provider of a call's media (SPEC J-8.1). Frozen: a step that databases have taken never changes; what is new
// is a migration of its own.
#pragma once

#include <string_view>

namespace belfry::sqlite {

inline constexpr std::string_view kProvider = R"sql(
ALTER TABLE calls ADD COLUMN "provider" TEXT NOT NULL DEFAULT 'native'
  CHECK ("provider" = 'native' OR "provider" = 'agora' OR "provider" = 'livekit');
)sql";

}  // namespace belfry::sqlite
