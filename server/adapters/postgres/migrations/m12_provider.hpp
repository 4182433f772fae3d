// Migration 12, with belfry_start_external of start_external_sql.hpp: the provider of a call's media (SPEC J-8.1). A server of
// the last release, still running beside a newer one, starts calls of the provider "native". Frozen: a step that databases have
// taken never changes; what is new is a migration of its own.
#pragma once

#include <string_view>

namespace belfry::postgres {

inline constexpr std::string_view kProvider = R"sql(
ALTER TABLE calls ADD COLUMN "provider" text NOT NULL DEFAULT 'native' CHECK ("provider" IN ('native', 'agora', 'livekit'));
CREATE OR REPLACE TRIGGER calls_updated BEFORE UPDATE ON calls FOR EACH ROW
WHEN (NEW."version" = OLD."version" AND NEW."updatedAt" = OLD."updatedAt" AND NEW."qualityMetrics" = OLD."qualityMetrics"
      AND NEW."nodeId" IS NOT DISTINCT FROM OLD."nodeId" AND NEW."conversationId" IS NOT DISTINCT FROM OLD."conversationId"
      AND NEW."provider" = OLD."provider")
EXECUTE FUNCTION belfry_touch();
)sql";

}  // namespace belfry::postgres
