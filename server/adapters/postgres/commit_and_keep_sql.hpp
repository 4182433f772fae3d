// belfry_commit_and_keep: belfry_commit_and_put (commit_and_put_sql.hpp), and the answers that are kept with its transitions for
// their Idempotency-Keys (store::IdempotencyClaim); belfry_start_group_and_keep: the same of belfry_start_external
// (start_external_sql.hpp), whose provider may be "native" here. Functions of their own, because nearly every batch keeps none
// and should pay nothing, and because servers of an older release go on calling the others. Migration 13 made them. To change
// them: freeze this text in migrations/, and write the new one here.
//
// belfry_commit takes the keys of creations only. Here a change takes one too, and must be the only transition of its batch. If
// another transaction takes the key between the look and the commit, the statement fails and CallWriter sends it again.
#pragma once

#include <string_view>

namespace belfry::postgres {

inline constexpr std::string_view kCommitAndKeepSql = R"sql(
CREATE TYPE belfry_answer AS ("ord" bigint, "status" bigint, "body" text);

CREATE FUNCTION belfry_is_claim_taken(step belfry_transition) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM idempotency_keys k WHERE k."owner" = step."claimOwner" AND k."key" = step."claimKey"
    AND (k."callId" IS NOT NULL OR k."fingerprint" <> step."fingerprint"));
END $$;

CREATE FUNCTION belfry_keep_answers(batch belfry_transition[], answers belfry_answer[], committed bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  wanted bigint;
  got bigint;
BEGIN
  SELECT count(*) INTO wanted FROM unnest(answers) a WHERE a."ord" = ANY (committed);
  INSERT INTO idempotency_keys AS k ("owner", "key", "fingerprint", "callId", "status", "body", "createdAt")
    SELECT t."claimOwner", t."claimKey", t."fingerprint", t."id", a."status", a."body", t."at"
    FROM unnest(answers) a JOIN unnest(batch) t ON t."ord" = a."ord" WHERE a."ord" = ANY (committed)
    ON CONFLICT ("owner", "key") DO UPDATE
      SET "callId" = excluded."callId", "status" = excluded."status", "body" = excluded."body"
      WHERE k."fingerprint" = excluded."fingerprint" AND (k."callId" IS NULL OR k."callId" = excluded."callId");
  GET DIAGNOSTICS got = ROW_COUNT;
  IF got < wanted THEN
    RAISE EXCEPTION 'an idempotency key was taken meanwhile' USING ERRCODE = 'BF001';
  END IF;
END $$;

CREATE FUNCTION belfry_commit_and_keep(batch belfry_transition[], legs belfry_participant[], starts boolean, changes boolean,
                                       ends boolean, entries belfry_entry[], node uuid, answers belfry_answer[])
RETURNS TABLE ("ord" bigint, "code" bigint, "current" bigint, "who" uuid, "heldBy" uuid,
               "userId" uuid, "username" text, "avatar" text)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  committed bigint[];
BEGIN
  IF batch[1]."expected" > 0 AND belfry_is_claim_taken(batch[1]) THEN
    RETURN QUERY SELECT 1::bigint, 2::bigint, NULL::bigint, NULL::uuid, NULL::uuid, NULL::uuid, NULL::text, NULL::text;
    RETURN;
  END IF;
  FOR ord, code, current, who, "heldBy", "userId", username, avatar IN
    SELECT * FROM belfry_commit_and_put(batch, legs, starts, changes, ends, entries, node)
  LOOP
    IF code = 0 THEN
      committed := committed || ord;
    ELSIF batch[1]."expected" > 0 AND belfry_is_claim_taken(batch[1]) THEN  -- while we waited for the call's row
      code := 2;
    END IF;
    RETURN NEXT;
  END LOOP;
  PERFORM belfry_keep_answers(batch, answers, committed);
END $$;

CREATE FUNCTION belfry_start_group_and_keep(batch belfry_transition[], legs belfry_participant[], entries belfry_entry[],
                                            node uuid, conversation uuid, quiet uuid[], provider text,
                                            answers belfry_answer[])
RETURNS TABLE ("ord" bigint, "code" bigint, "current" bigint, "who" uuid, "heldBy" uuid,
               "userId" uuid, "username" text, "avatar" text)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  committed bigint[];
BEGIN
  FOR ord, code, current, who, "heldBy", "userId", username, avatar IN
    SELECT * FROM belfry_start_external(batch, legs, entries, node, conversation, quiet, provider)
  LOOP
    IF code = 0 THEN committed := committed || ord; END IF;
    RETURN NEXT;
  END LOOP;
  PERFORM belfry_keep_answers(batch, answers, committed);
END $$;
)sql";

}  // namespace belfry::postgres
