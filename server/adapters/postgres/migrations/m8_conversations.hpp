// Migration 8: conversations, their members, and blocks. Frozen: a step that databases have taken never changes; what is new is a
// migration of its own.
#pragma once

#include <string_view>

namespace belfry::postgres {

// pairLow and pairHigh: the two sides of a direct conversation in ascending order, so that there is one for each pair. A member
// who has left keeps the row, with leftAt.
//
// R-002-12 to R-002-14: a role of belfry_reader sees the conversations of `app.user_id` and who is in them. The policy of
// conversation_members cannot look into that table itself, so a function of the owner does.
inline constexpr std::string_view kConversations = R"sql(
CREATE TABLE conversations (
  "id" uuid PRIMARY KEY,
  "kind" text NOT NULL CHECK ("kind" IN ('direct', 'group')),
  "title" text NOT NULL DEFAULT '',
  "avatar" text NOT NULL DEFAULT '',
  "createdBy" uuid NOT NULL,
  "lastSeq" bigint NOT NULL DEFAULT 0,
  "createdAt" bigint NOT NULL,
  "updatedAt" bigint NOT NULL,
  "pairLow" uuid,
  "pairHigh" uuid,
  CHECK (("kind" = 'direct') = ("pairLow" IS NOT NULL)),
  CHECK (("kind" = 'direct') = ("pairHigh" IS NOT NULL)),
  CHECK ("pairLow" < "pairHigh"),
  UNIQUE ("pairLow", "pairHigh")
);

CREATE TABLE conversation_members (
  "conversationId" uuid NOT NULL REFERENCES conversations ("id") ON DELETE CASCADE,
  "userId" uuid NOT NULL,
  "role" text NOT NULL CHECK ("role" IN ('owner', 'admin', 'member')),
  "ringMode" text NOT NULL DEFAULT 'all' CHECK ("ringMode" IN ('all', 'none')),
  "joinedAt" bigint NOT NULL,
  "leftAt" bigint,
  PRIMARY KEY ("conversationId", "userId")
);
CREATE INDEX conversations_of_user ON conversation_members ("userId") WHERE "leftAt" IS NULL;
CREATE UNIQUE INDEX owner_of_conversation ON conversation_members ("conversationId") WHERE "role" = 'owner' AND "leftAt" IS NULL;

CREATE TABLE blocks (
  "userId" uuid NOT NULL,
  "blockedUserId" uuid NOT NULL CHECK ("blockedUserId" <> "userId"),
  "createdAt" bigint NOT NULL,
  PRIMARY KEY ("userId", "blockedUserId")
);

CREATE FUNCTION belfry_reader_is_member(conversation uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path FROM CURRENT AS
  $$ SELECT EXISTS (SELECT 1 FROM conversation_members
       WHERE "conversationId" = conversation AND "userId" = belfry_reading_user() AND "leftAt" IS NULL) $$;
ALTER TABLE conversations ENABLE ROW LEVEL SECURITY;
ALTER TABLE conversation_members ENABLE ROW LEVEL SECURITY;
ALTER TABLE blocks ENABLE ROW LEVEL SECURITY;
CREATE POLICY members ON conversations FOR SELECT USING (belfry_reader_is_member("id"));
CREATE POLICY members ON conversation_members FOR SELECT USING (belfry_reader_is_member("conversationId"));
CREATE POLICY own ON blocks FOR SELECT USING ("userId" = belfry_reading_user());
DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'belfry_reader') THEN
    GRANT SELECT ON conversations, conversation_members, blocks TO belfry_reader;
  END IF;
END $$;
)sql";

}  // namespace belfry::postgres
