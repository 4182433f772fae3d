#include <limits>
#include <string>

#include "adapters/postgres/history.hpp"
#include "adapters/sql/archive_rows.hpp"
#include "adapters/sql/history_roles.hpp"

namespace belfry::postgres {
namespace {

/// In PostgreSQL a sum of bigints is numeric, unlike the other columns; so this casts it in the shared list.
std::string statistics_sql(std::string_view first, std::string_view rest) {
  std::string columns(sql::kStatisticsColumns);
  constexpr std::string_view kSum = R"(coalesce(sum("duration"), 0))";
  columns.insert(columns.find(kSum) + kSum.size(), "::bigint");
  std::string text = "SELECT ";
  text.append(first).append(columns).append(" FROM (").append(sql::statistics_rows('$'));
  return text.append(") every_role").append(rest);
}

Params period(const store::UserId& user, std::optional<WallTime> from, std::optional<WallTime> to) {
  Params params;
  params.uuid(user.value());
  params.number(from ? from->unix_ms : std::numeric_limits<std::int64_t>::min());
  params.number(to ? to->unix_ms : std::numeric_limits<std::int64_t>::max());
  return params;
}

}  // namespace

store::Statistics statistics_of(Connection& connection, const store::UserId& user, std::optional<WallTime> from,
                                std::optional<WallTime> to) {
  static const std::string text = statistics_sql("", "");
  const auto rows = connection.run(text, period(user, from, to));
  auto row = rows.at(0);
  return sql::take_statistics(row);
}

std::vector<store::DayStatistics> statistics_by_day_of(Connection& connection, const store::UserId& user,
                                                       std::optional<WallTime> from, std::optional<WallTime> to) {
  static const std::string text = statistics_sql(R"("createdAt" / 86400000 AS "day", )", R"( GROUP BY "day" ORDER BY "day")");
  const auto rows = connection.run(text, period(user, from, to));
  std::vector<store::DayStatistics> days;
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    std::string day = sql::day_text(row.number());
    days.push_back({.day = std::move(day), .statistics = sql::take_statistics(row)});
  }
  return days;
}

}  // namespace belfry::postgres
