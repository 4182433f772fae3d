// The schema on SQLite and the way to it, for `belfry migrate` and every start (R-002-18). What SPEC 2.3 asks the database to
// enforce is enforced here by CHECK and PRIMARY KEY.
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
