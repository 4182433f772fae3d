// The migration to an outbox of several kinds (store/outbox.hpp). A server of an older release may still run beside a newer one:
// it adds ends without the new columns, and calls belfry_commit unchanged.
#pragma once

#include <string_view>

namespace belfry::postgres {

// No CHECK lists the kinds: a new kind would need a migration of every database.
//
// belfry_commit itself stays unchanged: nearly all batches have no entry, and should not pay for those that have one.
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

-- belfry_commit, and what its transitions put into the outbox.
CREATE FUNCTION belfry_commit_and_put(batch belfry_transition[], legs belfry_participant[], starts boolean, changes boolean,
                                      ends boolean, entries belfry_entry[], node uuid)
RETURNS TABLE ("ord" bigint, "code" bigint, "current" bigint, "who" uuid, "heldBy" uuid,
               "userId" uuid, "username" text, "avatar" text)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  committed bigint[];
BEGIN
  FOR ord, code, current, who, "heldBy", "userId", username, avatar IN
    SELECT * FROM belfry_commit(batch, legs, starts, changes, ends, '{}'::belfry_outbox_entry[], node)
  LOOP
    IF code = 0 THEN committed := committed || ord; END IF;
    RETURN NEXT;
  END LOOP;
  INSERT INTO outbox ("nodeId", "kind", "userId", "callId", "key", "aware", "payload", "createdAt", "dueAt", "expiresAt")
    SELECT node, e."kind", e."userId", e."callId", e."key", e."aware", e."payload", e."createdAt", e."dueAt", e."expiresAt"
    FROM unnest(entries) e WHERE e."ord" = ANY (committed)
    ON CONFLICT DO NOTHING;
END $$;
)sql";

}  // namespace belfry::postgres
