// Migration 6, with belfry_commit_and_put of commit_and_put_sql.hpp: an outbox of several kinds (store/outbox.hpp). A server of
// an older release runs on beside a newer one: it puts ends without the new columns, and calls belfry_commit as it is. Frozen:
// a step that databases have taken never changes; what is new is a migration of its own.
#pragma once

#include <string_view>

namespace belfry::postgres {

// No list of kinds is checked here: one more would cost every database a migration.
inline constexpr std::string_view kOutboxKinds = R"sql(
ALTER TABLE outbox ADD COLUMN "key" text NOT NULL DEFAULT '', ADD COLUMN "payload" text NOT NULL DEFAULT '',
  ADD COLUMN "dueAt" bigint, ADD COLUMN "expiresAt" bigint, ADD COLUMN "tries" bigint NOT NULL DEFAULT 0;
DROP INDEX outbox_of_user;
CREATE UNIQUE INDEX outbox_of_user ON outbox ("userId", "callId", "kind", "key");
CREATE INDEX outbox_due ON outbox ("kind", "dueAt", "seq") WHERE "dueAt" IS NOT NULL;

-- Columns in the order of adapters/sql/outbox_columns.hpp, behind the place of its transition in the batch.
CREATE TYPE belfry_entry AS (
  "ord" bigint, "kind" text, "userId" uuid, "callId" uuid, "key" text, "aware" boolean, "payload" text, "createdAt" bigint,
  "dueAt" bigint, "expiresAt" bigint
);
)sql";

}  // namespace belfry::postgres
