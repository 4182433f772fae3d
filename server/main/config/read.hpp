// Reads the configuration from its four sources, the weakest first: built-in default, TOML file, variable, flag. An invalid value
// stops the start, because a server that runs with half of its settings is worse than one that does not run; the error names the
// place and the value that was probably meant. Pure but for opening the file: arguments and environment are parameters.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.hpp"
#include "main/config/config.hpp"

namespace belfry::config {

enum class Source : std::uint8_t { builtin, file, variable, flag };
[[nodiscard]] std::string_view to_text(Source source);  // default, file, env, flag

using Environment = std::map<std::string, std::string, std::less<>>;

enum class Action : std::uint8_t { serve, print_and_exit };

struct Reading {
  Action action = Action::serve;
  std::string print;                     // for print_and_exit: help, version or the configuration
  Config config;                         // resolved: all derived values are filled in
  std::map<std::string, Source> source;  // key: the setting's; absent: default
  std::vector<std::string> warnings;     // to be logged once there is a log
};

/// `arguments` without the program's name. The error is ready to be shown to the operator.
[[nodiscard]] Expected<Reading, std::string> read_config(const std::vector<std::string>& arguments,
                                                         const Environment& environment, std::string_view version);

/// The process's environment as it is now. Call it before threads start.
[[nodiscard]] Environment process_environment();

}  // namespace belfry::config
