#include "adapters/postgres/history.hpp"

#include <limits>
#include <string>

#include "adapters/postgres/call_reads.hpp"
#include "adapters/sql/archive_rows.hpp"
#include "adapters/sql/history_roles.hpp"
#include "adapters/sql/stored_calls.hpp"

namespace belfry::postgres {
namespace {

constexpr std::int64_t kAlways = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::min();
/// The greatest id: together with kAlways it is after every call.
constexpr Uuid kLast = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};

/// One SELECT per requested role. It contains only the requested filters, so that the index alone can answer. `columns(role)` and
/// `rest(role)` return text.
template <class Columns, class Rest>
std::string every_role(const store::HistoryQuery& query, Columns columns, Rest rest) {
  std::string text;
  for (const auto& role : sql::kHistoryRoles) {
    if (query.direction && *query.direction != role.direction) continue;
    if (!text.empty()) text += " UNION ALL ";
    text.append("(SELECT ").append(columns(role)).append(" FROM ").append(role.from).append(" WHERE ").append(role.user);
    text.append(" = $1 AND ").append(role.created).append(" >= $2 AND ").append(role.created).append(" < $3");
    if (query.media) text += R"( AND c."callType" = $4)";
    if (query.status) text += R"( AND c."status" = $5)";
    text.append(rest(role)).append(")");
  }
  return text;
}

Params params_of(const store::HistoryQuery& query) {
  Params params;
  params.uuid(query.user.value());
  params.number(query.from ? query.from->unix_ms : kNever);
  params.number(query.to ? query.to->unix_ms : kAlways);
  params.text_or_null(query.media ? to_text(*query.media) : std::string_view{});
  params.text_or_null(query.status ? to_text(*query.status) : std::string_view{});
  return params;
}

std::uint64_t count(Connection& connection, const store::HistoryQuery& query) {
  const std::string counts = every_role(query, [](const auto&) { return "count(*) AS n"; }, [](const auto&) { return ""; });
  const std::string text = "SELECT coalesce(sum(n), 0)::bigint FROM (" + counts + ") roles";
  return static_cast<std::uint64_t>(connection.run(text, params_of(query)).at(0).number());
}

std::vector<store::StoredCall> page(Connection& connection, const store::HistoryQuery& query) {
  // Each role selects its newest calls, at most as many as the page could need; then they are merged.
  const std::string newest = every_role(
      query,
      [](const auto& role) {
        return std::string(role.created).append(R"( AS "createdAt", )").append(role.call_id).append(R"( AS "id")");
      },
      [](const auto& role) {
        const std::string created(role.created), id(role.call_id);
        return " AND (" + created + ", " + id + ") < ($6, $7) ORDER BY " + created + " DESC, " + id + " DESC LIMIT $8 + $9";
      });
  const std::string chosen = R"(SELECT * FROM calls WHERE "id" IN (SELECT "id" FROM ()" + newest +
                             R"() roles ORDER BY "createdAt" DESC, "id" DESC LIMIT $8 OFFSET $9))";
  Params params = params_of(query);
  params.number(query.after ? query.after->created.unix_ms : kAlways);
  params.uuid(query.after ? query.after->id.value() : kLast);
  params.number(query.page.limit);
  params.number(query.after ? 0 : static_cast<std::int64_t>(query.page.number - 1) * query.page.limit);
  return stored_calls(connection.run(sql::select_stored_calls(chosen, sql::Order::newest_first), params));
}

}  // namespace

store::HistoryPage history_page(Connection& connection, const store::HistoryQuery& query) {
  return {.calls = page(connection, query), .total = count(connection, query)};
}

std::vector<store::StoredCall> current_calls(Connection& connection, const store::UserId& user,
                                             std::optional<WallTime> ended_since) {
  static const std::string text =
      sql::select_stored_calls(R"(SELECT * FROM calls WHERE "id" IN ()" + sql::current_ids('$') + ")", sql::Order::newest_first);
  Params params;
  params.uuid(user.value());
  params.number(ended_since ? ended_since->unix_ms : kAlways);
  params.flag(ended_since.has_value());
  return stored_calls(connection.run(text, params));
}

std::vector<store::AttemptEntry> attempts_of(Connection& connection, const store::UserId& user, store::Page page) {
  Params params;
  params.uuid(user.value());
  params.number(page.limit);
  params.number(static_cast<std::int64_t>(page.number - 1) * page.limit);
  const auto rows = connection.run(
      R"(SELECT t."id", t."callerId", t."recipientId", t."callType", t."reason", t."createdAt", )"
      R"(u."username", u."avatar", v."username", v."avatar" FROM )"
      R"((SELECT * FROM call_attempts WHERE "callerId" = $1 UNION ALL SELECT * FROM call_attempts WHERE "recipientId" = $1) t )"
      R"(LEFT JOIN users u ON u."id" = t."callerId" LEFT JOIN users v ON v."id" = t."recipientId" )"
      R"(ORDER BY t."createdAt" DESC, t."id" DESC LIMIT $2 OFFSET $3)",
      params);
  std::vector<store::AttemptEntry> entries;
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    store::AttemptEntry entry;
    entry.attempt.id = row.uuid();
    entry.attempt.caller = store::UserId(row.uuid());
    entry.attempt.callee = store::UserId(row.uuid());
    entry.attempt.media = call::parse_call_type(row.text()).value_or(call::CallType::audio);
    entry.attempt.reason = row.text();
    entry.attempt.at = row.time();
    entry.caller = sql::take_person(row, entry.attempt.caller);
    entry.callee = sql::take_person(row, entry.attempt.callee);
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace belfry::postgres
