// Quality samples and what they come to (R-001-81, R-002-26).
#pragma once

#include <vector>

#include "adapters/postgres/connection.hpp"
#include "store/call_archive.hpp"

namespace belfry::postgres {

void add_quality(Connection& connection, const store::CallId& call, const store::UserId& user,
                 const std::vector<store::QualitySample>& samples);
[[nodiscard]] std::vector<store::QualityEntry> find_quality(Connection& connection, const store::CallId& call);
[[nodiscard]] std::vector<store::StoredCall> recent_quality(Connection& connection, store::Page page);

}  // namespace belfry::postgres
