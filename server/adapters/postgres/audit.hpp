// Queries of the audit, and of the invariants that the tables can show (SPEC 2.6).
#pragma once

#include <vector>

#include "adapters/postgres/connection.hpp"
#include "store/call_archive.hpp"

namespace belfry::postgres {

/// A refused stranger's, which belongs to no call.
void insert_refused(Connection& connection, const store::AuditRecord& record);
[[nodiscard]] std::vector<store::AuditEntry> find_audit(Connection& connection, const store::AuditQuery& query);
[[nodiscard]] std::vector<store::Violation> find_violations(Connection& connection, WallTime now);

}  // namespace belfry::postgres
