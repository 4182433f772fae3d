// Larger answers that several routes share, and their pages.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gateway/api/api_call.hpp"
#include "gateway/api/pages.hpp"
#include "store/call_archive.hpp"
#include "wire/json/writer.hpp"

namespace belfry::gateway {

[[nodiscard]] std::string audit_json(const std::vector<store::AuditEntry>& entries);
/// The page that the query parameters `page` and `limit` ask for.
[[nodiscard]] store::Page page_of(const ApiCall& call, std::uint32_t usual = kUsualPerPage, std::uint32_t most = kMostPerPage);
/// `"pagination":{page, limit, total, totalPages}` of a list with `total` entries.
void append_pagination(json::Writer& json, const store::Page& page, std::uint64_t total);
/// The members of a page of call history: `calls`, `pagination`, `nextCursor`.
void append_history(json::Writer& json, const store::HistoryPage& found, const store::Page& page);
[[nodiscard]] std::string quality_json(const std::string& metrics, const store::QualityPage& found, const store::Page& page);

}  // namespace belfry::gateway
