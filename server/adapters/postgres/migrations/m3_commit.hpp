// belfry_commit as migration 3 made it, replaced by migration 5. A server of that age, still running beside a newer one, calls
// it. The one in use is in commit_sql.hpp. Frozen: a step that databases have taken never changes; what is new is a migration
// of its own.
#pragma once

#include <string_view>

namespace belfry::postgres {

inline constexpr std::string_view kCommitSqlV3 = R"sql(
CREATE TYPE belfry_outbox_entry AS ("ord" bigint, "userId" uuid, "aware" boolean, "createdAt" bigint);

-- `starts`, `changes`, `ends`: whether there are creations, others, and final ones in the batch. A statement that would find
-- nothing to do still costs some ten microseconds.
CREATE FUNCTION belfry_commit(batch belfry_transition[], legs belfry_leg[], starts boolean, changes boolean, ends boolean,
                              away belfry_outbox_entry[], node uuid)
RETURNS TABLE ("code" bigint, "current" bigint, "who" uuid, "heldBy" uuid,
               "callerName" text, "callerAvatar" text, "calleeName" text, "calleeAvatar" text)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  codes bigint[];
  slots_wanted bigint;
  slots_taken bigint;
BEGIN
  -- Holds off a change of status until we are done (X-28, users_status_is_key).
  IF starts THEN
    PERFORM 1 FROM users u
      WHERE u."id" IN (SELECT unnest(ARRAY[t."callerId", t."recipientId"]) FROM unnest(batch) t WHERE t."expected" = 0)
      ORDER BY u."id" FOR KEY SHARE OF u;
  END IF;
  IF changes THEN
    PERFORM 1 FROM calls c
      WHERE c."id" IN (SELECT t."id" FROM unnest(batch) t WHERE t."expected" > 0)
      ORDER BY c."id" FOR NO KEY UPDATE OF c;
  END IF;

  SELECT array_agg(CASE
      WHEN coalesce(c."version", 0) <> t."expected" THEN 1
      WHEN t."expected" > 0 THEN 0
      WHEN k."owner" IS NOT NULL THEN 2
      WHEN b."id" IS NULL THEN 3
      WHEN a."id" IS NULL THEN 4
      WHEN a."status" <> 'active' THEN 5
      WHEN b."status" <> 'active' THEN 6
      ELSE 0 END ORDER BY t."ord") INTO codes
    FROM unnest(batch) t
    LEFT JOIN calls c ON c."id" = t."id"
    LEFT JOIN users a ON t."expected" = 0 AND a."id" = t."callerId"
    LEFT JOIN users b ON t."expected" = 0 AND b."id" = t."recipientId"
    LEFT JOIN idempotency_keys k ON k."owner" = t."claimOwner" AND k."key" = t."claimKey"
      AND (k."callId" IS NOT NULL OR k."fingerprint" <> t."fingerprint");

