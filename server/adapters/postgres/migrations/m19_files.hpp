// Migration 19: files, and the messages to which they are attached (SPEC K48, K49). Frozen: a step that databases have taken
// never changes; what is new is a migration of its own.
#pragma once

#include <string_view>

namespace belfry::postgres {

// messages.attachments: adapters/sql/attachments_text.hpp. message_attachments says which messages let others read a file.
inline constexpr std::string_view kFiles = R"sql(
CREATE TABLE files (
  "id" uuid PRIMARY KEY,
  "ownerId" uuid NOT NULL,
  "name" text NOT NULL,
  "mime" text NOT NULL,
  "size" bigint NOT NULL CHECK ("size" > 0),
  "width" bigint NOT NULL,
  "height" bigint NOT NULL,
  "hasThumbnail" boolean NOT NULL,
  "createdAt" bigint NOT NULL
);

CREATE TABLE message_attachments (
  "fileId" uuid NOT NULL REFERENCES files ("id") ON DELETE CASCADE,
  "messageId" uuid NOT NULL REFERENCES messages ("id") ON DELETE CASCADE,
  PRIMARY KEY ("fileId", "messageId")
);
CREATE INDEX message_attachments_of_message ON message_attachments ("messageId");

ALTER TABLE messages ADD COLUMN "attachments" text NOT NULL DEFAULT '';
)sql";

}  // namespace belfry::postgres
