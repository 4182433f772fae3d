// Migration 22: files that no message has, and those whose bytes are still to be removed. Frozen: a step that databases have
// taken never changes; what is new is a migration of its own.
#pragma once

#include <string_view>

namespace belfry::sqlite {

// unusedSince: adapters/sql/file_port.hpp. NULL: when it was looked at last, a message had it.
inline constexpr std::string_view kUnusedFiles = R"sql(
ALTER TABLE files ADD COLUMN "unusedSince" INTEGER;
UPDATE files SET "unusedSince" = "createdAt";
CREATE INDEX files_unused ON files ("unusedSince") WHERE "unusedSince" IS NOT NULL;
CREATE TABLE removed_files ("id" TEXT PRIMARY KEY) WITHOUT ROWID;
)sql";

}  // namespace belfry::sqlite
