// Which command the arguments name, and what all of them have in common: options, flags, the help page and the opened store.
#include "main/commands/commands.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "adapters/logging/json_log.hpp"
#include "main/commands/command.hpp"
#include "main/config/read.hpp"
#include "main/version.hpp"

namespace belfry::commands {
namespace {

bool is_own_option(std::string_view name) {
  constexpr std::array<std::string_view, 4> kOwn = {"--password", "--email", "--role", "--name"};
  return std::find(kOwn.begin(), kOwn.end(), name) != kOwn.end();
}

Expected<Request, std::string> parse(const std::vector<std::string>& words) {
  Request request;
  std::vector<std::string> flags;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (!word.starts_with("--")) {
      request.words.push_back(word);
      continue;
    }
    const std::size_t equals = word.find('=');
    std::string name = word.substr(0, equals);
    const bool takes_next = equals == std::string::npos && name != "--dev" && i + 1 < words.size();
    std::string value = equals != std::string::npos ? word.substr(equals + 1) : takes_next ? words[++i] : std::string{};
    if (is_own_option(name)) {
      request.options.emplace(std::move(name), std::move(value));
    } else {
      flags.push_back(name == "--dev" ? word : name + "=" + value);
    }
  }
  const auto reading = config::read_config(flags, config::process_environment(), kVersion);
  if (!reading) return unexpected(reading.error());
  request.config = reading->config;
  return request;
}

bool asks_for_help(const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(), [](const auto& word) { return word == "--help" || word == "-h"; });
}

/// All commands share one help page: it fits on a screen and has the flags that select the database.
int help() {
  const auto page = config::read_config({"--help"}, {}, kVersion);
  if (!page) return complain(page.error());
  std::fputs(page->print.c_str(), stdout);
  return 0;
}

int run(const Request& request) {
  if (request.words.front() == "migrate") return migrate(request);
  logging::JsonLog log(LogLevel::error, {.file = {}, .max_size = request.config.log.max_size, .files = request.config.log.files});
  const auto store = BlockingStore::open(request.config.database, now(), log);
  if (!store) return complain(store.error());
  if (request.words.front() == "user") return user(request, **store);
  if (request.words.front() == "token") return token(request, **store);
  return audit(request, **store);
}

}  // namespace
}  // namespace belfry::commands

namespace belfry {

std::optional<int> run_command(const std::vector<std::string>& words) {
  constexpr std::array<std::string_view, 4> kCommands = {"migrate", "user", "token", "audit"};
  if (words.empty() || std::find(kCommands.begin(), kCommands.end(), words.front()) == kCommands.end()) return std::nullopt;
  if (commands::asks_for_help(words)) return commands::help();
  const auto request = commands::parse(words);
  if (!request) return commands::complain(request.error());
  return commands::run(*request);
}

}  // namespace belfry
