// Migration 11: devices, and the log of pushes. Frozen: a step that databases have taken never changes; what is new is a
// migration of its own.
#pragma once

#include <string_view>

namespace belfry::postgres {

// A device without a token (provider "none") is like no other. The log has no reference to devices: it outlives them.
//
// R-002-12 to R-002-14: a role of belfry_reader sees the devices of `app.user_id` and what was pushed to them, but no token and
// no key: with those anybody could push to the device.
inline constexpr std::string_view kDevices = R"sql(
CREATE TABLE devices (
  "id" uuid PRIMARY KEY,
  "userId" uuid NOT NULL,
  "platform" text NOT NULL,
  "name" text NOT NULL,
  "pushProvider" text NOT NULL,
  "pushToken" text NOT NULL,
  "voipToken" text NOT NULL,
  "p256dh" text NOT NULL,
  "auth" text NOT NULL,
  "dnd" boolean NOT NULL DEFAULT false,
  "lastActiveAt" bigint NOT NULL,
  "createdAt" bigint NOT NULL
);
CREATE UNIQUE INDEX device_of_token ON devices ("pushProvider", "pushToken") WHERE "pushToken" <> '';
CREATE INDEX devices_of_user ON devices ("userId");

CREATE TABLE push_deliveries (
  "callId" uuid NOT NULL,
  "deviceId" uuid NOT NULL,
  "type" text NOT NULL CHECK ("type" IN ('ring', 'cancel')),
  "userId" uuid NOT NULL,
  "provider" text NOT NULL,
  "status" text NOT NULL DEFAULT 'pending'
    CHECK ("status" IN ('pending', 'delivered', 'failed', 'expired', 'unregistered', 'dropped')),
  "attempts" bigint NOT NULL DEFAULT 0,
  "error" text NOT NULL DEFAULT '',
  "latencyMs" bigint,
  "stopped" boolean NOT NULL DEFAULT false,
  "createdAt" bigint NOT NULL,
  "updatedAt" bigint NOT NULL,
  PRIMARY KEY ("callId", "deviceId", "type")
);
CREATE INDEX push_deliveries_by_time ON push_deliveries ("createdAt");

ALTER TABLE devices ENABLE ROW LEVEL SECURITY;
ALTER TABLE push_deliveries ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON devices FOR SELECT USING ("userId" = belfry_reading_user());
CREATE POLICY own ON push_deliveries FOR SELECT USING ("userId" = belfry_reading_user());
DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'belfry_reader') THEN
    GRANT SELECT ("id", "userId", "platform", "name", "pushProvider", "dnd", "lastActiveAt", "createdAt") ON devices TO belfry_reader;
    GRANT SELECT ON push_deliveries TO belfry_reader;
  END IF;
END $$;
)sql";

}  // namespace belfry::postgres
