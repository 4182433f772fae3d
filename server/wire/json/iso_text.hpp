// A time as text in JSON: ISO 8601, UTC, to the millisecond. Reading one: gateway/json/iso_time.hpp.
#pragma once

#include <string>

#include "base/time.hpp"

namespace belfry::json {

/// 2026-01-02T03:04:05.678Z
[[nodiscard]] std::string iso_text(WallTime time);

}  // namespace belfry::json
