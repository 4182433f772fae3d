#include "main/config/read.hpp"

#include <unistd.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <utility>

#include "base/check.hpp"
#include "main/config/flags.hpp"
#include "main/config/names.hpp"
#include "main/config/render.hpp"
#include "main/config/resolve.hpp"
#include "main/config/schema.hpp"
#include "main/config/small_file.hpp"
#include "main/config/toml_file.hpp"

namespace belfry::config {
namespace {

using Result = Expected<void, std::string>;

Result fail(std::string why) { return unexpected(std::move(why)); }

Result take(Reading& reading, const Setting& setting, std::string_view text, Unit unit, Source source, std::string_view where) {
  if (text.empty()) return {};  // as if absent: that is the intention of `PORT= belfry` and of most container tools
  if (auto assigned = assign(setting, reading.config, text, unit); !assigned)
    return fail(std::string(where) + ": " + assigned.error());
  reading.source[std::string(setting.key)] = source;
  return {};
}

Result take_flags(Reading& reading, const Arguments& arguments) {
  for (const auto& [key, text] : arguments.values) {
    const Setting& setting = *find_setting(key);
    if (auto taken = take(reading, setting, text, setting.unit, Source::flag, flag_of(setting)); !taken) return taken;
  }
  return {};
}

Result take_file(Reading& reading, const std::string& file) {
  auto entries = read_toml_file(file);
  if (!entries) return fail(entries.error());
  for (const FileEntry& entry : *entries) {
    const Setting* setting = find_setting(entry.key);
    if (setting == nullptr)
      return fail(entry.where + " is no setting" + did_you_mean(entry.key, all_names([](const Setting& s) { return s.key; })));
    if (auto taken = take(reading, *setting, entry.text, setting->unit, Source::file, entry.where); !taken) return taken;
  }
  return {};
}

std::optional<std::string> variable(const Environment& environment, std::string_view name) {
  const auto found = environment.find(name);
  if (found == environment.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

Result take_seed_variable(Reading& reading, const Setting& setting, const Environment& environment) {
  for (const SeedVariable& seed : setting.seed_variables()) {
    const auto text = variable(environment, seed.name);
    if (!text) continue;
    if (seed.name == "PORT") {
      if (auto port = assign_port(reading.config.listen, *text); !port) return fail("PORT: " + port.error());
      reading.source[std::string(setting.key)] = Source::variable;
      return {};
    }
    return take(reading, setting, *text, seed.unit == Unit::none ? setting.unit : seed.unit, Source::variable, seed.name);
  }
  return {};
}

Result take_variables(Reading& reading, const Environment& environment) {
  for (const Setting& setting : settings()) {
    const std::string own = variable_of(setting);
    if (const auto text = variable(environment, own)) {
      if (auto taken = take(reading, setting, *text, setting.unit, Source::variable, own); !taken) return taken;
    } else if (auto taken = take_seed_variable(reading, setting, environment); !taken) {
      return taken;
    }
  }
  return {};
}

// Only a warning: Kubernetes sets BELFRY_PORT and others in every pod if there is a service named belfry.
void warn_of_strange_variables(Reading& reading, const Environment& environment) {
  std::vector<std::string> names = all_names(variable_of);
  for (const Setting& setting : settings())
    for (const SeedVariable& seed : setting.seed_variables())
      if (seed.name.starts_with("BELFRY_")) names.emplace_back(seed.name);
  for (const auto& [name, value] : environment) {
    if (!name.starts_with("BELFRY_") || name == "BELFRY_CONFIG") continue;
    if (std::find(names.begin(), names.end(), name) == names.end())
      reading.warnings.push_back("the variable " + name + " is no setting" + did_you_mean(name, names));
  }
  // R-004-49: settings of the seeds' servers that have another name here, or no use.
  for (const auto& [name, about] : {std::pair<std::string_view, std::string_view>{"MONGO_URL", "not used, see DATABASE_URL"},
                                    {"Mongo_Url", "not used, see DATABASE_URL"},
                                    {"MONGODB_URI", "not used, see DATABASE_URL"},
                                    {"MAX_ACTIVE_CALLS_PER_USER", "not used in this release: a user is in one call at a time"},
                                    {"SUPABASE_URL", "not used, see JWKS_URL"},
                                    {"SUPABASE_SERVICE_KEY", "not used, see JWKS_URL and JWT_EXTERNAL_SECRET"}})
    if (variable(environment, name))
      reading.warnings.push_back("the variable " + std::string(name) + " is " + std::string(about));
}

Reading print(std::string text) {
  Reading reading;
  reading.action = Action::print_and_exit;
  reading.print = std::move(text);
  return reading;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t\r");
  return start == std::string_view::npos ? std::string_view{} : text.substr(start, text.find_last_not_of(" \t\r") - start + 1);
}

/// `value # comment`, "a value" or 'a value' # comment, like dotenv: inside quotes a # is part of the value.
std::string_view env_value(std::string_view text) {
  text = trimmed(text);
  if (!text.empty() && (text.front() == '"' || text.front() == '\''))
    if (const std::size_t end = text.find(text.front(), 1); end != std::string_view::npos) return text.substr(1, end - 1);
  if (text.starts_with('#')) return {};
  return trimmed(text.substr(0, std::min(text.find(" #"), text.find("\t#"))));
}

/// R-004-50: `NAME=value` lines. A variable of the process overrides them; other lines are skipped with a warning. Read only if
/// ENV_FILE names the file: a .env that happens to be in the folder must not change how a server starts.
Result take_env_file(Reading& reading, const std::string& file, Environment& environment) {
  const auto content = read_small_file(file);
  if (!content) return fail("ENV_FILE: " + content.error());
  std::istringstream in(*content);
  int number = 0;
  for (std::string text; std::getline(in, text);) {
    ++number;
    std::string_view line = trimmed(text);
    if (line.empty() || line.starts_with('#')) continue;
    if (line.starts_with("export ")) line.remove_prefix(7);
    const std::size_t equals = line.find('=');
    const std::string name(trimmed(line.substr(0, equals)));
    if (equals == std::string_view::npos || name.empty())
      reading.warnings.push_back(file + ":" + std::to_string(number) + ": no NAME=value; the line is passed over");
    else
      environment.try_emplace(name, env_value(line.substr(equals + 1)));
  }
  return {};
}

Result take_all(Reading& reading, const Arguments& arguments, Environment environment) {
  if (const auto file = arguments.env_file ? arguments.env_file : variable(environment, "ENV_FILE")) {
    if (auto taken = take_env_file(reading, *file, environment); !taken) return taken;
    reading.config.env_file = *file;
  }
  const auto file = arguments.file ? arguments.file : variable(environment, "BELFRY_CONFIG");
  if (file) {
    if (auto taken = take_file(reading, *file); !taken) return taken;
    reading.config.config_file = *file;
  }
  if (auto taken = take_variables(reading, environment); !taken) return taken;
  if (auto taken = take_flags(reading, arguments); !taken) return taken;
  for (const std::string_view name : {"NODE_ENV", "APP_ENV"})
    reading.config.production = reading.config.production || variable(environment, name) == "production";
  warn_of_strange_variables(reading, environment);
  return resolve(reading.config, reading.warnings);
}

}  // namespace

std::string_view to_text(Source source) {
  switch (source) {
    case Source::builtin:
      return "default";
    case Source::file:
      return "file";
    case Source::variable:
      return "env";
    case Source::flag:
      return "flag";
  }
  CHECK(false, "a source without its word");
}

Expected<Reading, std::string> read_config(const std::vector<std::string>& arguments, const Environment& environment,
                                           std::string_view version) {
  auto parsed = parse_arguments(arguments);
  if (!parsed) return unexpected(parsed.error());
  if (parsed->help) return print(render_help());
  if (parsed->version) return print("belfry " + std::string(version) + "\n");
  Reading reading;
  if (auto taken = take_all(reading, *parsed, environment); !taken) return unexpected(taken.error());
  if (parsed->print_config) return print(render_config(reading));
  return reading;
}

Environment process_environment() {
  Environment environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return environment;
}

}  // namespace belfry::config
