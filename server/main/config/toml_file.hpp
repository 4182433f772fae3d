// A TOML file as a flat list of keys and texts. toml++ stays inside toml_file.cpp.
#pragma once

#include <string>
#include <vector>

#include "base/expected.hpp"

namespace belfry::config {

struct FileEntry {
  std::string key;    // call.timeout
  std::string text;   // as in a flag; arrays are joined by commas
  std::string where;  // belfry.toml:12: call.timeout
};

[[nodiscard]] Expected<std::vector<FileEntry>, std::string> read_toml_file(const std::string& file);

}  // namespace belfry::config
