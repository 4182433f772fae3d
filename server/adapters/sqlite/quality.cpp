#include "adapters/sqlite/quality.hpp"

#include <string>

#include "adapters/sql/archive_rows.hpp"
#include "adapters/sql/stored_calls.hpp"
#include "adapters/sqlite/call_reads.hpp"
#include "store/quality_aggregate.hpp"

namespace belfry::sqlite {
namespace {

bool exists(Connection& connection, const store::CallId& call) {
  Use use(connection.prepared(R"(SELECT 1 FROM calls WHERE "id" = ?)"));
  use.uuid(call.value());
  return use.row();
}

struct Kept {
  store::QualityAggregate sums{};
  std::size_t of_user = 0;
};

void look_up_resolution(Connection& connection, const store::CallId& call, store::QualityAggregate& sums) {
  Use use(connection.prepared(R"(SELECT "resolution", "ts" FROM quality_samples WHERE "callId" = ? AND "resolution" IS NOT NULL )"
                              R"(ORDER BY "ts" DESC, rowid DESC LIMIT 1)"));
  use.uuid(call.value());
  if (!use.row()) return;
  sums.resolution = use.text();
  sums.resolution_at = use.time();
}

Kept kept_of(Connection& connection, const store::CallId& call, const store::UserId& user) {
  static const std::string text =
      std::string("SELECT ")
          .append(sql::kQualitySums)
          .append(R"(, count(*) FILTER (WHERE "userId" = ?) FROM quality_samples WHERE "callId" = ?)");
  Kept kept;
  {
    Use use(connection.prepared(text));
    use.uuid(user.value());
    use.uuid(call.value());
    if (!use.row()) return kept;
    kept.sums = sql::take_quality_sums(use);
    kept.of_user = static_cast<std::size_t>(use.number());
  }
  look_up_resolution(connection, call, kept.sums);
  return kept;
}

void insert(Connection& connection, const store::CallId& call, const store::UserId& user, const store::QualitySample& sample) {
  static const std::string text = std::string("INSERT INTO quality_samples (")
                                      .append(sql::kQualityColumns)
                                      .append(") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  Use use(connection.prepared(text));
  sql::put_quality(use, call, user, sample);
  use.run();
}

}  // namespace

std::size_t insert_quality(Connection& connection, const store::CallId& call, const store::UserId& user,
                           const std::vector<store::QualitySample>& samples) {
  if (!exists(connection, call)) return 0;
  auto [sums, of_user] = kept_of(connection, call, user);
  const std::size_t room = store::room_for(samples.size(), of_user);
  if (room == 0) return 0;
  for (std::size_t i = 0; i < room; ++i) {
    insert(connection, call, user, samples[i]);
    sums.add(samples[i]);
  }
  const std::string json = to_json(sums);
  Use use(connection.prepared(R"(UPDATE calls SET "qualityMetrics" = ? WHERE "id" = ?)"));
  use.text(json);
  use.uuid(call.value());
  use.run();
  return room;
}

store::QualityPage find_quality(Connection& connection, const store::CallId& call, store::Page page) {
  static const std::string text =
      std::string("SELECT ")
          .append(sql::kQualityColumns.substr(sql::kQualityColumns.find("\"userId\"")))
          .append(R"( FROM quality_samples WHERE "callId" = ? ORDER BY "ts", rowid LIMIT ? OFFSET ?)");
  store::QualityPage found;
  {
    Use use(connection.prepared(R"(SELECT count(*) FROM quality_samples WHERE "callId" = ?)"));
    use.uuid(call.value());
    if (use.row()) found.total = static_cast<std::uint64_t>(use.number());
  }
  Use use(connection.prepared(text));
  use.uuid(call.value());
  use.number(page.limit);
  use.number(static_cast<std::int64_t>(page.number - 1) * page.limit);
  while (use.row()) found.entries.push_back(sql::take_quality(use));
  return found;
}

void forget_old_samples(Connection& connection, WallTime before, std::size_t most) {
  for (const auto* text : {R"(DELETE FROM quality_samples WHERE rowid IN )"
                           R"((SELECT rowid FROM quality_samples WHERE "callId" < ? ORDER BY "callId" LIMIT ?))",
                           R"(DELETE FROM call_attempts WHERE "id" IN )"
                           R"((SELECT "id" FROM call_attempts WHERE "id" < ? ORDER BY "id" LIMIT ?))"}) {
    Use use(connection.prepared(text));
    use.uuid(sql::first_id_at(before));
    use.number(static_cast<std::int64_t>(most));
    use.run();
  }
  Use use(connection.prepared(R"(DELETE FROM call_audit WHERE "seq" IN (SELECT "seq" FROM call_audit )"
                              R"(WHERE "callId" IS NULL AND "createdAt" < ? ORDER BY "createdAt" LIMIT ?))"));
  use.time(before);
  use.number(static_cast<std::int64_t>(most));
  use.run();
}

std::vector<store::StoredCall> calls_with_quality(Connection& connection, store::Page page) {
  static const std::string text =
      sql::select_stored_calls(R"(SELECT * FROM calls WHERE "qualityMetrics" <> '{}' AND "endedAt" IS NOT NULL )"
                               R"(ORDER BY "createdAt" DESC, "id" DESC LIMIT ? OFFSET ?)",
                               sql::Order::newest_first);
  Use use(connection.prepared(text));
  use.number(page.limit);
  use.number(static_cast<std::int64_t>(page.number - 1) * page.limit);
  return stored_calls(use);
}

}  // namespace belfry::sqlite
