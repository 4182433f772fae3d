#include "adapters/postgres/quality.hpp"

#include <string>

#include "adapters/postgres/call_reads.hpp"
#include "adapters/sql/archive_rows.hpp"
#include "adapters/sql/stored_calls.hpp"
#include "store/quality_aggregate.hpp"

namespace belfry::postgres {
namespace {

Params about(const store::CallId& call) {
  Params params;
  params.uuid(call.value());
  return params;
}

/// nullopt: there is no such call.
std::optional<std::size_t> kept_of_user(Connection& connection, const store::CallId& call, const store::UserId& user) {
  Params params = about(call);
  params.uuid(user.value());
  const auto rows =
      connection.run(R"(SELECT (SELECT count(*) FROM quality_samples s WHERE s."callId" = c."id" AND s."userId" = $2) )"
                     R"(FROM calls c WHERE c."id" = $1)",
                     params);
  return rows.empty() ? std::nullopt : std::optional(static_cast<std::size_t>(rows.at(0).number()));
}

void insert(Connection& connection, const store::CallId& call, const store::UserId& user, const store::QualitySample& sample) {
  static const std::string text = std::string("INSERT INTO quality_samples (")
                                      .append(sql::kQualityColumns)
                                      .append(") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
  Params params;
  sql::put_quality(params, call, user, sample);
  connection.run(text, params);
}

store::QualityAggregate sums_of(Connection& connection, const store::CallId& call) {
  static const std::string text =
      std::string("SELECT ").append(sql::kQualitySums).append(R"( FROM quality_samples WHERE "callId" = $1)");
  const auto rows = connection.run(text, about(call));
  auto row = rows.at(0);
  auto sums = sql::take_quality_sums(row);
  const auto newest = connection.run(R"(SELECT "resolution", "ts" FROM quality_samples WHERE "callId" = $1 )"
                                     R"(AND "resolution" IS NOT NULL ORDER BY "ts" DESC, ctid DESC LIMIT 1)",
                                     about(call));
  if (newest.empty()) return sums;
  auto latest = newest.at(0);
  sums.resolution = latest.text();
  sums.resolution_at = latest.time();
  return sums;
}

}  // namespace

std::size_t insert_quality(Connection& connection, const store::CallId& call, const store::UserId& user,
                           const std::vector<store::QualitySample>& samples) {
  const auto kept = kept_of_user(connection, call, user);
  if (!kept) return 0;
  const std::size_t room = store::room_for(samples.size(), *kept);
  if (room == 0) return 0;
  for (std::size_t i = 0; i < room; ++i) insert(connection, call, user, samples[i]);
  // The lock stops two servers' samples from overwriting each other's sums. Taken this late because transitions of the call wait
  // for it.
  connection.run(R"(SELECT 1 FROM calls WHERE "id" = $1 FOR NO KEY UPDATE)", about(call));
  Params params;
  params.text(to_json(sums_of(connection, call)));
  params.uuid(call.value());
  connection.run(R"(UPDATE calls SET "qualityMetrics" = $1 WHERE "id" = $2)", params);
  return room;
}

store::QualityPage find_quality(Connection& connection, const store::CallId& call, store::Page page) {
  static const std::string text =
      std::string("SELECT ")
          .append(sql::kQualityColumns.substr(sql::kQualityColumns.find("\"userId\"")))
          .append(R"( FROM quality_samples WHERE "callId" = $1 ORDER BY "ts", ctid LIMIT $2 OFFSET $3)");
  store::QualityPage found;
  found.total = static_cast<std::uint64_t>(
      connection.run(R"(SELECT count(*) FROM quality_samples WHERE "callId" = $1)", about(call)).at(0).number());
  Params params = about(call);
  params.number(page.limit);
  params.number(static_cast<std::int64_t>(page.number - 1) * page.limit);
  const auto rows = connection.run(text, params);
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    found.entries.push_back(sql::take_quality(row));
  }
  return found;
}

void forget_old_samples(Connection& connection, WallTime before, std::size_t most) {
  Params params;
  params.uuid(sql::first_id_at(before));
  params.number(static_cast<std::int64_t>(most));
  connection.run(R"(DELETE FROM quality_samples WHERE ctid = ANY (ARRAY )"
                 R"((SELECT ctid FROM quality_samples WHERE "callId" < $1 ORDER BY "callId" LIMIT $2)))",
                 params);
  connection.run(R"(DELETE FROM call_attempts WHERE "id" IN )"
                 R"((SELECT "id" FROM call_attempts WHERE "id" < $1 ORDER BY "id" LIMIT $2))",
                 params);
  Params older;
  older.time(before);
  older.number(static_cast<std::int64_t>(most));
  connection.run(R"(DELETE FROM call_audit WHERE "seq" IN (SELECT "seq" FROM call_audit )"
                 R"(WHERE "callId" IS NULL AND "createdAt" < $1 ORDER BY "createdAt" LIMIT $2))",
                 older);
}

std::vector<store::StoredCall> calls_with_quality(Connection& connection, store::Page page) {
  static const std::string text =
      sql::select_stored_calls(R"(SELECT * FROM calls WHERE "qualityMetrics" <> '{}' AND "endedAt" IS NOT NULL )"
                               R"(ORDER BY "createdAt" DESC, "id" DESC LIMIT $1 OFFSET $2)",
                               sql::Order::newest_first);
  Params params;
  params.number(page.limit);
  params.number(static_cast<std::int64_t>(page.number - 1) * page.limit);
  return stored_calls(connection.run(text, params));
}

}  // namespace belfry::postgres