  IF starts THEN
    SELECT 2 * count(*) INTO slots_wanted FROM unnest(batch) t WHERE t."expected" = 0 AND codes[t."ord"] = 0;
    INSERT INTO user_call_slots ("userId", "slotNo", "callId")
      SELECT w."user", 0, t."id" FROM unnest(batch) t, unnest(ARRAY[t."callerId", t."recipientId"]) AS w("user")
      WHERE t."expected" = 0 AND codes[t."ord"] = 0 ORDER BY w."user"
      ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS slots_taken = ROW_COUNT;
    IF slots_taken < slots_wanted THEN
      SELECT array_agg(CASE
          WHEN t."expected" > 0 OR codes[t."ord"] <> 0 THEN codes[t."ord"]
          WHEN (SELECT count(*) FROM user_call_slots s WHERE s."userId" = ANY (ARRAY[t."callerId", t."recipientId"])
                AND s."slotNo" = 0 AND s."callId" = t."id") = 2 THEN 0
          WHEN EXISTS (SELECT 1 FROM idempotency_keys k WHERE k."owner" = t."claimOwner" AND k."key" = t."claimKey"
                AND (k."callId" IS NOT NULL OR k."fingerprint" <> t."fingerprint")) THEN 2
          ELSE 7 END ORDER BY t."ord") INTO codes
        FROM unnest(batch) t;
      -- Of a call whose id is taken by another transaction's call with the same people these slots are not ours to free.
      DELETE FROM user_call_slots s USING unnest(batch) t
        WHERE t."expected" = 0 AND codes[t."ord"] IN (2, 7) AND s."userId" = ANY (ARRAY[t."callerId", t."recipientId"])
          AND s."slotNo" = 0 AND s."callId" = t."id" AND s.xmin::text::bigint = (txid_current() & 4294967295);
    END IF;
    INSERT INTO calls ("id", "callerId", "recipientId", "dialect", "createdAt", "version", "callType", "status", "endReason",
        "endedBy", "endedSession", "ringPolicy", "announced", "ringTimeoutSec", "updatedAt", "ringExpiresAt", "firstRingAt",
        "startedAt", "endedAt", "duration", "answerHeard", "offer", "answer", "metadata", "auditTip", "nodeId")
      SELECT t."id", t."callerId", t."recipientId", t."dialect", t."createdAt", t."version", t."callType", t."status",
        t."endReason", t."endedBy", t."endedSession", t."ringPolicy", t."announced", t."ringTimeoutSec", t."updatedAt",
        t."ringExpiresAt", t."firstRingAt", t."startedAt", t."endedAt", t."duration", t."answerHeard", t."offer", t."answer",
        t."metadata", t."auditTip", node
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
      FROM unnest(batch) t WHERE t."expected" > 0 AND codes[t."ord"] = 0 AND c."id" = t."id";
  END IF;
  INSERT INTO call_participants AS p ("callId", "userId", "role", "state", "deviceId", "sessionId", "invitedAt", "ringingAt",
      "joinedAt", "leftAt", "leaveReason", "mediaAlive", "awaySince", "awayUntil", "awayByRestart")
    SELECT l."callId", l."userId", l."role", l."state", l."deviceId", l."sessionId", l."invitedAt", l."ringingAt",
      l."joinedAt", l."leftAt", l."leaveReason", l."mediaAlive", l."awaySince", l."awayUntil", l."awayByRestart"
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
    DELETE FROM user_call_slots s USING unnest(batch) t
      WHERE codes[t."ord"] = 0 AND t."status" IN ('rejected', 'missed', 'ended')
        AND s."userId" = ANY (ARRAY[t."callerId", t."recipientId"]) AND s."callId" = t."id";
    INSERT INTO outbox ("nodeId", "userId", "callId", "aware", "createdAt")
      SELECT node, o."userId", t."id", o."aware", o."createdAt" FROM unnest(away) o JOIN unnest(batch) t ON t."ord" = o."ord"
      WHERE codes[o."ord"] = 0
      ON CONFLICT DO NOTHING;
  END IF;

  RETURN QUERY SELECT codes[t."ord"], c."version", h."userId", h."callId", a."username", a."avatar", b."username", b."avatar"
    FROM unnest(batch) t
    LEFT JOIN calls c ON codes[t."ord"] = 1 AND c."id" = t."id"
    LEFT JOIN users a ON t."expected" = 0 AND codes[t."ord"] = 0 AND a."id" = t."callerId"
    LEFT JOIN users b ON t."expected" = 0 AND codes[t."ord"] = 0 AND b."id" = t."recipientId"
    LEFT JOIN LATERAL (
      SELECT s."userId", s."callId" FROM user_call_slots s
      WHERE codes[t."ord"] = 7 AND s."userId" = ANY (ARRAY[t."callerId", t."recipientId"]) AND s."slotNo" = 0
      ORDER BY s."userId" = t."callerId" DESC LIMIT 1) h ON true
    ORDER BY t."ord";
END $$;
)sql";

}  // namespace belfry::postgres
