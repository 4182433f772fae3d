// Migration 9, with belfry_commit of commit_sql.hpp and belfry_start_group of start_group_sql.hpp: calls in conversations. A
// conversation has one active call; a participant may be in a call without being rung for it. Frozen: a step that databases have
// taken never changes; what is new is a migration of its own.
#pragma once

#include <string_view>

namespace belfry::postgres {

inline constexpr std::string_view kConversationCalls = R"sql(
ALTER TABLE call_participants ADD COLUMN "silent" boolean NOT NULL DEFAULT false;
CREATE INDEX calls_of_conversation ON calls ("conversationId", "createdAt", "id") WHERE "conversationId" IS NOT NULL;
CREATE UNIQUE INDEX active_call_of_conversation ON calls ("conversationId")
  WHERE "conversationId" IS NOT NULL AND "status" IN ('calling', 'connected');
)sql";

}  // namespace belfry::postgres
