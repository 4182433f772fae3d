// Migration 16: messages, how far each member has read them, and their search index (SPEC K31 to K44). Frozen: a step that
// databases have taken never changes; what is new is a migration of its own.
#pragma once

#include <string_view>

namespace belfry::sqlite {

// number: in the order of all messages, and the row of the search index. The index has its terms from us (adapters/sql/
// search_terms.hpp): its own tokenizer only splits at spaces. detail and columnsize: nothing asks where a term stands, nor for a
// rank. The trigger serves people who delete by hand: our own statements delete from the index themselves (connection.cpp).
inline constexpr std::string_view kMessages = R"sql(
ALTER TABLE conversation_members ADD COLUMN "joinedAfterSeq" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversation_members ADD COLUMN "readUpToSeq" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversation_members ADD COLUMN "deliveredUpToSeq" INTEGER NOT NULL DEFAULT 0;

CREATE TABLE messages (
  "number" INTEGER PRIMARY KEY,
  "id" TEXT NOT NULL UNIQUE,
  "conversationId" TEXT NOT NULL REFERENCES conversations ("id") ON DELETE CASCADE,
  "seq" INTEGER NOT NULL CHECK ("seq" > 0),
  "senderId" TEXT NOT NULL,
  "clientMessageId" TEXT NOT NULL,
  "kind" TEXT NOT NULL CHECK ("kind" IN ('text', 'system', 'call', 'voicemail', 'file')),
  "text" TEXT NOT NULL,
  "replyTo" TEXT,
  "createdAt" INTEGER NOT NULL,
  "editedAt" INTEGER,
  "deletedAt" INTEGER,
  CHECK ("deletedAt" IS NULL OR "text" = ''),
  UNIQUE ("conversationId", "seq"),
  UNIQUE ("conversationId", "senderId", "clientMessageId")
);

CREATE VIRTUAL TABLE messages_search USING fts5 ("terms", tokenize = 'ascii', detail = none, columnsize = 0);
CREATE TRIGGER message_gone AFTER DELETE ON messages BEGIN
  DELETE FROM messages_search WHERE rowid = old."number";
END;
)sql";

}  // namespace belfry::sqlite
