// Migration 17: the entries of calls among the messages, and kept counts of unread messages (SPEC K43, K39). Frozen: a step that
// databases have taken never changes; what is new is a migration of its own.
#pragma once

#include <string_view>

namespace belfry::sqlite {

// countedUpToSeq, countedUnread: of who lags far behind (message_columns.hpp).
inline constexpr std::string_view kCallEntries = R"sql(
ALTER TABLE conversation_members ADD COLUMN "countedUpToSeq" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversation_members ADD COLUMN "countedUnread" INTEGER NOT NULL DEFAULT 0;

ALTER TABLE messages ADD COLUMN "callId" TEXT CHECK ("kind" <> 'call' OR "callId" IS NOT NULL);
ALTER TABLE messages ADD COLUMN "callType" TEXT;
ALTER TABLE messages ADD COLUMN "callStatus" TEXT;
ALTER TABLE messages ADD COLUMN "callEndReason" TEXT;
ALTER TABLE messages ADD COLUMN "callStartedAt" INTEGER;
ALTER TABLE messages ADD COLUMN "callEndedAt" INTEGER;
CREATE UNIQUE INDEX entry_of_call ON messages ("callId") WHERE "callId" IS NOT NULL;
)sql";

}  // namespace belfry::sqlite
