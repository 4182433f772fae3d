// Larger answers which more than one route gives.
#pragma once

#include <string>
#include <vector>

#include "store/call_archive.hpp"

namespace belfry::gateway {

[[nodiscard]] std::string audit_json(const std::vector<store::AuditEntry>& entries);
[[nodiscard]] std::string quality_json(const std::string& metrics, const std::vector<store::QualityEntry>& entries);

}  // namespace belfry::gateway
