// Migration 7: refresh tokens. Frozen: a step that databases have taken never changes; what is new is a migration of its own.
#pragma once

#include <string_view>

namespace belfry::postgres {

// The database has only the hashes of refresh tokens. A login without a family was made before this migration, or by a server of
// the previous release that still runs, and begins its own.
inline constexpr std::string_view kRefreshTokens = R"sql(
ALTER TABLE logins ADD COLUMN "refreshHash" text, ADD COLUMN "family" uuid;
CREATE UNIQUE INDEX logins_by_refresh ON logins ("refreshHash") WHERE "refreshHash" IS NOT NULL;
CREATE INDEX logins_of_family ON logins ("family");
)sql";

}  // namespace belfry::postgres
