// Migration 9: conversations, their members, and blocks. Frozen: a step that databases have taken never changes; what is new is a
// migration of its own.
#pragma once

#include <string_view>

namespace belfry::sqlite {

// pairLow and pairHigh: the two sides of a direct conversation in ascending order, so that there is one for each pair. A member
// who has left keeps the row, with leftAt.
inline constexpr std::string_view kConversations = R"sql(
CREATE TABLE conversations (
  "id" TEXT PRIMARY KEY NOT NULL,
  "kind" TEXT NOT NULL CHECK ("kind" IN ('direct', 'group')),
  "title" TEXT NOT NULL DEFAULT '',
  "avatar" TEXT NOT NULL DEFAULT '',
  "createdBy" TEXT NOT NULL,
  "lastSeq" INTEGER NOT NULL DEFAULT 0,
  "createdAt" INTEGER NOT NULL,
  "updatedAt" INTEGER NOT NULL,
  "pairLow" TEXT,
  "pairHigh" TEXT,
  CHECK (("kind" = 'direct') = ("pairLow" IS NOT NULL)),
  CHECK (("kind" = 'direct') = ("pairHigh" IS NOT NULL)),
  CHECK ("pairLow" < "pairHigh"),
  UNIQUE ("pairLow", "pairHigh")
) WITHOUT ROWID;

CREATE TABLE conversation_members (
  "conversationId" TEXT NOT NULL REFERENCES conversations ("id") ON DELETE CASCADE,
  "userId" TEXT NOT NULL,
  "role" TEXT NOT NULL CHECK ("role" IN ('owner', 'admin', 'member')),
  "ringMode" TEXT NOT NULL DEFAULT 'all' CHECK ("ringMode" IN ('all', 'none')),
  "joinedAt" INTEGER NOT NULL,
  "leftAt" INTEGER,
  PRIMARY KEY ("conversationId", "userId")
) WITHOUT ROWID;
CREATE INDEX conversations_of_user ON conversation_members ("userId") WHERE "leftAt" IS NULL;
CREATE UNIQUE INDEX owner_of_conversation ON conversation_members ("conversationId") WHERE "role" = 'owner' AND "leftAt" IS NULL;

CREATE TABLE blocks (
  "userId" TEXT NOT NULL,
  "blockedUserId" TEXT NOT NULL CHECK ("blockedUserId" <> "userId"),
  "createdAt" INTEGER NOT NULL,
  PRIMARY KEY ("userId", "blockedUserId")
) WITHOUT ROWID;
)sql";

}  // namespace belfry::sqlite
