// Reads a file that a person wrote. Only regular files of bounded size: a device or a pipe may never end.
#pragma once

#include <string>

#include "base/expected.hpp"

namespace belfry::config {

/// The error is for the operator and begins with the file's name.
[[nodiscard]] Expected<std::string, std::string> read_small_file(const std::string& file);

}  // namespace belfry::config
