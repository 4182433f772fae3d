// Migration 4. Frozen: a step that databases have taken never changes; what is new is a migration of its own.
#pragma once

#include <string_view>

namespace belfry::postgres {

// "Log out everywhere" for tokens that are in no table of ours: what was issued before is void, but for the login that asked.
inline constexpr std::string_view kTokenLimit = R"sql(
ALTER TABLE users ADD COLUMN "tokensValidFrom" bigint NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN "tokensKept" uuid;
CREATE INDEX users_token_limit ON users ("tokensValidFrom") WHERE "tokensValidFrom" > 0;
CREATE INDEX changes_by_age ON changes ("at");
)sql";

}  // namespace belfry::postgres
