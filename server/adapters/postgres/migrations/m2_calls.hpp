// Migration 2: calls, who takes part in them, their slots, audit, attempts and quality. Frozen: a step that databases have
// taken never changes; what is new is a migration of its own.
#pragma once

#include <string_view>

namespace belfry::postgres {

// No FOREIGN KEYs: each costs a search and a row lock for every row written, and belfry_commit looks at both users anyway,
// under locks. Users are never deleted, they get the status `deleted`.
//
// The tables which change with every transition leave room on their pages, so that an UPDATE of no indexed column stays on
// its page and touches no index.
inline constexpr std::string_view kCalls = R"sql(
CREATE TABLE calls (
  "id" uuid PRIMARY KEY,
  "version" bigint NOT NULL DEFAULT 1,
  "callerId" uuid NOT NULL,
  "recipientId" uuid NOT NULL,
  "conversationId" uuid,
  "groupId" uuid,
  "callType" text NOT NULL CHECK ("callType" IN ('audio', 'video')),
  "status" text NOT NULL CHECK ("status" IN ('calling', 'connected', 'rejected', 'missed', 'ended')),
  "endReason" text,
  "endedBy" uuid,
  "endedSession" uuid,
  "dialect" text NOT NULL DEFAULT 'rest',
  "ringPolicy" text NOT NULL DEFAULT 'immediate' CHECK ("ringPolicy" IN ('immediate', 'onCallerReady')),
  "announced" boolean NOT NULL DEFAULT true,
  "mediaMode" text NOT NULL DEFAULT 'p2p' CHECK ("mediaMode" IN ('p2p', 'sfu', 'external')),
  "channel" text,
  "ringTimeoutSec" bigint NOT NULL DEFAULT 60,
  "createdAt" bigint NOT NULL,
  "updatedAt" bigint NOT NULL DEFAULT (extract(epoch FROM clock_timestamp()) * 1000)::bigint,
  "ringExpiresAt" bigint,
  "firstRingAt" bigint,
  "startedAt" bigint,
  "endedAt" bigint,
  "duration" bigint CHECK ("duration" >= 0),
  "answerHeard" boolean NOT NULL DEFAULT true,
  "isRecorded" boolean NOT NULL DEFAULT false,
  "recordingUrl" text,
  "offer" text,
  "answer" text,
  "metadata" text NOT NULL DEFAULT '{}',
  "qualityMetrics" text NOT NULL DEFAULT '{}',
  "auditTip" bytea,
  CONSTRAINT calls_connected_has_start CHECK ("status" <> 'connected' OR "startedAt" IS NOT NULL),
  CONSTRAINT calls_final_has_end CHECK ("status" NOT IN ('rejected', 'missed', 'ended') OR "endedAt" IS NOT NULL),
  CONSTRAINT calls_end_after_start CHECK ("endedAt" >= "startedAt"),
  CONSTRAINT calls_between_two CHECK ("callerId" <> "recipientId"),
  CONSTRAINT calls_duration_of_ended CHECK (("duration" IS NOT NULL) = ("status" = 'ended' AND "startedAt" IS NOT NULL))
) WITH (fillfactor = 70);
CREATE INDEX calls_outgoing ON calls ("callerId", "createdAt", "id");
CREATE INDEX calls_incoming ON calls ("recipientId", "createdAt", "id");
CREATE INDEX calls_active ON calls ("createdAt", "id") WHERE "status" IN ('calling', 'connected');
CREATE INDEX calls_with_quality ON calls ("createdAt", "id") WHERE "qualityMetrics" <> '{}';

CREATE FUNCTION belfry_touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."updatedAt" := (extract(epoch FROM clock_timestamp()) * 1000)::bigint;
  RETURN NEW;
END $$;
CREATE TRIGGER calls_updated BEFORE UPDATE ON calls FOR EACH ROW
WHEN (NEW."version" = OLD."version" AND NEW."updatedAt" = OLD."updatedAt" AND NEW."qualityMetrics" = OLD."qualityMetrics")
EXECUTE FUNCTION belfry_touch();

CREATE TABLE call_participants (
  "callId" uuid NOT NULL,
  "userId" uuid NOT NULL,
  "role" text NOT NULL CHECK ("role" IN ('caller', 'callee')),
  "state" text NOT NULL,
  "deviceId" text,
  "sessionId" uuid,
  "invitedAt" bigint NOT NULL,
  "ringingAt" bigint,
  "joinedAt" bigint,
  "leftAt" bigint,
  "leaveReason" text,
  "mediaAlive" boolean NOT NULL DEFAULT false,
  "awaySince" bigint,
  "awayUntil" bigint,
  "awayByRestart" boolean NOT NULL DEFAULT false,
  PRIMARY KEY ("callId", "userId")
) WITH (fillfactor = 70);

CREATE TABLE user_call_slots (
  "userId" uuid NOT NULL,
  "slotNo" bigint NOT NULL DEFAULT 0,
  "callId" uuid NOT NULL,
  PRIMARY KEY ("userId", "slotNo")
);

CREATE TABLE call_audit (
  "seq" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "callId" uuid NOT NULL,
  "callSeq" bigint NOT NULL,
  "type" text NOT NULL,
  "actorUserId" uuid,
  "actorDeviceId" text,
  "payload" text NOT NULL DEFAULT '{}',
  "prevHash" bytea NOT NULL,
  "hash" bytea NOT NULL,
  "createdAt" bigint NOT NULL,
  "publishedAt" bigint
);
CREATE UNIQUE INDEX call_audit_of_call ON call_audit ("callId", "callSeq");

CREATE TABLE call_attempts (
  "id" uuid PRIMARY KEY,
  "callerId" uuid NOT NULL,
  "recipientId" uuid NOT NULL,
  "callType" text NOT NULL,
  "reason" text NOT NULL,
  "createdAt" bigint NOT NULL
);
CREATE INDEX call_attempts_outgoing ON call_attempts ("callerId", "createdAt");
CREATE INDEX call_attempts_incoming ON call_attempts ("recipientId", "createdAt");

CREATE TABLE quality_samples (
  "callId" uuid NOT NULL,
  "userId" uuid NOT NULL,
  "ts" bigint NOT NULL,
  "direction" text,
  "rttMs" double precision,
  "packetLoss" double precision,
  "jitterMs" double precision,
  "mos" double precision,
  "bitrateKbps" double precision,
  "resolution" text,
  "fps" double precision,
  "candidateType" text
);
CREATE INDEX quality_samples_of_call ON quality_samples ("callId", "ts");
)sql";

}  // namespace belfry::postgres
