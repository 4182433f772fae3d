#include "adapters/sql/migration.hpp"

#include <algorithm>

namespace belfry::sql {

std::vector<MigrationStatus> migration_status(std::span<const Migration> known, std::span<const AppliedMigration> applied) {
  std::vector<MigrationStatus> all;
  for (const auto& each : known) {
    const auto found = std::find_if(applied.begin(), applied.end(), [&](const auto& one) { return one.version == each.version; });
    all.push_back({.version = each.version,
                   .name = std::string(each.name),
                   .applied = found == applied.end() ? std::nullopt : std::optional(found->at)});
  }
  return all;
}

Expected<void, std::string> refuse_newer(std::span<const Migration> known, std::span<const AppliedMigration> applied) {
  const int ours = known.empty() ? 0 : known.back().version;
  for (const auto& each : applied)
    if (each.version > ours)
      return unexpected("the database has schema version " + std::to_string(each.version) + ", this program knows up to " +
                        std::to_string(ours) + ": use a newer belfry");
  return {};
}

}  // namespace belfry::sql
