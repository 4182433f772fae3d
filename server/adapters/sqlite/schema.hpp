// The schema on SQLite and its migrations, for `belfry migrate` and every start (R-002-18). CHECK and PRIMARY KEY enforce what
// SPEC 2.3 asks of the database.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "adapters/sql/migration.hpp"
#include "adapters/sqlite/connection.hpp"

namespace belfry::sqlite {

[[nodiscard]] std::span<const sql::Migration> migrations();

/// Applies what is missing, each step in its own transaction; throws Failure. Its error says why it was refused.
[[nodiscard]] Expected<void, std::string> migrate(Connection& connection, WallTime now);
[[nodiscard]] std::vector<sql::AppliedMigration> applied_migrations(Connection& connection);

}  // namespace belfry::sqlite
