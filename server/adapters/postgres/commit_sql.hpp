// belfry_commit: a batch of transitions as one statement, hence one transaction and one round trip. It decides, writes and
// answers each of them; a refused transition leaves nothing behind while the others are committed. It is set-based: a batch of
// any size takes some ten statements.
//
// `away`: who is not here to be told of an end, as servers before migration 6 pass it; newer ones put their entries by
// belfry_commit_and_put (commit_and_put_sql.hpp). `node`: the server that tends the call from now on.
//
// `starts` and `ends` of a participant: the call begins or ends with this transition, or this person comes into a group call or
// goes from it. A participant with `groupCallAt`, a callee of a group call, holds a slot only while in it (J-2.3).
//
// Several servers run it at once on one database. All take locks in one order (users, then calls, then slots; by key within each;
// freed slots last, which never has to wait), so two batches wait for each other's end but never in a circle. In
// one batch no two transitions share a call or a user: CallWriter sees to that.
//
// Rows of tables are named by = ANY of an array of keys also where a join names them: for a table that was empty when the plan
// was made, the planner would read all of it, in the order of its key, and compare each row with each element of the batch.
//
// A call of two stands in the direct conversation of the two, if they have one (SPEC K27); commit_with_entries_sql.hpp makes it.
//
// Migration 17 made it; it replaces the one of migration 15, whose callers get the same answers from it. To change it: freeze
// this text in migrations/, beside the older ones, and write the new one here.
#pragma once

#include <cstdint>
#include <string_view>

namespace belfry::postgres {

/// The `code` of an answer.
enum class Verdict : std::int64_t {
  committed = 0,
  conflict = 1,        // version
  key_used = 2,        // store::ClaimTaken
  callee_unknown = 3,  // who; and so on
  caller_unknown = 4,
  caller_not_active = 5,
  callee_not_active = 6,
  slot_taken = 7,  // who, heldBy; NULL if the slot has become free meanwhile: try again
  // Of belfry_start_group:
  conversation_taken = 8,   // heldBy
  not_in_conversation = 9,  // who, a row for each; and so on
  not_active = 10,
  blocked = 11,
  busy = 12,
};

// Columns are in the order of adapters/sql/call_columns.hpp. Where a leg needs a value of its call, it uses `ord` as a subscript,
// never a join of the two arrays, which would compare every pair.
inline constexpr std::string_view kCommitSql = R"sql(
-- `starts`, `changes`, `ends`: whether there are creations, others, and final ones in the batch. A statement that would find
-- nothing to do still costs some ten microseconds. Answers with a row for each leg of a creation, and one for any other.
CREATE OR REPLACE FUNCTION belfry_commit(batch belfry_transition[], legs belfry_participant[], starts boolean, changes boolean, ends boolean,
                              away belfry_outbox_entry[], node uuid)
RETURNS TABLE ("ord" bigint, "code" bigint, "current" bigint, "who" uuid, "heldBy" uuid,
               "userId" uuid, "username" text, "avatar" text)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  codes bigint[];
  wanted bigint;
  got bigint;
  faults bigint[];
  faulty uuid[];
  missing bigint[];
  busy uuid[];
  holders uuid[];
  blocked bigint[];
BEGIN
  -- Holds off a change of status until we are done (X-28, users_status_is_key).
  IF starts THEN
    SELECT (SELECT count(*) FROM unnest(legs) l WHERE l."starts"), count(*) FILTER (WHERE held."status" = 'active')
      INTO wanted, got
      FROM (SELECT u."status" FROM users u
        WHERE u."id" = ANY (ARRAY(SELECT l."userId" FROM unnest(legs) l WHERE l."starts"))
        ORDER BY u."id" FOR KEY SHARE OF u) held;
    -- J-1.7. put_block() locks a user, so a block that is committed while we waited above is seen here.
    SELECT array_agg(t."ord") INTO blocked FROM unnest(batch) t
      WHERE t."expected" = 0 AND t."recipientId" IS NOT NULL
        AND (EXISTS (SELECT 1 FROM blocks b WHERE b."userId" = t."callerId" AND b."blockedUserId" = t."recipientId")
          OR EXISTS (SELECT 1 FROM blocks b WHERE b."userId" = t."recipientId" AND b."blockedUserId" = t."callerId"));
    IF got < wanted OR blocked IS NOT NULL THEN
      SELECT array_agg(f."fault" ORDER BY f."ord"), array_agg(f."who" ORDER BY f."ord") INTO faults, faulty FROM (
        SELECT l."ord", min(l."fault") AS "fault", (array_agg(l."userId" ORDER BY l."fault", l."userId"))[1] AS "who" FROM (
          SELECT l."ord", l."userId", CASE
              WHEN NOT l."starts" THEN NULL
              WHEN u."id" IS NULL AND l."role" <> 'caller' THEN 3
              WHEN u."id" IS NULL THEN 4
              WHEN u."status" = 'active' AND (l."role" = 'caller' OR (l."ord" = ANY (blocked)) IS NOT TRUE) THEN NULL
              WHEN l."role" = 'caller' THEN 5
              ELSE 6 END AS "fault"
            FROM unnest(legs) l LEFT JOIN users u ON u."id" = l."userId") l
          GROUP BY l."ord") f;
    END IF;
  END IF;
  IF changes THEN
    PERFORM 1 FROM calls c
      WHERE c."id" = ANY (ARRAY(SELECT t."id" FROM unnest(batch) t WHERE t."expected" > 0))
      ORDER BY c."id" FOR NO KEY UPDATE OF c;
  END IF;

