#include "adapters/sqlite/history.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "adapters/sql/archive_rows.hpp"
#include "adapters/sql/call_columns.hpp"
#include "adapters/sql/history_roles.hpp"
#include "adapters/sqlite/call_reads.hpp"

namespace belfry::sqlite {
namespace {

constexpr std::int64_t kAlways = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::min();

/// Contains only the requested filters, so that without any the index alone answers. The parameters of the period come last,
/// because one numbered beyond the last parameter in the text could not be bound.
std::string branch(const sql::HistoryRole& role, std::string_view columns, const store::HistoryQuery& query) {
  std::string text = "SELECT ";
  text.append(columns).append(" FROM ").append(role.from).append(" WHERE ").append(role.user).append(" = ?1");
  if (query.media) text += R"( AND c."callType" = ?2)";
  if (query.status) text += R"( AND c."status" = ?3)";
  return text.append(" AND ").append(role.created).append(" >= ?4 AND ").append(role.created).append(" < ?5");
}

bool asks_for(const store::HistoryQuery& query, const sql::HistoryRole& role) {
  return !query.direction || *query.direction == role.direction;
}

void bind_query(Use& use, const store::HistoryQuery& query) {
  use.uuid(query.user.value());
  query.media ? use.text(to_text(*query.media)) : use.null();
  query.status ? use.text(to_text(*query.status)) : use.null();
  use.number(query.from ? query.from->unix_ms : kNever);
  use.number(query.to ? query.to->unix_ms : kAlways);
}

std::uint64_t count(Connection& connection, const store::HistoryQuery& query) {
  std::uint64_t all = 0;
  for (const auto& role : sql::kHistoryRoles) {
    if (!asks_for(query, role)) continue;
    Use use(connection.prepared(branch(role, "count(*)", query)));
    bind_query(use, query);
    if (use.row()) all += static_cast<std::uint64_t>(use.number());
  }
  return all;
}

std::vector<store::StoredCall> load_all(Connection& connection, const std::vector<store::CallId>& ids) {
  std::vector<store::StoredCall> calls;
  for (const auto& id : ids)
    if (auto call = find_call(connection, id)) calls.push_back(*std::move(call));
  return calls;
}

std::vector<store::CallId> page_ids(Connection& connection, const store::HistoryQuery& query) {
  std::string text;
  for (const auto& role : sql::kHistoryRoles) {
    if (!asks_for(query, role)) continue;
    if (!text.empty()) text += " UNION ALL ";
    const std::string place = std::string(role.created).append(", ").append(role.call_id);
    text += branch(role, place, query) + " AND (" + place + ") < (?6, ?7)";
  }
  text += " ORDER BY 1 DESC, 2 DESC LIMIT ?8 OFFSET ?9";
  Use use(connection.prepared(text));
  bind_query(use, query);
  use.number(query.after ? query.after->created.unix_ms : kAlways);
  query.after ? use.uuid(query.after->id.value()) : use.text("");
  use.number(query.page.limit);
  use.number(query.after ? 0 : static_cast<std::int64_t>(query.page.number - 1) * query.page.limit);
  std::vector<store::CallId> ids;
  while (use.row()) {
    static_cast<void>(use.number());  // "createdAt", selected for the order only
    ids.emplace_back(use.uuid());
  }
  return ids;
}

}  // namespace

store::HistoryPage history_page(Connection& connection, const store::HistoryQuery& query) {
  return {.calls = load_all(connection, page_ids(connection, query)), .total = count(connection, query)};
}

std::vector<store::AttemptEntry> attempts_of(Connection& connection, const store::UserId& user, store::Page page) {
  Use use(connection.prepared(
      R"(SELECT t."id", t."callerId", t."recipientId", t."callType", t."reason", t."createdAt", )"
      R"(u."username", u."avatar", v."username", v."avatar" FROM )"
      R"((SELECT * FROM call_attempts WHERE "callerId" = ?1 UNION ALL SELECT * FROM call_attempts WHERE "recipientId" = ?1) t )"
      R"(LEFT JOIN users u ON u."id" = t."callerId" LEFT JOIN users v ON v."id" = t."recipientId" )"
      R"(ORDER BY t."createdAt" DESC, t."id" DESC LIMIT ?2 OFFSET ?3)"));
  use.uuid(user.value());
  use.number(page.limit);
  use.number(static_cast<std::int64_t>(page.number - 1) * page.limit);
  std::vector<store::AttemptEntry> entries;
  while (use.row()) {
    store::AttemptEntry entry;
    entry.attempt.id = use.uuid();
    entry.attempt.caller = store::UserId(use.uuid());
    entry.attempt.callee = store::UserId(use.uuid());
    entry.attempt.media = call::parse_call_type(use.text()).value_or(call::CallType::audio);
    entry.attempt.reason = use.text();
    entry.attempt.at = use.time();
    entry.caller = sql::take_person(use, entry.attempt.caller);
    entry.callee = sql::take_person(use, entry.attempt.callee);
    entries.push_back(std::move(entry));
  }
  return entries;
}

namespace {

std::string statistics_sql(std::string_view first, std::string_view rest) {
  std::string text = "SELECT ";
  text.append(first).append(sql::kStatisticsColumns).append(" FROM (").append(sql::statistics_rows('?'));
  return text.append(")").append(rest);
}

void bind_period(Use& use, const store::UserId& user, std::optional<WallTime> from, std::optional<WallTime> to) {
  use.uuid(user.value());
  use.number(from ? from->unix_ms : kNever);
  use.number(to ? to->unix_ms : kAlways);
}

}  // namespace

std::vector<store::StoredCall> current_calls(Connection& connection, const store::UserId& user,
                                             std::optional<WallTime> ended_since) {
  std::vector<store::CallId> ids;
  {
    static const std::string text = sql::current_ids('?');
    Use use(connection.prepared(text));
    use.uuid(user.value());
    use.number(ended_since ? ended_since->unix_ms : kAlways);
    use.flag(ended_since.has_value());
    while (use.row()) ids.emplace_back(use.uuid());
  }
  auto calls = load_all(connection, ids);
  std::sort(calls.begin(), calls.end(),
            [](const auto& a, const auto& b) { return std::pair(b.row.created, b.row.id) < std::pair(a.row.created, a.row.id); });
  return calls;
}

store::Statistics statistics_of(Connection& connection, const store::UserId& user, std::optional<WallTime> from,
                                std::optional<WallTime> to) {
  static const std::string text = statistics_sql("", "");
  Use use(connection.prepared(text));
  bind_period(use, user, from, to);
  return use.row() ? sql::take_statistics(use) : store::Statistics{};
}

std::vector<store::DayStatistics> statistics_by_day_of(Connection& connection, const store::UserId& user,
                                                       std::optional<WallTime> from, std::optional<WallTime> to) {
  static const std::string text = statistics_sql(R"("createdAt" / 86400000 AS "day", )", R"( GROUP BY "day" ORDER BY "day")");
  Use use(connection.prepared(text));
  bind_period(use, user, from, to);
  std::vector<store::DayStatistics> days;
  while (use.row()) {
    std::string day = sql::day_text(use.number());
    days.push_back({.day = std::move(day), .statistics = sql::take_statistics(use)});
  }
  return days;
}

}  // namespace belfry::sqlite
