// The schema on PostgreSQL and its migrations (R-002-18): the same versions, tables and columns as on SQLite, with ids as uuid.
// CHECK and PRIMARY KEY enforce what SPEC 2.3 asks of the database; row-level security decides who may read (R-002-14).
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
/// Whether the roles and policies for readers exist; a user who may not create roles has none (R-002-14).
[[nodiscard]] bool has_reader_role(Connection& connection);

}  // namespace belfry::postgres
