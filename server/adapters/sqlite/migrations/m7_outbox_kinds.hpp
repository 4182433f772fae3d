// Migration 7: an outbox of several kinds. Frozen: a step that databases have taken never changes; what is new is a migration
// of its own.
#pragma once

#include <string_view>

namespace belfry::sqlite {

// What leaves by other ways than waiting for its person, and is tried by time (store/outbox.hpp). The table is made anew, so that
// a number is never given again: somebody may still hold one of an entry that is gone. No list of kinds is checked here: one
// more would cost every database a migration.
inline constexpr std::string_view kOutboxKinds = R"sql(
CREATE TABLE outbox_of_kinds (
  "seq" INTEGER PRIMARY KEY AUTOINCREMENT,
  "kind" TEXT NOT NULL DEFAULT 'call_end',
  "userId" TEXT NOT NULL,
  "callId" TEXT NOT NULL,
  "key" TEXT NOT NULL DEFAULT '',
  "aware" INTEGER NOT NULL DEFAULT 1,
  "payload" TEXT NOT NULL DEFAULT '',
  "createdAt" INTEGER NOT NULL,
  "dueAt" INTEGER,
  "expiresAt" INTEGER,
  "tries" INTEGER NOT NULL DEFAULT 0
);
INSERT INTO outbox_of_kinds ("seq", "kind", "userId", "callId", "aware", "createdAt")
  SELECT "seq", "kind", "userId", "callId", "aware", "createdAt" FROM outbox ORDER BY "seq";
DROP TABLE outbox;
ALTER TABLE outbox_of_kinds RENAME TO outbox;
CREATE UNIQUE INDEX outbox_of_user ON outbox ("userId", "callId", "kind", "key");
CREATE INDEX outbox_by_age ON outbox ("createdAt");
CREATE INDEX outbox_due ON outbox ("kind", "dueAt", "seq") WHERE "dueAt" IS NOT NULL;
)sql";

}  // namespace belfry::sqlite
