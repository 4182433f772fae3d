// The pages of lists: the query parameters `page` and `limit`, how long a page may be, and how deep a list may be read.
#pragma once

#include <cstdint>
#include <string_view>

#include "gateway/api/operation.hpp"

namespace belfry::gateway {

/// SPEC R-001-73: entries of a page if the client names no limit.
constexpr std::uint32_t kUsualPerPage = 20;
/// SPEC R-001-75: a higher limit is lowered to this, so that one answer does not keep other reads waiting.
constexpr std::uint32_t kMostPerPage = 100;
constexpr std::string_view kMostPerPageText = "more than 100 is 100";

/// How many entries may lie before a page. The database walks all of them (OFFSET) while other reads wait. A list with a
/// cursor needs no deep pages, so its bound is lower.
constexpr std::int64_t kDeepest = 100'000;
constexpr std::int64_t kDeepestWithCursor = 10'000;

[[nodiscard]] inline Field page_field() { return {"page", FieldKind::integer, Need::optional, "from 1", {}, 1}; }
[[nodiscard]] inline Field limit_field(std::string_view about = kMostPerPageText) {
  return {"limit", FieldKind::integer, Need::optional, about, {}, 1};
}

}  // namespace belfry::gateway
