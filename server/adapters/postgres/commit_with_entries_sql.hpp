// belfry_commit_with_entries: belfry_commit (commit_sql.hpp), and what its calls leave in their conversations: the direct
// conversation of two who call each other for the first time (SPEC K27), and the entry of a call that ends (K43).
// belfry_start_of_two: the same of a start that must be alone in its batch. Functions of their own, because belfry_transition,
// which servers of older releases send, has no room for it. Migration 17 made them. To change them: freeze this text in
// migrations/, and write the new one here.
//
// Locks: the conversations of the entries come first, as in belfry_start_group and in the writes of messages and members
// (conversations, users, calls, slots). A new direct conversation comes last: until the commit nobody else can name it, and who
// makes the same one at that moment (ConversationStore::open) holds nothing that is waited for here.
//
// As in belfry_commit, plans that were made while the tables were empty must not read them whole. The planner would find a call
// by calls_incoming if its id were also compared with an array, so the id alone names it; and the members by
// conversations_of_user, an index of all who have not left, so "leftAt" is compared in a way that this index does not serve.
#pragma once

#include <string_view>

namespace belfry::postgres {

inline constexpr std::string_view kCommitWithEntriesSql = R"sql(
CREATE TYPE belfry_call_note AS ("ord" bigint, "id" uuid, "conversationId" uuid, "senderId" uuid, "text" text, "search" text,
  "createdAt" bigint, "callId" uuid, "callType" text, "callStatus" text, "callEndReason" text, "callStartedAt" bigint,
  "callEndedAt" bigint);

-- The direct conversations in which new calls of two stand. `lonely`: their ord in `batch`. `pairs`: by ord, the id of the
-- conversation that is made if the two have none.
CREATE FUNCTION belfry_put_in_pairs(batch belfry_transition[], pairs uuid[], lonely bigint[])
RETURNS TABLE ("ord" bigint, "conversation" uuid) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  INSERT INTO conversations ("id", "kind", "createdBy", "createdAt", "updatedAt", "pairLow", "pairHigh")
    SELECT pairs[t."ord"], 'direct', t."callerId", t."createdAt", t."createdAt", least(t."callerId", t."recipientId"),
        greatest(t."callerId", t."recipientId")
      FROM unnest(batch) t WHERE t."ord" = ANY (lonely) ORDER BY 6, 7
    ON CONFLICT DO NOTHING;
  RETURN QUERY WITH places AS MATERIALIZED (
      SELECT t."ord", t."id" AS "callId", t."callerId", t."recipientId", t."createdAt",
        (SELECT c."id" FROM conversations c WHERE c."pairLow" = least(t."callerId", t."recipientId")
          AND c."pairHigh" = greatest(t."callerId", t."recipientId")) AS "place"
      FROM unnest(batch) t WHERE t."ord" = ANY (lonely)),
    members AS (
      INSERT INTO conversation_members ("conversationId", "userId", "role", "joinedAt")
        SELECT p."place", u."id", 'member', p."createdAt"
          FROM places p CROSS JOIN LATERAL (VALUES (p."callerId"), (p."recipientId")) u ("id")
        ON CONFLICT DO NOTHING),
    placed AS (
      UPDATE calls c SET "conversationId" = p."place" FROM places p
        WHERE c."id" = p."callId" AND c."id" = ANY (ARRAY(SELECT q."callId" FROM places q)))
    SELECT p."ord", p."place" FROM places p;
END $$;

-- The answer that is kept for the step's key names `pair` (store::Transition): puts in its place where the call stands.
CREATE FUNCTION belfry_name_place(step belfry_transition, pair uuid, place uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF step."claimOwner" IS NOT NULL AND pair <> place THEN
    UPDATE idempotency_keys k SET "body" = replace(k."body", pair::text, place::text)
      WHERE k."owner" = step."claimOwner" AND k."key" = step."claimKey";
  END IF;
END $$;

-- Of the conversations that still exist: numbers the entries and writes them.
CREATE FUNCTION belfry_write_entries(notes belfry_call_note[], committed bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO messages ("id", "conversationId", "seq", "senderId", "clientMessageId", "kind", "text", "createdAt", "callId",
      "callType", "callStatus", "callEndReason", "callStartedAt", "callEndedAt", "search")
    SELECT n."id", n."conversationId", c."lastSeq" + row_number() OVER (PARTITION BY n."conversationId" ORDER BY n."ord"),
      n."senderId", n."id"::text, 'call', n."text", n."createdAt", n."callId", n."callType", n."callStatus", n."callEndReason",
      n."callStartedAt", n."callEndedAt", array_to_tsvector(string_to_array(n."search", ' '))
    FROM unnest(notes) n JOIN conversations c ON c."id" = n."conversationId"
      AND c."id" = ANY (ARRAY(SELECT o."conversationId" FROM unnest(notes) o))
    WHERE n."ord" = ANY (committed);
  UPDATE conversations c SET "lastSeq" = g."seq", "updatedAt" = greatest(c."updatedAt", g."createdAt")
    FROM (SELECT m."conversationId", max(m."seq") AS "seq", max(m."createdAt") AS "createdAt" FROM messages m
          WHERE m."id" = ANY (ARRAY(SELECT o."id" FROM unnest(notes) o WHERE o."ord" = ANY (committed)))
          GROUP BY m."conversationId") g
    WHERE c."id" = g."conversationId" AND c."id" = ANY (ARRAY(SELECT o."conversationId" FROM unnest(notes) o));
END $$;

-- `pairs`: by ord, the id for a new direct conversation; the nil id: none is made. Answers as belfry_commit, and after that with a
-- row for the conversation of each creation (`conversation`), and for each member of an entry's conversation (`userId`, `seq`).
CREATE FUNCTION belfry_commit_with_entries(batch belfry_transition[], legs belfry_participant[], starts boolean, changes boolean,
                                           ends boolean, node uuid, entries belfry_entry[], answers belfry_answer[],
                                           pairs uuid[], notes belfry_call_note[])
RETURNS TABLE ("ord" bigint, "conversation" uuid, "seq" bigint, "code" bigint, "current" bigint, "who" uuid, "heldBy" uuid,
               "userId" uuid, "username" text, "avatar" text)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  committed bigint[];
  lonely bigint[];
BEGIN
  IF cardinality(notes) > 0 THEN
    PERFORM 1 FROM conversations c WHERE c."id" = ANY (ARRAY(SELECT n."conversationId" FROM unnest(notes) n))
      ORDER BY c."id" FOR NO KEY UPDATE OF c;
  END IF;
  "seq" := 0;
  IF cardinality(answers) > 0 THEN
    FOR ord, code, current, who, "heldBy", "userId", username, avatar IN
      SELECT * FROM belfry_commit_and_keep(batch, legs, starts, changes, ends, entries, node, answers)
    LOOP
      IF code = 0 THEN committed := committed || ord; END IF;
      RETURN NEXT;
    END LOOP;
  ELSE
    FOR ord, code, current, who, "heldBy", "userId", username, avatar IN
      SELECT * FROM belfry_commit(batch, legs, starts, changes, ends, '{}'::belfry_outbox_entry[], node)
    LOOP
      IF code = 0 THEN committed := committed || ord; END IF;
      RETURN NEXT;
    END LOOP;
    IF cardinality(entries) > 0 THEN
      INSERT INTO outbox ("nodeId", "kind", "userId", "callId", "key", "aware", "payload", "createdAt", "dueAt", "expiresAt")
        SELECT node, e."kind", e."userId", e."callId", e."key", e."aware", e."payload", e."createdAt", e."dueAt", e."expiresAt"
        FROM unnest(entries) e WHERE e."ord" = ANY (committed)
        ON CONFLICT DO NOTHING;
    END IF;
  END IF;
  "code" := 0; "current" := NULL; "who" := NULL; "heldBy" := NULL; "userId" := NULL; "username" := NULL; "avatar" := NULL;
  IF starts AND committed IS NOT NULL THEN
    FOR ord, "conversation" IN
      SELECT t."ord", (SELECT c."conversationId" FROM calls c WHERE c."id" = t."id") FROM unnest(batch) t
        WHERE t."expected" = 0 AND t."recipientId" IS NOT NULL AND t."ord" = ANY (committed)
    LOOP
      IF "conversation" IS NOT NULL THEN
        IF cardinality(answers) > 0 THEN
          PERFORM belfry_name_place(batch[ord], pairs[ord], "conversation");
        END IF;
        RETURN NEXT;
      ELSIF pairs[ord] <> '00000000-0000-0000-0000-000000000000'::uuid THEN
        lonely := lonely || ord;
      END IF;
    END LOOP;
    IF lonely IS NOT NULL THEN
      FOR ord, "conversation" IN SELECT p."ord", p."conversation" FROM belfry_put_in_pairs(batch, pairs, lonely) p LOOP
        PERFORM belfry_name_place(batch[ord], pairs[ord], "conversation");
        RETURN NEXT;
      END LOOP;
    END IF;
  END IF;
  IF cardinality(notes) > 0 AND committed IS NOT NULL THEN
    PERFORM belfry_write_entries(notes, committed);
    RETURN QUERY SELECT n."ord", n."conversationId", m."seq", 0::bigint, NULL::bigint, NULL::uuid, NULL::uuid, p."userId",
        NULL::text, NULL::text
      FROM unnest(notes) n JOIN messages m ON m."id" = n."id" AND m."id" = ANY (ARRAY(SELECT o."id" FROM unnest(notes) o))
      JOIN conversation_members p ON p."conversationId" = n."conversationId" AND coalesce(p."leftAt", 0) = 0
      WHERE n."ord" = ANY (committed);
  END IF;
END $$;

-- Answers as belfry_start_group, and after that with a row for the conversation.
CREATE FUNCTION belfry_start_of_two(batch belfry_transition[], legs belfry_participant[], entries belfry_entry[], node uuid,
                                    provider text, answers belfry_answer[], online boolean, pair uuid)
RETURNS TABLE ("ord" bigint, "conversation" uuid, "seq" bigint, "code" bigint, "current" bigint, "who" uuid, "heldBy" uuid,
               "userId" uuid, "username" text, "avatar" text)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  made boolean := false;
BEGIN
  "seq" := 0;
  FOR ord, code, current, who, "heldBy", "userId", username, avatar IN
    SELECT * FROM belfry_start_group_and_keep(batch, legs, entries, node, NULL::uuid, '{}'::uuid[], provider, answers)
  LOOP
    made := made OR code = 0;
    RETURN NEXT;
  END LOOP;
  IF made THEN
    IF online THEN
      UPDATE calls c SET "ringMode" = 'online' WHERE c."id" = batch[1]."id";
    END IF;
    "code" := 0; "current" := NULL; "who" := NULL; "heldBy" := NULL; "userId" := NULL; "username" := NULL; "avatar" := NULL;
    SELECT c."conversationId" INTO "conversation" FROM calls c WHERE c."id" = batch[1]."id";
    IF "conversation" IS NULL THEN
      SELECT p."conversation" INTO "conversation" FROM belfry_put_in_pairs(batch, ARRAY[pair], ARRAY[batch[1]."ord"]) p;
    END IF;
    PERFORM belfry_name_place(batch[1], pair, "conversation");
    RETURN NEXT;
  END IF;
END $$;
)sql";

}  // namespace belfry::postgres
