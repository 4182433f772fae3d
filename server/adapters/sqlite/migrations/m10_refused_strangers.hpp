// Migration 10: entries of the audit that belong to no call. Frozen: a step that databases have taken never changes; what is new
// is a migration of its own.
#pragma once

#include <string_view>

namespace belfry::sqlite {

// SQLite cannot drop a NOT NULL, so the table is made again. An entry without a call belongs to no chain.
inline constexpr std::string_view kRefusedStrangers = R"sql(
CREATE TABLE wider_call_audit (
  "seq" INTEGER PRIMARY KEY,
  "callId" TEXT,
  "callSeq" INTEGER NOT NULL,
  "type" TEXT NOT NULL,
  "actorUserId" TEXT,
  "actorDeviceId" TEXT,
  "payload" TEXT NOT NULL DEFAULT '{}',
  "prevHash" BLOB NOT NULL,
  "hash" BLOB NOT NULL,
  "createdAt" INTEGER NOT NULL,
  "publishedAt" INTEGER
);
INSERT INTO wider_call_audit SELECT "seq", "callId", "callSeq", "type", "actorUserId", "actorDeviceId", "payload", "prevHash",
  "hash", "createdAt", "publishedAt" FROM call_audit ORDER BY "seq";
DROP TABLE call_audit;
ALTER TABLE wider_call_audit RENAME TO call_audit;
CREATE UNIQUE INDEX call_audit_of_call ON call_audit ("callId", "callSeq");
CREATE INDEX refused_strangers ON call_audit ("createdAt") WHERE "callId" IS NULL;
CREATE INDEX refused_stranger_of_user ON call_audit ("actorUserId") WHERE "callId" IS NULL;
)sql";

}  // namespace belfry::sqlite
