#include "adapters/postgres/quality.hpp"

#include <string>

#include "adapters/postgres/call_reads.hpp"
#include "adapters/sql/archive_rows.hpp"
#include "adapters/sql/call_columns.hpp"
#include "store/quality_aggregate.hpp"

namespace belfry::postgres {
namespace {

/// Locked, so that two servers' samples of one call do not each overwrite the other's aggregate.
bool lock_call(Connection& connection, const store::CallId& call) {
  Params params;
  params.uuid(call.value());
  return !connection.run(R"(SELECT 1 FROM calls WHERE "id" = $1 FOR NO KEY UPDATE)", params).empty();
}

}  // namespace

void add_quality(Connection& connection, const store::CallId& call, const store::UserId& user,
                 const std::vector<store::QualitySample>& samples) {
  if (!lock_call(connection, call)) return;
  static const std::string insert = std::string("INSERT INTO quality_samples (")
                                        .append(sql::kQualityColumns)
                                        .append(") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
  for (const auto& sample : samples) {
    Params params;
    sql::put_quality(params, call, user, sample);
    connection.run(insert, params);
  }
  Params params;
  params.text(to_json(store::aggregate(find_quality(connection, call))));
  params.uuid(call.value());
  connection.run(R"(UPDATE calls SET "qualityMetrics" = $1 WHERE "id" = $2)", params);
}

std::vector<store::QualityEntry> find_quality(Connection& connection, const store::CallId& call) {
  static const std::string text = std::string("SELECT ")
                                      .append(sql::kQualityColumns.substr(sql::kQualityColumns.find("\"userId\"")))
                                      .append(R"( FROM quality_samples WHERE "callId" = $1 ORDER BY "ts", ctid)");
  Params params;
  params.uuid(call.value());
  const auto rows = connection.run(text, params);
  std::vector<store::QualityEntry> entries;
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    entries.push_back(sql::take_quality(row));
  }
  return entries;
}

std::vector<store::StoredCall> recent_quality(Connection& connection, store::Page page) {
  static const std::string text = std::string(sql::kSelectStoredCalls)
                                      .append(R"(WHERE c."qualityMetrics" <> '{}' AND c."endedAt" IS NOT NULL )"
                                              R"(ORDER BY c."createdAt" DESC, c."id" DESC LIMIT $1 OFFSET $2)");
  Params params;
  params.number(page.limit);
  params.number(static_cast<std::int64_t>(page.number - 1) * page.limit);
  return stored_calls(connection.run(text, params));
}

}  // namespace belfry::postgres
