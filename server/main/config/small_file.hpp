// A file that a person wrote. A device or a pipe could be read without end, so only regular files of bounded length are.
#pragma once

#include <string>

#include "base/expected.hpp"

namespace belfry::config {

/// The error is for the operator, and begins with the file's name.
[[nodiscard]] Expected<std::string, std::string> read_small_file(const std::string& file);

}  // namespace belfry::config
