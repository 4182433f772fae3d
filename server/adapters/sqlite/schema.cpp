#include "adapters/sqlite/schema.hpp"

#include <array>

#include "adapters/sqlite/migrations/m1_people.hpp"
#include "adapters/sqlite/migrations/m2_calls.hpp"
#include "adapters/sqlite/migrations/m3_plainer_checks.hpp"
#include "adapters/sqlite/migrations/m4_outbox.hpp"
#include "adapters/sqlite/migrations/m5_token_limit.hpp"
#include "adapters/sqlite/migrations/m6_group_calls.hpp"
#include "adapters/sqlite/migrations/m7_outbox_kinds.hpp"

namespace belfry::sqlite {
namespace {

// WITHOUT ROWID where rows are small and always found by key: one tree instead of two. `calls` has rows of kilobytes (offers), so
// it keeps its rowid. The audit's seq is a rowid without AUTOINCREMENT: rows are never deleted, so numbers are not reused, and
// each insert saves a second table.
//
// Only calls refer to users by FOREIGN KEY: each check is a search, and legs, slots and records are written together with their
// call.
constexpr std::string_view kPeople = R"sql(
CREATE TABLE users (
  "id" TEXT PRIMARY KEY NOT NULL,
  "username" TEXT NOT NULL UNIQUE CHECK (length("username") BETWEEN 1 AND 64),
  "email" TEXT UNIQUE,
  "displayName" TEXT NOT NULL DEFAULT '',
  "avatar" TEXT NOT NULL DEFAULT '',
  "passwordHash" TEXT NOT NULL DEFAULT '',
  "status" TEXT NOT NULL DEFAULT 'active' CHECK ("status" IN ('active', 'pending', 'inactive', 'blocked', 'deleted')),
  "role" TEXT NOT NULL DEFAULT 'user' CHECK ("role" IN ('user', 'admin', 'guest')),
  "mediaUid" INTEGER NOT NULL UNIQUE CHECK ("mediaUid" BETWEEN 1 AND 4294967295),
  "createdAt" INTEGER NOT NULL,
  "updatedAt" INTEGER NOT NULL,
  "lastActiveAt" INTEGER
) WITHOUT ROWID;
CREATE INDEX users_not_active ON users ("status") WHERE "status" <> 'active';

CREATE TABLE logins (
  "id" TEXT PRIMARY KEY NOT NULL,
  "userId" TEXT NOT NULL,
  "createdAt" INTEGER NOT NULL,
  "expiresAt" INTEGER NOT NULL,
  "revokedAt" INTEGER,
  "address" TEXT NOT NULL DEFAULT '',
  "userAgent" TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE INDEX logins_of_user ON logins ("userId");
CREATE INDEX logins_by_expiry ON logins ("expiresAt");
CREATE INDEX logins_revoked ON logins ("expiresAt") WHERE "revokedAt" IS NOT NULL;

CREATE TABLE changes (
  "seq" INTEGER PRIMARY KEY AUTOINCREMENT,
  "kind" TEXT NOT NULL CHECK ("kind" IN ('user_status', 'user_profile', 'login_revoked')),
  "userId" TEXT,
  "loginId" TEXT,
  "at" INTEGER NOT NULL
);

CREATE TABLE idempotency_keys (
  "owner" TEXT NOT NULL,
  "key" TEXT NOT NULL,
  "fingerprint" TEXT NOT NULL,
  "callId" TEXT,
  "status" INTEGER NOT NULL DEFAULT 0,
  "body" TEXT NOT NULL DEFAULT '',
  "createdAt" INTEGER NOT NULL,
  PRIMARY KEY ("owner", "key")
) WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys ("createdAt");

CREATE TABLE nodes (
  "id" TEXT PRIMARY KEY NOT NULL,
  "heartbeatAt" INTEGER NOT NULL
) WITHOUT ROWID;
)sql";

constexpr std::string_view kCalls = R"sql(
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

// For each row written, SQLite builds and drops a table for a CHECK's IN list of more than two words; that was two fifths of the
// cost of a call. So the words are compared one by one.
constexpr std::string_view kPlainerChecks = R"sql(
CREATE TABLE plainer_calls (
  "id" TEXT PRIMARY KEY NOT NULL,
  "version" INTEGER NOT NULL DEFAULT 1,
  "callerId" TEXT NOT NULL REFERENCES users ("id"),
  "recipientId" TEXT NOT NULL REFERENCES users ("id"),
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

INSERT INTO plainer_calls SELECT
  "id", "version", "callerId", "recipientId", "conversationId", "groupId", "callType", "status", "endReason",
  "endedBy", "endedSession", "dialect", "ringPolicy", "announced", "mediaMode", "channel", "ringTimeoutSec",
  "createdAt", "updatedAt", "ringExpiresAt", "firstRingAt", "startedAt", "endedAt", "duration", "answerHeard",
  "isRecorded", "recordingUrl", "offer", "answer", "metadata", "qualityMetrics", "auditTip"
  FROM calls ORDER BY rowid;
DROP TABLE calls;
ALTER TABLE plainer_calls RENAME TO calls;
CREATE INDEX calls_outgoing ON calls ("callerId", "createdAt", "id");
CREATE INDEX calls_incoming ON calls ("recipientId", "createdAt", "id");
CREATE INDEX calls_active ON calls ("createdAt", "id") WHERE "status" IN ('calling', 'connected');
CREATE INDEX calls_with_quality ON calls ("createdAt", "id") WHERE "qualityMetrics" <> '{}';
CREATE TRIGGER calls_updated AFTER UPDATE ON calls
WHEN NEW."version" = OLD."version" AND NEW."updatedAt" = OLD."updatedAt" AND NEW."qualityMetrics" = OLD."qualityMetrics"
BEGIN
  UPDATE calls SET "updatedAt" = CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) WHERE "id" = NEW."id";
END;
)sql";

// Few calls write to it: only those that end while a participant is away.
constexpr std::string_view kOutbox = R"sql(
CREATE TABLE outbox (
  "seq" INTEGER PRIMARY KEY,
  "kind" TEXT NOT NULL DEFAULT 'call_end',
  "userId" TEXT NOT NULL,
  "callId" TEXT NOT NULL,
  "aware" INTEGER NOT NULL DEFAULT 1,
  "createdAt" INTEGER NOT NULL
);
CREATE UNIQUE INDEX outbox_of_user ON outbox ("userId", "callId", "kind");
CREATE INDEX outbox_by_age ON outbox ("createdAt");
ALTER TABLE nodes ADD COLUMN "stoppedAt" INTEGER;
)sql";

