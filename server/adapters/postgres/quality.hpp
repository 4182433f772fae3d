// Quality samples and their aggregates (R-001-81, R-002-26).
#pragma once

#include <vector>

#include "adapters/postgres/connection.hpp"
#include "store/call_archive.hpp"

namespace belfry::postgres {

/// Returns how many were stored.
std::size_t insert_quality(Connection& connection, const store::CallId& call, const store::UserId& user,
                           const std::vector<store::QualitySample>& samples);
[[nodiscard]] store::QualityPage find_quality(Connection& connection, const store::CallId& call, store::Page page);
/// Deletes old refused starts too.
void forget_old_samples(Connection& connection, WallTime before, std::size_t most);
[[nodiscard]] std::vector<store::StoredCall> calls_with_quality(Connection& connection, store::Page page);

}  // namespace belfry::postgres
