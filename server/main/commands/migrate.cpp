// belfry migrate: brings the tables of a database up to this version, or says what is missing.
#include <cstdio>
#include <filesystem>

#include "adapters/postgres/database.hpp"
#include "adapters/sqlite/database.hpp"
#include "main/commands/command.hpp"

namespace belfry::commands {
namespace {

constexpr std::string_view kSqlite = "sqlite:";

}  // namespace

int migrate(const Request& request) {
  const std::string verb = request.words.size() > 1 ? request.words[1] : "";
  if (verb != "up" && verb != "status") return complain("belfry migrate up, or belfry migrate status");
  const std::string& database = request.config.database;
  if (database == "memory:") return complain("memory: has no tables to migrate");
  const bool sqlite = database.starts_with(kSqlite);
  const std::string place = sqlite ? database.substr(kSqlite.size()) : database;
  std::error_code ignored;
  if (sqlite) std::filesystem::create_directories(std::filesystem::path(place).parent_path(), ignored);
  const auto steps = verb == "up" ? (sqlite ? sqlite::migrate_up(place, now()) : postgres::migrate_up(place, now()))
                                  : (sqlite ? sqlite::migrate_status(place) : postgres::migrate_status(place));
  if (!steps) return complain(steps.error());
  for (const auto& step : *steps)
    std::printf("%d %s %s\n", static_cast<int>(step.version), std::string(step.name).c_str(),
                step.applied ? "applied" : "pending");
  return 0;
}

}  // namespace belfry::commands