  SELECT array_agg(CASE
      WHEN coalesce(c."version", 0) <> t."expected" THEN 1
      WHEN t."expected" > 0 THEN 0
      WHEN k."owner" IS NOT NULL THEN 2
      ELSE coalesce(faults[t."ord"], 0) END ORDER BY t."ord") INTO codes
    FROM unnest(batch) t
    LEFT JOIN calls c ON c."id" = t."id"
    LEFT JOIN idempotency_keys k ON k."owner" = t."claimOwner" AND k."key" = t."claimKey"
      AND (k."callId" IS NOT NULL OR k."fingerprint" <> t."fingerprint");

  IF starts THEN
    SELECT count(*) INTO wanted FROM unnest(legs) l WHERE l."starts" AND codes[l."ord"] = 0
      AND (l."groupCallAt" IS NULL OR l."state" IN ('joined', 'suspended'));
    INSERT INTO user_call_slots ("userId", "slotNo", "callId")
      SELECT l."userId", 0, l."callId" FROM unnest(legs) l WHERE l."starts" AND codes[l."ord"] = 0
        AND (l."groupCallAt" IS NULL OR l."state" IN ('joined', 'suspended'))
      ORDER BY l."userId"
      ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS got = ROW_COUNT;
    IF got < wanted THEN
      SELECT array_agg(s."missing" ORDER BY s."ord"), array_agg(s."busy"[1] ORDER BY s."ord"),
          array_agg(s."holders"[1] ORDER BY s."ord") INTO missing, busy, holders FROM (
        SELECT l."ord", count(*) FILTER (WHERE l."starts" AND s."callId" IS DISTINCT FROM l."callId"
              AND (l."groupCallAt" IS NULL OR l."state" IN ('joined', 'suspended'))) AS "missing",
            array_agg(s."userId" ORDER BY l."role" <> 'caller', l."userId") FILTER (WHERE s."callId" <> l."callId") AS "busy",
            array_agg(s."callId" ORDER BY l."role" <> 'caller', l."userId") FILTER (WHERE s."callId" <> l."callId") AS "holders"
          FROM unnest(legs) l LEFT JOIN user_call_slots s ON l."starts" AND s."userId" = l."userId" AND s."slotNo" = 0
            AND (l."groupCallAt" IS NULL OR l."state" IN ('joined', 'suspended'))
          GROUP BY l."ord") s;
      SELECT array_agg(CASE
          WHEN codes[t."ord"] <> 0 THEN codes[t."ord"]
          WHEN missing[t."ord"] = 0 THEN 0
          WHEN EXISTS (SELECT 1 FROM idempotency_keys k WHERE k."owner" = t."claimOwner" AND k."key" = t."claimKey"
                AND (k."callId" IS NOT NULL OR k."fingerprint" <> t."fingerprint")) THEN 2
          ELSE 7 END ORDER BY t."ord") INTO codes
        FROM unnest(batch) t;
      -- Of a call whose id is taken by another transaction's call with the same people these slots are not ours to free.
      DELETE FROM user_call_slots s USING unnest(legs) l
        WHERE s."userId" = ANY (ARRAY(SELECT l."userId" FROM unnest(legs) l WHERE l."starts"))
          AND l."starts" AND codes[l."ord"] IN (2, 7) AND s."userId" = l."userId" AND s."slotNo" = 0 AND s."callId" = l."callId"
          AND s.xmin::text::bigint = (txid_current() & 4294967295);
    END IF;
    INSERT INTO calls ("id", "callerId", "recipientId", "dialect", "createdAt", "version", "callType", "status", "endReason",
        "endedBy", "endedSession", "ringPolicy", "announced", "ringTimeoutSec", "updatedAt", "ringExpiresAt", "firstRingAt",
        "startedAt", "endedAt", "duration", "answerHeard", "offer", "answer", "metadata", "auditTip", "nodeId", "conversationId")
      SELECT t."id", t."callerId", t."recipientId", t."dialect", t."createdAt", t."version", t."callType", t."status",
        t."endReason", t."endedBy", t."endedSession", t."ringPolicy", t."announced", t."ringTimeoutSec", t."updatedAt",
        t."ringExpiresAt", t."firstRingAt", t."startedAt", t."endedAt", t."duration", t."answerHeard", t."offer", t."answer",
        t."metadata", t."auditTip", node,
        (SELECT c."id" FROM conversations c
          WHERE c."pairLow" = least(t."callerId", t."recipientId") AND c."pairHigh" = greatest(t."callerId", t."recipientId")
            AND t."recipientId" IS NOT NULL)
      FROM unnest(batch) t WHERE t."expected" = 0 AND codes[t."ord"] = 0;
    INSERT INTO idempotency_keys AS k ("owner", "key", "fingerprint", "callId", "createdAt")
      SELECT t."claimOwner", t."claimKey", t."fingerprint", t."id", t."createdAt"
      FROM unnest(batch) t WHERE t."claimOwner" IS NOT NULL AND t."expected" = 0 AND codes[t."ord"] = 0
      ON CONFLICT ("owner", "key") DO UPDATE SET "callId" = excluded."callId";
  END IF;

