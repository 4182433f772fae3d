// belfry_start_group: the creation of one group call, or of one call in a conversation, as one statement: belfry_commit_and_put,
// and before it what only such a call needs: one active call for each conversation (J-2.4), and who may have which part (J-1.7,
// J-2.3). A function of its own, because nearly every batch has none of these and should pay nothing.
//
// Locks, in one order with belfry_commit: conversations, users, calls, slots. The lock on the conversation waits for a change of
// its members, and that on the users for a change of their status and for a block (conversations.cpp), so what is found here
// holds until the call is committed. Migration 10 made it. To change it: freeze this text in migrations/, and write the new one
// here.
#pragma once

#include <string_view>

namespace belfry::postgres {

inline constexpr std::string_view kStartGroupSql = R"sql(
-- `quiet`: whose legs are not rung. Answers as belfry_commit, or with code 8 and heldBy: the conversation has an active call; or
-- with a row for each person who cannot have this part, code 9: not in the conversation, 10: not active, 11: a block, 12: busy.
CREATE FUNCTION belfry_start_group(batch belfry_transition[], legs belfry_participant[], entries belfry_entry[], node uuid,
                                   conversation uuid, quiet uuid[])
RETURNS TABLE ("ord" bigint, "code" bigint, "current" bigint, "who" uuid, "heldBy" uuid,
               "userId" uuid, "username" text, "avatar" text)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  call uuid := batch[1]."id";
  caller uuid := batch[1]."callerId";
  is_group boolean := batch[1]."recipientId" IS NULL;
  active uuid;
  made boolean := false;
BEGIN
  PERFORM 1 FROM conversations c WHERE c."id" = conversation FOR NO KEY UPDATE;
  PERFORM 1 FROM users u WHERE u."id" IN (SELECT l."userId" FROM unnest(legs) l) ORDER BY u."id" FOR KEY SHARE OF u;
  IF NOT EXISTS (SELECT 1 FROM user_call_slots s WHERE s."slotNo" = 0 AND s."userId" IN
                   (SELECT l."userId" FROM unnest(legs) l WHERE l."role" = 'caller' OR NOT is_group))
     AND NOT EXISTS (SELECT 1 FROM calls c WHERE c."id" = call) THEN
    SELECT c."id" INTO active FROM calls c WHERE c."conversationId" = conversation AND c."status" IN ('calling', 'connected');
    IF FOUND THEN
      RETURN QUERY SELECT 1::bigint, 8::bigint, NULL::bigint, caller, active, NULL::uuid, NULL::text, NULL::text;
      RETURN;
    END IF;
    IF is_group THEN
      RETURN QUERY SELECT 1::bigint, p."why", NULL::bigint, p."userId", NULL::uuid, NULL::uuid, NULL::text, NULL::text FROM (
        SELECT l."userId", l."role", CASE
            WHEN conversation IS NOT NULL AND NOT EXISTS (SELECT 1 FROM conversation_members m
                WHERE m."conversationId" = conversation AND m."userId" = l."userId" AND m."leftAt" IS NULL) THEN 9::bigint
            WHEN l."role" = 'caller' THEN NULL
            WHEN u."status" <> 'active' THEN 10
            WHEN l."userId" = ANY (quiet) OR l."state" NOT IN ('invited', 'notified', 'ringing') THEN NULL
            WHEN EXISTS (SELECT 1 FROM blocks b WHERE b."userId" = caller AND b."blockedUserId" = l."userId")
              OR EXISTS (SELECT 1 FROM blocks b WHERE b."userId" = l."userId" AND b."blockedUserId" = caller) THEN 11
            WHEN EXISTS (SELECT 1 FROM user_call_slots s WHERE s."userId" = l."userId" AND s."slotNo" = 0) THEN 12
            END AS "why"
          FROM unnest(legs) l JOIN users u ON u."id" = l."userId") p
        WHERE p."why" IS NOT NULL ORDER BY p."role" <> 'caller', p."userId";
      IF FOUND THEN
        RETURN;
      END IF;
    END IF;
  END IF;
  FOR ord, code, current, who, "heldBy", "userId", username, avatar IN
    SELECT * FROM belfry_commit_and_put(batch, legs, true, false, false, entries, node)
  LOOP
    made := made OR code = 0;
    RETURN NEXT;
  END LOOP;
  IF made AND conversation IS NOT NULL THEN
    UPDATE calls c SET "conversationId" = conversation, "groupId" = CASE WHEN is_group THEN conversation END WHERE c."id" = call;
  END IF;
  IF made THEN
    UPDATE call_participants p SET "silent" = true WHERE p."callId" = call AND p."userId" = ANY (quiet);
  END IF;
END $$;
)sql";

}  // namespace belfry::postgres
