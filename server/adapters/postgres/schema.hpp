// The schema on PostgreSQL and the way to it (R-002-18): the same versions, tables and columns as on SQLite, with ids as uuid.
// What SPEC 2.3 asks the database to enforce is enforced here by CHECK and PRIMARY KEY, and who may read by row-level
// security (R-002-14).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "adapters/postgres/connection.hpp"
#include "adapters/sql/migration.hpp"

namespace belfry::postgres {

[[nodiscard]] std::span<const sql::Migration> migrations();

/// Applies what is missing, all in one transaction under a lock that servers which start at once queue for; throws Failure.
/// Its error says why it was refused.
[[nodiscard]] Expected<void, std::string> migrate(Connection& connection, WallTime now);
[[nodiscard]] std::vector<sql::AppliedMigration> applied_migrations(Connection& connection);
/// Whether roles and policies for readers could be made; a user who may not create roles goes without (R-002-14).
[[nodiscard]] bool has_reader_role(Connection& connection);

}  // namespace belfry::postgres
