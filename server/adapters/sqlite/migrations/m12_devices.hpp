// Migration 12: devices, and the log of pushes. Frozen: a step that databases have taken never changes; what is new is a
// migration of its own.
#pragma once

#include <string_view>

namespace belfry::sqlite {

// A device without a token (provider "none") is like no other. The log has no reference to devices: it outlives them.
inline constexpr std::string_view kDevices = R"sql(
CREATE TABLE devices (
  "id" TEXT PRIMARY KEY NOT NULL,
  "userId" TEXT NOT NULL,
  "platform" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "pushProvider" TEXT NOT NULL,
  "pushToken" TEXT NOT NULL,
  "voipToken" TEXT NOT NULL,
  "p256dh" TEXT NOT NULL,
  "auth" TEXT NOT NULL,
  "dnd" INTEGER NOT NULL DEFAULT 0 CHECK ("dnd" IN (0, 1)),
  "lastActiveAt" INTEGER NOT NULL,
  "createdAt" INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX device_of_token ON devices ("pushProvider", "pushToken") WHERE "pushToken" <> '';
CREATE INDEX devices_of_user ON devices ("userId");

CREATE TABLE push_deliveries (
  "callId" TEXT NOT NULL,
  "deviceId" TEXT NOT NULL,
  "type" TEXT NOT NULL CHECK ("type" IN ('ring', 'cancel')),
  "userId" TEXT NOT NULL,
  "provider" TEXT NOT NULL,
  "status" TEXT NOT NULL DEFAULT 'pending'
    CHECK ("status" IN ('pending', 'delivered', 'failed', 'expired', 'unregistered', 'dropped')),
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "error" TEXT NOT NULL DEFAULT '',
  "latencyMs" INTEGER,
  "stopped" INTEGER NOT NULL DEFAULT 0 CHECK ("stopped" IN (0, 1)),
  "createdAt" INTEGER NOT NULL,
  "updatedAt" INTEGER NOT NULL,
  PRIMARY KEY ("callId", "deviceId", "type")
) WITHOUT ROWID;
CREATE INDEX push_deliveries_by_time ON push_deliveries ("createdAt");
)sql";

}  // namespace belfry::sqlite
