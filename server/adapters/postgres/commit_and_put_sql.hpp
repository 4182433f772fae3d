// belfry_commit_and_put: belfry_commit (commit_sql.hpp), and what its transitions put into the outbox. A function of its own,
// because nearly every batch puts nothing and should pay nothing. Migration 6 made it. To change it: freeze this text in
// migrations/, and write the new one here.
#pragma once

#include <string_view>

namespace belfry::postgres {

inline constexpr std::string_view kCommitAndPutSql = R"sql(
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
