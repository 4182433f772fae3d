// Migration 16: messages, how far each member has read them, and their search index (SPEC K31 to K44). Frozen: a step that
// databases have taken never changes; what is new is a migration of its own.
#pragma once

#include <string_view>

namespace belfry::postgres {

// number: in the order of all messages. search: its lexemes are ours (adapters/sql/search_terms.hpp), not of a language's parser.
//
// R-002-12 to R-002-14: a role of belfry_reader sees the messages that `app.user_id` may read (K42).
inline constexpr std::string_view kMessages = R"sql(
ALTER TABLE conversation_members ADD COLUMN "joinedAfterSeq" bigint NOT NULL DEFAULT 0;
ALTER TABLE conversation_members ADD COLUMN "readUpToSeq" bigint NOT NULL DEFAULT 0;
ALTER TABLE conversation_members ADD COLUMN "deliveredUpToSeq" bigint NOT NULL DEFAULT 0;

CREATE TABLE messages (
  "number" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "id" uuid NOT NULL UNIQUE,
  "conversationId" uuid NOT NULL REFERENCES conversations ("id") ON DELETE CASCADE,
  "seq" bigint NOT NULL CHECK ("seq" > 0),
  "senderId" uuid NOT NULL,
  "clientMessageId" text NOT NULL,
  "kind" text NOT NULL CHECK ("kind" IN ('text', 'system', 'call', 'voicemail', 'file')),
  "text" text NOT NULL,
  "replyTo" uuid,
  "createdAt" bigint NOT NULL,
  "editedAt" bigint,
  "deletedAt" bigint,
  "search" tsvector NOT NULL,
  CHECK ("deletedAt" IS NULL OR "text" = ''),
  UNIQUE ("conversationId", "seq"),
  UNIQUE ("conversationId", "senderId", "clientMessageId")
);
CREATE INDEX messages_search ON messages USING gin ("search");

CREATE FUNCTION belfry_reader_reads(conversation uuid, message_seq bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path FROM CURRENT AS
  $$ SELECT EXISTS (SELECT 1 FROM conversation_members
       WHERE "conversationId" = conversation AND "userId" = belfry_reading_user() AND "leftAt" IS NULL
         AND "joinedAfterSeq" < message_seq) $$;
ALTER TABLE messages ENABLE ROW LEVEL SECURITY;
CREATE POLICY readers ON messages FOR SELECT USING (belfry_reader_reads("conversationId", "seq"));
DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'belfry_reader') THEN
    GRANT SELECT ON messages TO belfry_reader;
  END IF;
END $$;
)sql";

}  // namespace belfry::postgres
