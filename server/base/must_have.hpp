// must_have(): the value of an optional which cannot be empty here unless we wrote a bug, as a CHECK (check.hpp).
#pragma once

#include <optional>
#include <utility>

#include "base/check.hpp"

namespace belfry {

/// `meaning` says why there is one, for the log.
template <class Value>
[[nodiscard]] Value must_have(std::optional<Value> value, const char* meaning) {
  CHECK(value.has_value(), meaning);
  return *std::move(value);
}

}  // namespace belfry
