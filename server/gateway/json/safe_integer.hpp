// The largest integer that a JavaScript client reads and writes exactly, because its numbers are doubles (ECMA-262, "Number").
#pragma once

#include <cstdint>

namespace belfry::gateway {

constexpr std::int64_t kMaxSafeInteger = (std::int64_t{1} << 53) - 1;

}  // namespace belfry::gateway
