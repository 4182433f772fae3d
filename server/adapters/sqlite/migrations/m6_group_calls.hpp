// Migration 6: calls of more than two. recipientId may be NULL, and who else was called finds the call by groupCallAt
// (adapters/sql/history_roles.hpp). SQLite cannot take a NOT NULL back, so the table is made anew. Frozen: a step that
// databases have taken never changes; what is new is a migration of its own.
#pragma once

#include <string_view>

namespace belfry::sqlite {

inline constexpr std::string_view kGroupCalls = R"sql(
CREATE TABLE group_calls (
  "id" TEXT PRIMARY KEY NOT NULL,
  "version" INTEGER NOT NULL DEFAULT 1,
  "callerId" TEXT NOT NULL REFERENCES users ("id"),
  "recipientId" TEXT REFERENCES users ("id"),
  "conversationId" TEXT,
  "groupId" TEXT,
  "callType" TEXT NOT NULL CHECK ("callType" = 'audio' OR "callType" = 'video'),
  "status" TEXT NOT NULL CHECK ("status" = 'calling' OR "status" = 'connected' OR
                                "status" = 'rejected' OR "status" = 'missed' OR "status" = 'ended'),
  "endReason" TEXT,
  "endedBy" TEXT,
  "endedSession" TEXT,
  "dialect" TEXT NOT NULL DEFAULT 'rest',
  "ringPolicy" TEXT NOT NULL DEFAULT 'immediate' CHECK ("ringPolicy" = 'immediate' OR "ringPolicy" = 'onCallerReady'),
  "announced" INTEGER NOT NULL DEFAULT 1,
  "mediaMode" TEXT NOT NULL DEFAULT 'p2p' CHECK ("mediaMode" = 'p2p' OR "mediaMode" = 'sfu' OR "mediaMode" = 'external'),
  "channel" TEXT,
  "ringTimeoutSec" INTEGER NOT NULL DEFAULT 60,
  "createdAt" INTEGER NOT NULL,
  "updatedAt" INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  "ringExpiresAt" INTEGER,
  "firstRingAt" INTEGER,
  "startedAt" INTEGER,
  "endedAt" INTEGER,
  "duration" INTEGER CHECK ("duration" >= 0),
  "answerHeard" INTEGER NOT NULL DEFAULT 1,
  "isRecorded" INTEGER NOT NULL DEFAULT 0,
  "recordingUrl" TEXT,
  "offer" TEXT,
  "answer" TEXT,
  "metadata" TEXT NOT NULL DEFAULT '{}',
  "qualityMetrics" TEXT NOT NULL DEFAULT '{}',
  "auditTip" BLOB,
  CHECK ("status" <> 'connected' OR "startedAt" IS NOT NULL),
  CHECK ("status" = 'calling' OR "status" = 'connected' OR "endedAt" IS NOT NULL),
  CHECK ("endedAt" >= "startedAt"),
  CHECK ("callerId" <> "recipientId"),
  CHECK (("duration" IS NOT NULL) = ("status" = 'ended' AND "startedAt" IS NOT NULL))
);
INSERT INTO group_calls SELECT
  "id", "version", "callerId", "recipientId", "conversationId", "groupId", "callType", "status", "endReason",
  "endedBy", "endedSession", "dialect", "ringPolicy", "announced", "mediaMode", "channel", "ringTimeoutSec",
  "createdAt", "updatedAt", "ringExpiresAt", "firstRingAt", "startedAt", "endedAt", "duration", "answerHeard",
  "isRecorded", "recordingUrl", "offer", "answer", "metadata", "qualityMetrics", "auditTip"
  FROM calls ORDER BY rowid;
DROP TABLE calls;
ALTER TABLE group_calls RENAME TO calls;
CREATE INDEX calls_outgoing ON calls ("callerId", "createdAt", "id");
CREATE INDEX calls_incoming ON calls ("recipientId", "createdAt", "id");
CREATE INDEX calls_active ON calls ("createdAt", "id") WHERE "status" IN ('calling', 'connected');
CREATE INDEX calls_with_quality ON calls ("createdAt", "id") WHERE "qualityMetrics" <> '{}';
CREATE TRIGGER calls_updated AFTER UPDATE ON calls
WHEN NEW."version" = OLD."version" AND NEW."updatedAt" = OLD."updatedAt" AND NEW."qualityMetrics" = OLD."qualityMetrics"
BEGIN
  UPDATE calls SET "updatedAt" = CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) WHERE "id" = NEW."id";
END;
ALTER TABLE call_participants ADD COLUMN "groupCallAt" INTEGER;
CREATE INDEX participants_of_groups ON call_participants ("userId", "groupCallAt", "callId") WHERE "groupCallAt" IS NOT NULL;
)sql";

}  // namespace belfry::sqlite
