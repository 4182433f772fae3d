// Migration 17, with belfry_commit of commit_sql.hpp and the functions of commit_with_entries_sql.hpp: the entries of calls among
// the messages, and kept counts of unread messages (SPEC K43, K39). Frozen: a step that databases have taken never changes; what
// is new is a migration of its own.
#pragma once

#include <string_view>

namespace belfry::postgres {

// countedUpToSeq, countedUnread: of who lags far behind (message_columns.hpp).
inline constexpr std::string_view kCallEntries = R"sql(
ALTER TABLE conversation_members ADD COLUMN "countedUpToSeq" bigint NOT NULL DEFAULT 0;
ALTER TABLE conversation_members ADD COLUMN "countedUnread" bigint NOT NULL DEFAULT 0;

ALTER TABLE messages ADD COLUMN "callId" uuid CHECK ("kind" <> 'call' OR "callId" IS NOT NULL);
ALTER TABLE messages ADD COLUMN "callType" text;
ALTER TABLE messages ADD COLUMN "callStatus" text;
ALTER TABLE messages ADD COLUMN "callEndReason" text;
ALTER TABLE messages ADD COLUMN "callStartedAt" bigint;
ALTER TABLE messages ADD COLUMN "callEndedAt" bigint;
CREATE UNIQUE INDEX entry_of_call ON messages ("callId") WHERE "callId" IS NOT NULL;
)sql";

}  // namespace belfry::postgres