  IF changes THEN
    UPDATE calls c SET "version" = t."version", "callType" = t."callType", "status" = t."status", "endReason" = t."endReason",
        "endedBy" = t."endedBy", "endedSession" = t."endedSession", "ringPolicy" = t."ringPolicy", "announced" = t."announced",
        "ringTimeoutSec" = t."ringTimeoutSec", "updatedAt" = t."updatedAt", "ringExpiresAt" = t."ringExpiresAt",
        "firstRingAt" = t."firstRingAt", "startedAt" = t."startedAt", "endedAt" = t."endedAt", "duration" = t."duration",
        "answerHeard" = t."answerHeard", "offer" = t."offer", "answer" = t."answer", "metadata" = t."metadata",
        "auditTip" = t."auditTip", "nodeId" = node
      FROM unnest(batch) t WHERE t."expected" > 0 AND codes[t."ord"] = 0 AND c."id" = t."id"
        AND c."id" = ANY (ARRAY(SELECT t."id" FROM unnest(batch) t WHERE t."expected" > 0));
  END IF;
  INSERT INTO call_participants AS p ("callId", "userId", "role", "state", "deviceId", "sessionId", "invitedAt", "ringingAt",
      "joinedAt", "leftAt", "leaveReason", "mediaAlive", "awaySince", "awayUntil", "awayByRestart", "groupCallAt")
    SELECT l."callId", l."userId", l."role", l."state", l."deviceId", l."sessionId", l."invitedAt", l."ringingAt",
      l."joinedAt", l."leftAt", l."leaveReason", l."mediaAlive", l."awaySince", l."awayUntil", l."awayByRestart",
      l."groupCallAt"
    FROM unnest(legs) l WHERE codes[l."ord"] = 0
    ON CONFLICT ("callId", "userId") DO UPDATE SET "state" = excluded."state", "deviceId" = excluded."deviceId",
      "sessionId" = excluded."sessionId", "invitedAt" = excluded."invitedAt", "ringingAt" = excluded."ringingAt",
      "joinedAt" = excluded."joinedAt", "leftAt" = excluded."leftAt", "leaveReason" = excluded."leaveReason",
      "mediaAlive" = excluded."mediaAlive", "awaySince" = excluded."awaySince", "awayUntil" = excluded."awayUntil",
      "awayByRestart" = excluded."awayByRestart"
    WHERE (p."state", p."deviceId", p."sessionId", p."invitedAt", p."ringingAt", p."joinedAt", p."leftAt", p."leaveReason",
           p."mediaAlive", p."awaySince", p."awayUntil", p."awayByRestart") IS DISTINCT FROM
          (excluded."state", excluded."deviceId", excluded."sessionId", excluded."invitedAt", excluded."ringingAt",
           excluded."joinedAt", excluded."leftAt", excluded."leaveReason", excluded."mediaAlive", excluded."awaySince",
           excluded."awayUntil", excluded."awayByRestart");
  INSERT INTO call_audit ("callId", "callSeq", "type", "actorUserId", "actorDeviceId", "payload", "prevHash", "hash", "createdAt")
    SELECT t."id", t."version", t."type", t."actor", t."device", t."payload", t."prevHash", t."hash", t."at"
    FROM unnest(batch) t WHERE codes[t."ord"] = 0;
  IF ends THEN
    DELETE FROM user_call_slots s USING unnest(legs) l
      WHERE s."userId" = ANY (ARRAY(SELECT l."userId" FROM unnest(legs) l WHERE l."ends"))
        AND l."ends" AND codes[l."ord"] = 0 AND s."userId" = l."userId" AND s."callId" = l."callId";
    INSERT INTO outbox ("nodeId", "userId", "callId", "aware", "createdAt")
      SELECT node, o."userId", t."id", o."aware", o."createdAt" FROM unnest(away) o JOIN unnest(batch) t ON t."ord" = o."ord"
      WHERE codes[o."ord"] = 0
      ON CONFLICT DO NOTHING;
  END IF;

  RETURN QUERY SELECT l."ord", codes[l."ord"], c."version",
      CASE codes[l."ord"] WHEN 7 THEN busy[l."ord"] ELSE faulty[l."ord"] END, holders[l."ord"], u."id", u."username", u."avatar"
    FROM unnest(legs) l
    LEFT JOIN calls c ON codes[l."ord"] = 1 AND c."id" = l."callId"
    LEFT JOIN users u ON l."starts" AND codes[l."ord"] = 0 AND u."id" = l."userId"
    WHERE l."starts" OR l."role" = 'caller';
END $$;
)sql";

}  // namespace belfry::postgres