// "Log out everywhere" for tokens that have no row here: those issued before are void, except the one of the login that asked.
constexpr std::string_view kTokenLimit = R"sql(
ALTER TABLE users ADD COLUMN "tokensValidFrom" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN "tokensKept" TEXT;
CREATE INDEX users_token_limit ON users ("tokensValidFrom") WHERE "tokensValidFrom" > 0;
CREATE INDEX changes_by_age ON changes ("at");
)sql";

// Entries that are tried by time, besides those that wait for a person (store/outbox.hpp). The table is created again with
// AUTOINCREMENT, so that numbers are never reused: a server may still hold the number of a deleted entry. No CHECK lists the
// kinds: a new kind would need a migration of every database.
constexpr std::string_view kOutboxKinds = R"sql(
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

constexpr std::array kMigrations = {sql::Migration{.version = 1, .name = "people", .sql = kPeople},
                                    sql::Migration{.version = 2, .name = "calls", .sql = kCalls},
                                    sql::Migration{.version = 3, .name = "plainer_checks", .sql = kPlainerChecks},
                                    sql::Migration{.version = 4, .name = "outbox", .sql = kOutbox},
                                    sql::Migration{.version = 5, .name = "token_limit", .sql = kTokenLimit},
                                    sql::Migration{.version = 6, .name = "group_calls", .sql = kGroupCalls},
                                    sql::Migration{.version = 7, .name = "outbox_kinds", .sql = kOutboxKinds}};

void note(Connection& connection, const sql::Migration& step, WallTime now) {
  Use use(connection.prepared(R"(INSERT INTO schema_migrations ("version", "name", "appliedAt") VALUES (?, ?, ?))"));
  use.number(step.version);
  use.text(step.name);
  use.time(now);
  use.run();
}

bool is_applied(Connection& connection, const sql::Migration& step) {
  Use use(connection.prepared(R"(SELECT 1 FROM schema_migrations WHERE "version" = ?)"));
  use.number(step.version);
  return use.row();
}

void apply(Connection& connection, const sql::Migration& step, WallTime now) {
  connection.begin_to_write();
  try {
    if (!is_applied(connection, step)) {  // another process may have been faster
      connection.run(std::string(step.sql));
      note(connection, step, now);
    }
  } catch (const Failure&) {
    connection.roll_back();
    throw;
  }
  connection.commit();
}

bool has_table(Connection& connection) {
  Use use(connection.prepared("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'"));
  return use.row();
}

}  // namespace

std::span<const sql::Migration> migrations() { return kMigrations; }

std::vector<sql::AppliedMigration> applied_migrations(Connection& connection) {
  std::vector<sql::AppliedMigration> applied;
  if (!has_table(connection)) return applied;
  Use use(connection.prepared(R"(SELECT "version", "appliedAt" FROM schema_migrations ORDER BY "version")"));
  while (use.row()) {
    const auto version = static_cast<int>(use.number());
    applied.push_back({.version = version, .at = use.time()});
  }
  return applied;
}

Expected<void, std::string> migrate(Connection& connection, WallTime now) {
  if (auto known = sql::refuse_newer(migrations(), applied_migrations(connection)); !known) return known;
  if (!has_table(connection)) connection.run(std::string(sql::kMigrationTable));
  connection.run("PRAGMA foreign_keys=OFF");  // a table that is created again takes over its rows unchecked
  for (const auto& step : sql::migration_status(migrations(), applied_migrations(connection)))
    if (!step.applied) apply(connection, migrations()[static_cast<std::size_t>(step.version - 1)], now);
  connection.run("PRAGMA foreign_keys=ON");
  return {};
}

}  // namespace belfry::sqlite
