// Migration 1: users, their logins, what changed of them, idempotency keys, servers. Frozen: a step that databases have taken
// never changes; what is new is a migration of its own.
#pragma once

#include <string_view>

namespace belfry::sqlite {

// WITHOUT ROWID where rows are small and always sought by their key: one tree instead of two. `calls` has rows of kilobytes
// (offers), so it keeps its rowid. The audit's seq is a rowid without AUTOINCREMENT: nothing is ever deleted from it, so
// numbers are not used again, and each insert is spared a second table.
//
// Only calls refer to users by FOREIGN KEY: each check is a search, and legs, slots and records are written with their call.
inline constexpr std::string_view kPeople = R"sql(
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

}  // namespace belfry::sqlite
