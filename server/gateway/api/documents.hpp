// Larger answers which more than one route gives.
#pragma once

#include <string>
#include <vector>

#include "store/call_archive.hpp"
#include "wire/json/writer.hpp"

namespace belfry::gateway {

[[nodiscard]] std::string audit_json(const std::vector<store::AuditEntry>& entries);
/// `"pagination":{page, limit, total, totalPages}` of a list that has `total` entries.
void append_pagination(json::Writer& json, const store::Page& page, std::uint64_t total);
[[nodiscard]] std::string quality_json(const std::string& metrics, const store::QualityPage& found, const store::Page& page);

}  // namespace belfry::gateway
