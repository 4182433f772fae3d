#include "main/config/render.hpp"

#include <utility>

#include "main/config/schema.hpp"

namespace belfry::config {
namespace {

std::string default_of(const Setting& setting) {
  if (!setting.default_note.empty()) return std::string(setting.default_note);
  return show(setting, Config{});
}

bool is_switch(const Setting& setting) {
  Config config;
  return std::holds_alternative<bool*>(setting.field(config));
}

/// {"call", "timeout"}; top-level settings have no section.
std::pair<std::string_view, std::string_view> section_and_name(std::string_view key) {
  const std::size_t dot = key.find('.');
  if (dot == std::string_view::npos) return {{}, key};
  return {key.substr(0, dot), key.substr(dot + 1)};
}

bool is_written_bare(const Setting& setting) {
  Config config;
  const ConfigField field = setting.field(config);
  return std::holds_alternative<bool*>(field) || (std::holds_alternative<std::size_t*>(field) && setting.unit == Unit::none) ||
         std::holds_alternative<std::optional<std::size_t>*>(field);
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

std::string seeds_of(const Setting& setting) {
  std::string all;
  for (const SeedVariable& seed : setting.seed_variables()) {
    all.append(all.empty() ? "" : ", ").append("`").append(seed.name).append("`");
    if (seed.unit == Unit::milliseconds) all.append(" (ms)");
  }
  return all;
}

std::string shown_value(const Setting& setting, const Config& config) {
  const std::string value = show(setting, config);
  if (setting.secret && !value.empty()) return "(set)";
  return value;
}

}  // namespace

std::string render_help() {
  std::string out =
      "Belfry rings people: a Socket.IO signaling server.\n\n"
      "  belfry [serve] [flags]      serve until SIGTERM (drains) or SIGINT (at once)\n"
      "  belfry serve --dev          trial mode on http://127.0.0.1:3000\n"
      "  belfry migrate up|status    bring the database's tables up to date, or tell which steps it has\n"
      "  belfry user add NAME --password - [--email ADDRESS] [--role admin]\n"
      "                              the password comes from standard input, where `ps` does not show it\n"
      "  belfry user list | set-status NAME active|pending|inactive|blocked|deleted\n"
      "  belfry token issue NAME     a session token for this user, for scripts\n"
      "  belfry audit verify         check the hash chain of every call's audit\n\n"
      "Each setting is a flag, a BELFRY_* variable and a TOML key; the flag wins, then the variable, then the file.\n"
      "Times take ms, s, min or h; sizes take KiB, MiB or GiB.\n\n"
      "      --config FILE            read settings from a TOML file (also BELFRY_CONFIG)\n"
      "      --env-file FILE          read variables from a file of NAME=value lines (also ENV_FILE)\n"
      "      --print-config           print every setting with its value and source, and exit\n"
      "      --version                print the version, and exit\n"
      "  -h, --help                   print this, and exit\n";
  std::string_view section = "-";
  for (const Setting& setting : settings()) {
    const auto [of, name] = section_and_name(setting.key);
    if (of != section) out += "\n";
    section = of;
    out += "      " + padded(flag_of(setting), 24) + " " + std::string(setting.meaning);
    if (const std::string usual = default_of(setting); !is_switch(setting) && !usual.empty()) out += " [" + usual + "]";
    out += "\n";
  }
  return out;
}

std::string render_config(const Reading& reading) {
  Config config = reading.config;
  config.auth.asked = config.auth.mode;
  config.rate_limit.call_max_asked = config.rate_limit.call_max;
  config.rate_limit.login_max_asked = config.rate_limit.login_max;
  config.rate_limit.login_address_max_asked = config.rate_limit.login_address_max;
  config.rate_limit.signup_max_asked = config.rate_limit.signup_max;
  config.rate_limit.password_max_asked = config.rate_limit.password_max;
  config.rate_limit.signal_max_asked = config.rate_limit.signal_max;
  config.rate_limit.report_max_asked = config.rate_limit.report_max;
  config.rate_limit.message_max_asked = config.rate_limit.message_max;
  config.rate_limit.upload_max_asked = config.rate_limit.upload_max;
  config.rate_limit.connect_max_asked = config.rate_limit.connect_max;
  config.connection.max_per_address_asked = config.connection.max_per_address;
  std::string out;
  for (const Setting& setting : settings()) {
    const auto source = reading.source.find(std::string(setting.key));
    out += padded(std::string(setting.key), 28) + " " + padded(shown_value(setting, config), 24) + " ";
    out += std::string(to_text(source == reading.source.end() ? Source::builtin : source->second)) + "\n";
  }
  return out;
}

std::string render_sample() {
  std::string out =
      "# Every setting of Belfry with its default. Remove the # of what you change.\n"
      "# Printed from the tables of server/main/config (*_settings.cpp); a test keeps it so.\n";
  std::string_view section;
  for (const Setting& setting : settings()) {
    const auto [of, name] = section_and_name(setting.key);
    if (of != section) out += "\n[" + std::string(of) + "]\n";
    section = of;
    const std::string value = show(setting, Config{});
    out += "\n# " + std::string(setting.meaning);
    if (!setting.default_note.empty()) out += ". Default: " + std::string(setting.default_note);
    out += "\n#" + std::string(name) + " = " + (is_written_bare(setting) && !value.empty() ? value : "\"" + value + "\"") + "\n";
  }
  return out;
}

std::string render_reference() {
  std::string out =
      "# Settings\n\n"
      "Printed from the tables of `server/main/config` (`*_settings.cpp`); a test keeps it so. Precedence: flag, variable, file, "
      "default.\n"
      "`belfry --print-config` shows each value and where it came from. A flag or file key that is unknown stops the start.\n\n"
      "Times take `ms`, `s`, `min` or `h`; a bare number is in the setting's unit. Sizes take `KiB`, `MiB` or `GiB`. Of the\n"
      "variables the `BELFRY_` one wins, then the others as listed.\n\n"
      "| TOML key | Flag | Variables | Default | Bare number | Meaning |\n|---|---|---|---|---|---|\n";
  for (const Setting& setting : settings()) {
    const std::string seeds = seeds_of(setting);
    const std::string_view unit = setting.unit == Unit::seconds        ? "s"
                                  : setting.unit == Unit::milliseconds ? "ms"
                                  : setting.unit == Unit::bytes        ? "bytes"
                                                                       : "";
    out += "| `" + std::string(setting.key) + "` | `" + flag_of(setting) + "` | `" + variable_of(setting) + "`" +
           (seeds.empty() ? "" : ", " + seeds) + " | " + default_of(setting) + " | " + std::string(unit) + " | " +
           std::string(setting.meaning) + " |\n";
  }
  return out;
}

}  // namespace belfry::config
