#include "adapters/sqlite/call_reads.hpp"

#include <string>

#include "adapters/sql/call_columns.hpp"

namespace belfry::sqlite {
namespace {

/// R-001-44: a call whose row names no deadline is given a minute.
constexpr std::int64_t kRingTimeOfBareRows = 60'000;

std::string select_calls(std::string_view rest) { return std::string(sql::kSelectStoredCalls).append(rest); }

}  // namespace

std::optional<store::StoredCall> find_call(Connection& connection, const store::CallId& id) {
  static const std::string text = select_calls(R"(WHERE c."id" = ?)");
  Use use(connection.prepared(text));
  use.uuid(id.value());
  if (!use.row()) return std::nullopt;
  return sql::take_stored_call(use);
}

std::vector<store::StoredCall> find_active(Connection& connection, std::size_t limit) {
  static const std::string text =
      select_calls(R"(WHERE c."status" IN ('calling', 'connected') ORDER BY c."createdAt", c."id" LIMIT ?)");
  Use use(connection.prepared(text));
  use.number(static_cast<std::int64_t>(limit));
  std::vector<store::StoredCall> calls;
  while (use.row()) calls.push_back(sql::take_stored_call(use));
  return calls;
}

std::vector<store::CallId> find_overdue(Connection& connection, WallTime now, std::size_t limit) {
  Use use(connection.prepared(R"(SELECT "id" FROM calls WHERE "status" IN ('calling', 'connected') AND "status" = 'calling' )"
                              R"(AND coalesce("ringExpiresAt", "createdAt" + ?) < ? ORDER BY "createdAt", "id" LIMIT ?)"));
  use.number(kRingTimeOfBareRows);
  use.time(now);
  use.number(static_cast<std::int64_t>(limit));
  std::vector<store::CallId> ids;
  while (use.row()) ids.emplace_back(use.uuid());
  return ids;
}

}  // namespace belfry::sqlite
