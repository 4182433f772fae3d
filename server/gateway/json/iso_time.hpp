// Times as the wire has them: ISO 8601, UTC, to the millisecond.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace belfry::gateway {

/// 2026-01-02T03:04:05.678Z
[[nodiscard]] std::string iso_text(WallTime time);
/// Empty if there is none: what json::Writer::member_or_null() takes.
[[nodiscard]] std::string iso_text(const std::optional<WallTime>& time);
/// The same form read back, with or without milliseconds, `Z` or an offset; a bare date is its midnight UTC.
[[nodiscard]] std::optional<WallTime> parse_iso(std::string_view text);

}  // namespace belfry::gateway
