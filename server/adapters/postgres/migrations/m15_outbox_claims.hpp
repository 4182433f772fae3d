// Migration 15: which server has claimed an entry of the outbox. Frozen: a step that databases have taken never changes; what is
// new is a migration of its own.
#pragma once

#include <string_view>

namespace belfry::postgres {

// Null: nobody tries the entry now. It has no index: only the claims of a server that is gone are looked for, while each try
// would have to keep the index.
inline constexpr std::string_view kOutboxClaims = R"sql(
ALTER TABLE outbox ADD COLUMN "claimedBy" uuid;
)sql";

}  // namespace belfry::postgres
