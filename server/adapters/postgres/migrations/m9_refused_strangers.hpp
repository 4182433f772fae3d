// Migration 9: entries of the audit that belong to no call. Frozen: a step that databases have taken never changes; what is new
// is a migration of its own.
#pragma once

#include <string_view>

namespace belfry::postgres {

// An entry without a call belongs to no chain, and belfry_reader, who sees the calls of `app.user_id`, does not see it.
inline constexpr std::string_view kRefusedStrangers = R"sql(
ALTER TABLE call_audit ALTER COLUMN "callId" DROP NOT NULL;
CREATE INDEX refused_strangers ON call_audit ("createdAt") WHERE "callId" IS NULL;
CREATE INDEX refused_stranger_of_user ON call_audit ("actorUserId") WHERE "callId" IS NULL;
)sql";

}  // namespace belfry::postgres
