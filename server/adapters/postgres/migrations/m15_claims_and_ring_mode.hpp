// Migration 15, with belfry_commit of commit_sql.hpp and belfry_start_online of start_online_sql.hpp: which server has claimed an
// entry of the outbox, and whom a call rings (SPEC J-1.5). A server of the last release, still running beside a newer one, stores
// "all" for each call that it starts. Frozen: a step that databases have taken never changes; what is new is a migration of its
// own.
#pragma once

#include <string_view>

namespace belfry::postgres {

// claimedBy is null: nobody tries the entry now. It has no index: only the claims of a server that is gone are looked for, while
// each try would have to keep the index.
inline constexpr std::string_view kClaimsAndRingMode = R"sql(
ALTER TABLE outbox ADD COLUMN "claimedBy" uuid;
ALTER TABLE calls ADD COLUMN "ringMode" text NOT NULL DEFAULT 'all' CHECK ("ringMode" IN ('all', 'online'));
CREATE OR REPLACE TRIGGER calls_updated BEFORE UPDATE ON calls FOR EACH ROW
WHEN (NEW."version" = OLD."version" AND NEW."updatedAt" = OLD."updatedAt" AND NEW."qualityMetrics" = OLD."qualityMetrics"
      AND NEW."nodeId" IS NOT DISTINCT FROM OLD."nodeId" AND NEW."conversationId" IS NOT DISTINCT FROM OLD."conversationId"
      AND NEW."provider" = OLD."provider" AND NEW."ringMode" = OLD."ringMode")
EXECUTE FUNCTION belfry_touch();
)sql";

}  // namespace belfry::postgres
