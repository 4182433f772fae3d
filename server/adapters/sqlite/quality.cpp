#include "adapters/sqlite/quality.hpp"

#include <string>

#include "adapters/sql/archive_rows.hpp"
#include "adapters/sql/call_columns.hpp"
#include "store/quality_aggregate.hpp"

namespace belfry::sqlite {
namespace {

bool exists(Connection& connection, const store::CallId& call) {
  Use use(connection.prepared(R"(SELECT 1 FROM calls WHERE "id" = ?)"));
  use.uuid(call.value());
  return use.row();
}

}  // namespace

void add_quality(Connection& connection, const store::CallId& call, const store::UserId& user,
                 const std::vector<store::QualitySample>& samples) {
  if (!exists(connection, call)) return;
  static const std::string insert = std::string("INSERT INTO quality_samples (")
                                        .append(sql::kQualityColumns)
                                        .append(") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  for (const auto& sample : samples) {
    Use use(connection.prepared(insert));
    sql::put_quality(use, call, user, sample);
    use.run();
  }
  const std::string json = to_json(store::aggregate(find_quality(connection, call)));
  Use use(connection.prepared(R"(UPDATE calls SET "qualityMetrics" = ? WHERE "id" = ?)"));
  use.text(json);
  use.uuid(call.value());
  use.run();
}

std::vector<store::QualityEntry> find_quality(Connection& connection, const store::CallId& call) {
  static const std::string text = std::string("SELECT ")
                                      .append(sql::kQualityColumns.substr(sql::kQualityColumns.find("\"userId\"")))
                                      .append(R"( FROM quality_samples WHERE "callId" = ? ORDER BY "ts", rowid)");
  Use use(connection.prepared(text));
  use.uuid(call.value());
  std::vector<store::QualityEntry> entries;
  while (use.row()) entries.push_back(sql::take_quality(use));
  return entries;
}

std::vector<store::StoredCall> recent_quality(Connection& connection, store::Page page) {
  static const std::string text = std::string(sql::kSelectStoredCalls)
                                      .append(R"(WHERE c."qualityMetrics" <> '{}' AND c."endedAt" IS NOT NULL )"
                                              R"(ORDER BY c."createdAt" DESC, c."id" DESC LIMIT ? OFFSET ?)");
  Use use(connection.prepared(text));
  use.number(page.limit);
  use.number(static_cast<std::int64_t>(page.number - 1) * page.limit);
  std::vector<store::StoredCall> calls;
  while (use.row()) calls.push_back(sql::take_stored_call(use));
  return calls;
}

}  // namespace belfry::sqlite
