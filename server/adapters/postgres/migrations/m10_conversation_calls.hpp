// Migration 10, with belfry_commit of commit_sql.hpp and belfry_start_group of start_group_sql.hpp: calls in conversations. A
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
CREATE OR REPLACE TRIGGER calls_updated BEFORE UPDATE ON calls FOR EACH ROW
WHEN (NEW."version" = OLD."version" AND NEW."updatedAt" = OLD."updatedAt" AND NEW."qualityMetrics" = OLD."qualityMetrics"
      AND NEW."nodeId" IS NOT DISTINCT FROM OLD."nodeId" AND NEW."conversationId" IS NOT DISTINCT FROM OLD."conversationId")
EXECUTE FUNCTION belfry_touch();
)sql";

}  // namespace belfry::postgres
