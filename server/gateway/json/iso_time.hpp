// Times on the wire: ISO 8601, UTC, to the millisecond.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace belfry::gateway {

/// 2026-01-02T03:04:05.678Z
[[nodiscard]] std::string iso_text(WallTime time);
/// Empty if there is no time, which json::Writer::member_or_null() writes as null.
[[nodiscard]] std::string iso_text(const std::optional<WallTime>& time);
/// Reads the form of iso_text(), with or without milliseconds, with `Z` or an offset of less than a day. A date alone is its
/// midnight UTC. What iso_text() could not write, of a year before 0000 or after 9999 in UTC, is no time.
[[nodiscard]] std::optional<WallTime> parse_iso(std::string_view text);

}  // namespace belfry::gateway
