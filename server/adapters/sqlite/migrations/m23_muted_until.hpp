// Migration 23: until when a member wants no news of a conversation (SPEC S19). Frozen: a step that databases have taken never
// changes; what is new is a migration of its own.
#pragma once

#include <string_view>

namespace belfry::sqlite {

inline constexpr std::string_view kMutedUntil = R"sql(
ALTER TABLE conversation_members ADD COLUMN "mutedUntil" INTEGER;
)sql";

}  // namespace belfry::sqlite
