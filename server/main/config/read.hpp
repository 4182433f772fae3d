// Reads the configuration from its four sources, the weaker first: built-in default, TOML file, variable, flag. What cannot be
// understood stops the start with a sentence that says where it stands and what was probably meant, since a server which runs
// with half of its settings is worse than one that does not run. Pure but for opening the file: arguments and environment
// are handed in.
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
  Config config;                         // resolved: nothing is left to be worked out
  std::map<std::string, Source> source;  // by the setting's key; absent: default
  std::vector<std::string> warnings;     // for the log, once there is one
};

/// `arguments` without the program's name. The error is ready to be shown to the operator.
[[nodiscard]] Expected<Reading, std::string> read_config(const std::vector<std::string>& arguments,
                                                         const Environment& environment, std::string_view version);

/// The process's environment as it is now. Call it before threads start.
[[nodiscard]] Environment process_environment();

}  // namespace belfry::config
