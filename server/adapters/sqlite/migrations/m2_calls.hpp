// Migration 2: calls, who takes part in them, their slots, audit, attempts and quality. Frozen: a step that databases have
// taken never changes; what is new is a migration of its own.
#pragma once

#include <string_view>

namespace belfry::sqlite {

inline constexpr std::string_view kCalls = R"sql(
CREATE TABLE calls (
  "id" TEXT PRIMARY KEY NOT NULL,
  "version" INTEGER NOT NULL DEFAULT 1,
  "callerId" TEXT NOT NULL REFERENCES users ("id"),
  "recipientId" TEXT NOT NULL REFERENCES users ("id"),
  "conversationId" TEXT,
  "groupId" TEXT,
  "callType" TEXT NOT NULL CHECK ("callType" IN ('audio', 'video')),
  "status" TEXT NOT NULL CHECK ("status" IN ('calling', 'connected', 'rejected', 'missed', 'ended')),
  "endReason" TEXT,
  "endedBy" TEXT,
  "endedSession" TEXT,
  "dialect" TEXT NOT NULL DEFAULT 'rest',
  "ringPolicy" TEXT NOT NULL DEFAULT 'immediate' CHECK ("ringPolicy" IN ('immediate', 'onCallerReady')),
  "announced" INTEGER NOT NULL DEFAULT 1,
  "mediaMode" TEXT NOT NULL DEFAULT 'p2p' CHECK ("mediaMode" IN ('p2p', 'sfu', 'external')),
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
  CHECK ("status" NOT IN ('rejected', 'missed', 'ended') OR "endedAt" IS NOT NULL),
  CHECK ("endedAt" >= "startedAt"),
  CHECK ("callerId" <> "recipientId"),
  CHECK (("duration" IS NOT NULL) = ("status" = 'ended' AND "startedAt" IS NOT NULL))
);
CREATE INDEX calls_outgoing ON calls ("callerId", "createdAt", "id");
CREATE INDEX calls_incoming ON calls ("recipientId", "createdAt", "id");
CREATE INDEX calls_active ON calls ("createdAt", "id") WHERE "status" IN ('calling', 'connected');
CREATE INDEX calls_with_quality ON calls ("createdAt", "id") WHERE "qualityMetrics" <> '{}';
CREATE TRIGGER calls_updated AFTER UPDATE ON calls
WHEN NEW."version" = OLD."version" AND NEW."updatedAt" = OLD."updatedAt" AND NEW."qualityMetrics" = OLD."qualityMetrics"
BEGIN
  UPDATE calls SET "updatedAt" = CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) WHERE "id" = NEW."id";
END;

CREATE TABLE call_participants (
  "callId" TEXT NOT NULL,
  "userId" TEXT NOT NULL,
  "role" TEXT NOT NULL CHECK ("role" IN ('caller', 'callee')),
  "state" TEXT NOT NULL,
  "deviceId" TEXT,
  "sessionId" TEXT,
  "invitedAt" INTEGER NOT NULL,
  "ringingAt" INTEGER,
  "joinedAt" INTEGER,
  "leftAt" INTEGER,
  "leaveReason" TEXT,
  "mediaAlive" INTEGER NOT NULL DEFAULT 0,
  "awaySince" INTEGER,
  "awayUntil" INTEGER,
  "awayByRestart" INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY ("callId", "userId")
) WITHOUT ROWID;

CREATE TABLE user_call_slots (
  "userId" TEXT NOT NULL,
  "slotNo" INTEGER NOT NULL DEFAULT 0,
  "callId" TEXT NOT NULL,
  PRIMARY KEY ("userId", "slotNo")
) WITHOUT ROWID;

CREATE TABLE call_audit (
  "seq" INTEGER PRIMARY KEY,
  "callId" TEXT NOT NULL,
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
CREATE UNIQUE INDEX call_audit_of_call ON call_audit ("callId", "callSeq");

CREATE TABLE call_attempts (
  "id" TEXT PRIMARY KEY NOT NULL,
  "callerId" TEXT NOT NULL,
  "recipientId" TEXT NOT NULL,
  "callType" TEXT NOT NULL,
  "reason" TEXT NOT NULL,
  "createdAt" INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX call_attempts_outgoing ON call_attempts ("callerId", "createdAt");
CREATE INDEX call_attempts_incoming ON call_attempts ("recipientId", "createdAt");

CREATE TABLE quality_samples (
  "callId" TEXT NOT NULL,
  "userId" TEXT NOT NULL,
  "ts" INTEGER NOT NULL,
  "direction" TEXT,
  "rttMs" REAL,
  "packetLoss" REAL,
  "jitterMs" REAL,
  "mos" REAL,
  "bitrateKbps" REAL,
  "resolution" TEXT,
  "fps" REAL,
  "candidateType" TEXT
);
CREATE INDEX quality_samples_of_call ON quality_samples ("callId", "ts");
)sql";

}  // namespace belfry::sqlite
