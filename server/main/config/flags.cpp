#include "main/config/flags.hpp"

#include <string_view>

#include <CLI/CLI.hpp>

#include "main/config/names.hpp"
#include "main/config/schema.hpp"

namespace belfry::config {
namespace {

bool is_switch(const Setting& setting) {
  Config config;
  return std::holds_alternative<bool*>(setting.field(config));
}

void declare_flags(CLI::App& app, Arguments& arguments) {
  app.set_help_flag();
  app.add_flag("-h,--help", arguments.help);
  app.add_flag("--version", arguments.version);
  app.add_flag("--print-config", arguments.print_config);
  app.add_option_function<std::string>("--config", [&arguments](const std::string& file) { arguments.file = file; });
  app.add_option_function<std::string>("--env-file", [&arguments](const std::string& file) { arguments.env_file = file; });
  for (const Setting& setting : settings()) {
    std::string& text = arguments.values[std::string(setting.key)];
    if (is_switch(setting))  // --dev, or --dev=false against a file that sets it to true
      app.add_flag_function(flag_of(setting), [&text](std::int64_t count) { text = count > 0 ? "true" : "false"; });
    else
      app.add_option(flag_of(setting), text);
  }
  app.allow_extras();
}

std::string explain_stranger(const std::string& stranger) {
  std::vector<std::string> names = all_names(flag_of);
  for (const char* own : {"--config", "--env-file", "--print-config", "--version", "--help"}) names.emplace_back(own);
  const std::string name = stranger.substr(0, stranger.find('='));
  if (!name.starts_with('-')) return "\"" + stranger + "\" is no command; there are serve, migrate, user, token and audit";
  return "unknown flag " + name + did_you_mean(name, names) + " (belfry --help lists them all)";
}

}  // namespace

Expected<Arguments, std::string> parse_arguments(const std::vector<std::string>& words) {
  Arguments arguments;
  CLI::App app;
  declare_flags(app, arguments);
  // `serve` is the default. It is removed here, because a CLI11 subcommand would need every flag declared twice.
  std::vector<std::string> reversed(words.rbegin(), words.rend());
  if (!reversed.empty() && reversed.back() == "serve") reversed.pop_back();
  try {
    app.parse(reversed);
  } catch (const CLI::ParseError& error) {
    return unexpected(std::string(error.what()));
  }
  if (const auto strangers = app.remaining(); !strangers.empty()) return unexpected(explain_stranger(strangers.front()));
  return arguments;
}

}  // namespace belfry::config
