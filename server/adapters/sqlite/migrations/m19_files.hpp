// Migration 19: files, and the messages to which they are attached (SPEC K48, K49). Frozen: a step that databases have taken
// never changes; what is new is a migration of its own.
#pragma once

#include <string_view>

namespace belfry::sqlite {

// messages.attachments: adapters/sql/attachments_text.hpp. message_attachments says which messages let others read a file.
inline constexpr std::string_view kFiles = R"sql(
CREATE TABLE files (
  "id" TEXT PRIMARY KEY,
  "ownerId" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "mime" TEXT NOT NULL,
  "size" INTEGER NOT NULL CHECK ("size" > 0),
  "width" INTEGER NOT NULL,
  "height" INTEGER NOT NULL,
  "hasThumbnail" INTEGER NOT NULL CHECK ("hasThumbnail" IN (0, 1)),
  "createdAt" INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE message_attachments (
  "fileId" TEXT NOT NULL REFERENCES files ("id") ON DELETE CASCADE,
  "messageId" TEXT NOT NULL REFERENCES messages ("id") ON DELETE CASCADE,
  PRIMARY KEY ("fileId", "messageId")
) WITHOUT ROWID;
CREATE INDEX message_attachments_of_message ON message_attachments ("messageId");

ALTER TABLE messages ADD COLUMN "attachments" TEXT NOT NULL DEFAULT '';
)sql";

}  // namespace belfry::sqlite
