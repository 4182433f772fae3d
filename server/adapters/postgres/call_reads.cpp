#include "adapters/postgres/call_reads.hpp"

#include <string>

#include "adapters/sql/call_columns.hpp"

namespace belfry::postgres {
namespace {

/// R-001-44: a call whose row names no deadline is given a minute.
constexpr std::string_view kOverdue =
    R"(SELECT "id" FROM calls WHERE "status" IN ('calling', 'connected') AND "status" = 'calling' )"
    R"(AND coalesce("ringExpiresAt", "createdAt" + 60000) < $1 ORDER BY "createdAt", "id" LIMIT $2)";

std::string select_calls(std::string_view rest) { return std::string(sql::kSelectStoredCalls).append(rest); }

}  // namespace

std::vector<store::StoredCall> stored_calls(const Rows& rows) {
  std::vector<store::StoredCall> calls;
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    calls.push_back(sql::take_stored_call(row));
  }
  return calls;
}

std::optional<store::StoredCall> find_call(Connection& connection, const store::CallId& id) {
  static const std::string text = select_calls(R"(WHERE c."id" = $1)");
  Params params;
  params.uuid(id.value());
  auto calls = stored_calls(connection.run(text, params));
  if (calls.empty()) return std::nullopt;
  return std::move(calls.front());
}

std::vector<store::StoredCall> find_active(Connection& connection, std::size_t limit) {
  static const std::string text =
      select_calls(R"(WHERE c."status" IN ('calling', 'connected') ORDER BY c."createdAt", c."id" LIMIT $1)");
  Params params;
  params.number(static_cast<std::int64_t>(limit));
  return stored_calls(connection.run(text, params));
}

std::vector<store::CallId> find_overdue(Connection& connection, WallTime now, std::size_t limit) {
  Params params;
  params.time(now);
  params.number(static_cast<std::int64_t>(limit));
  const auto rows = connection.run(kOverdue, params);
  std::vector<store::CallId> ids;
  for (int i = 0; i < rows.size(); ++i) ids.emplace_back(rows.at(i).uuid());
  return ids;
}

}  // namespace belfry::postgres
