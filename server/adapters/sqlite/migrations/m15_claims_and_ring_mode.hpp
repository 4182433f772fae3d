// Migration 15: which server has claimed an entry of the outbox, and whom a call rings (SPEC J-1.5). Frozen: a step that
// databases have taken never changes; what is new is a migration of its own.
#pragma once

#include <string_view>

namespace belfry::sqlite {

// claimedBy is null: nobody tries the entry now. It has no index: only the claims of a server that is gone are looked for, while
// each try would have to keep the index.
inline constexpr std::string_view kClaimsAndRingMode = R"sql(
ALTER TABLE outbox ADD COLUMN "claimedBy" TEXT;
ALTER TABLE calls ADD COLUMN "ringMode" TEXT NOT NULL DEFAULT 'all' CHECK ("ringMode" = 'all' OR "ringMode" = 'online');
)sql";

}  // namespace belfry::sqlite
