// Migration 4: who must still be notified that a call is over. Frozen: a step that databases have taken never changes; what is
// new is a migration of its own.
#pragma once

#include <string_view>

namespace belfry::sqlite {

// Hardly any call writes to it: only those that end while a participant is away.
inline constexpr std::string_view kOutbox = R"sql(
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

}  // namespace belfry::sqlite
