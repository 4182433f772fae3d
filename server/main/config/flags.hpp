// The command line, divided into settings and the few words that are none. CLI11 stays inside flags.cpp.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/expected.hpp"

namespace belfry::config {

struct Arguments {
  std::map<std::string, std::string, std::less<>> values;  // key: the setting's; empty: not given
  std::optional<std::string> file;
  std::optional<std::string> env_file;
  bool help = false;
  bool version = false;
  bool print_config = false;
};

[[nodiscard]] Expected<Arguments, std::string> parse_arguments(const std::vector<std::string>& words);

}  // namespace belfry::config
