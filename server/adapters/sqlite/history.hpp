// History and statistics: queries over all calls of one user, in every role (adapters/sql/history_roles.hpp). Each role has an
// index in the order of the answer, and SQLite merges them, so the cost of a page depends on its size, not on the number of
// calls. The total walks one user's index entries.
#pragma once

#include <vector>

#include "adapters/sqlite/connection.hpp"
#include "store/call_archive.hpp"

namespace belfry::sqlite {

[[nodiscard]] store::HistoryPage history_page(Connection& connection, const store::HistoryQuery& query);
[[nodiscard]] std::vector<store::AttemptEntry> attempts_of(Connection& connection, const store::UserId& user, store::Page page);
[[nodiscard]] std::vector<store::StoredCall> current_calls(Connection& connection, const store::UserId& user,
                                                           std::optional<WallTime> ended_since);
[[nodiscard]] store::Statistics statistics_of(Connection& connection, const store::UserId& user, std::optional<WallTime> from,
                                              std::optional<WallTime> to);
[[nodiscard]] std::vector<store::DayStatistics> statistics_by_day_of(Connection& connection, const store::UserId& user,
                                                                     std::optional<WallTime> from, std::optional<WallTime> to);

}  // namespace belfry::sqlite
