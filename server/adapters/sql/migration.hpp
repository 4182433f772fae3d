// Migrations: the numbered steps from an empty database to the schema of this binary. A released step never changes. Table
// `schema_migrations` (version, name, appliedAt) lists the steps that a database has (R-002-18).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.hpp"
#include "base/time.hpp"

namespace belfry::sql {

struct Migration {
  int version = 0;
  std::string_view name{};
  std::string_view sql{};  // any number of statements
};

struct MigrationStatus {
  int version = 0;
  std::string name{};
  std::optional<WallTime> applied{};  // none: not applied, needs `migrate up`
};

/// A step that the database has, from its table.
struct AppliedMigration {
  int version = 0;
  WallTime at{};
};

[[nodiscard]] std::vector<MigrationStatus> migration_status(std::span<const Migration> known,
                                                            std::span<const AppliedMigration> applied);
/// A database that a newer binary has migrated is not ours to touch; the error says so.
[[nodiscard]] Expected<void, std::string> refuse_newer(std::span<const Migration> known,
                                                       std::span<const AppliedMigration> applied);

inline constexpr std::string_view kMigrationTable =
    R"(CREATE TABLE IF NOT EXISTS schema_migrations ("version" INTEGER PRIMARY KEY, "name" TEXT NOT NULL, )"
    R"("appliedAt" BIGINT NOT NULL))";

}  // namespace belfry::sql
