// Migration 3: which server tends a call, and the outbox. Frozen: a step that databases have taken never changes; what is new
// is a migration of its own.
#pragma once

#include <string_view>

namespace belfry::postgres {

// A server's calls are found by its id when it is gone. seenAt is the database's clock, so that servers need not agree on theirs.
inline constexpr std::string_view kNodes = R"sql(
ALTER TABLE nodes ADD COLUMN "seenAt" bigint NOT NULL DEFAULT 0, ADD COLUMN "stoppedAt" bigint,
  ADD COLUMN "process" text NOT NULL DEFAULT '';
ALTER TABLE calls ADD COLUMN "nodeId" uuid;
CREATE INDEX calls_tended ON calls ("nodeId") WHERE "status" IN ('calling', 'connected');
CREATE TABLE outbox (
  "seq" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "kind" text NOT NULL DEFAULT 'call_end',
  "nodeId" uuid NOT NULL,
  "userId" uuid NOT NULL,
  "callId" uuid NOT NULL,
  "aware" boolean NOT NULL DEFAULT true,
  "createdAt" bigint NOT NULL
);
CREATE UNIQUE INDEX outbox_of_user ON outbox ("userId", "callId", "kind");
CREATE INDEX outbox_by_age ON outbox ("createdAt");
CREATE OR REPLACE TRIGGER calls_updated BEFORE UPDATE ON calls FOR EACH ROW
WHEN (NEW."version" = OLD."version" AND NEW."updatedAt" = OLD."updatedAt" AND NEW."qualityMetrics" = OLD."qualityMetrics"
      AND NEW."nodeId" IS NOT DISTINCT FROM OLD."nodeId")
EXECUTE FUNCTION belfry_touch();
)sql";

}  // namespace belfry::postgres
