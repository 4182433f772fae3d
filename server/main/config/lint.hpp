// Lint: settings that work and that an operator should know the danger of (R-000-56, J-3.8). Written to the log at start, and
// shown to administrators by GET /api/admin/config/lint. Not here: what stops the start (resolve.hpp).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "main/config/config.hpp"

namespace belfry::config {

struct Finding {
  std::string_view setting;  // its key
  std::string_view level;    // as of the log: "warn"
  std::string message;
  friend bool operator==(const Finding&, const Finding&) = default;
};

/// Of a configuration that resolve() accepted.
[[nodiscard]] std::vector<Finding> lint(const Config& config);

}  // namespace belfry::config
