// Migration 24: until when a member wants no news of a conversation (SPEC S19). Frozen: a step that databases have taken never
// changes; what is new is a migration of its own.
#pragma once

#include <string_view>

namespace belfry::postgres {

inline constexpr std::string_view kMutedUntil = R"sql(
ALTER TABLE conversation_members ADD COLUMN "mutedUntil" bigint;
)sql";

}  // namespace belfry::postgres
