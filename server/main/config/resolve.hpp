// Rules that involve more than one setting: defaults that differ with --dev, combinations that are refused, and features that
// this release does not have yet.
#pragma once

#include <string>
#include <vector>

#include "base/expected.hpp"
#include "main/config/config.hpp"

namespace belfry::config {

/// Fills every field marked "resolved" in config.hpp; appends sentences for the log to `warnings`.
[[nodiscard]] Expected<void, std::string> resolve(Config& config, std::vector<std::string>& warnings);

}  // namespace belfry::config
