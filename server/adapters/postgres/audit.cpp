#include "adapters/postgres/audit.hpp"

#include <string>

#include "adapters/sql/archive_rows.hpp"
#include "adapters/sql/violations.hpp"
#include "base/must_have.hpp"
#include "store/audit_verify.hpp"

namespace belfry::postgres {
namespace {

std::string audit_sql(const store::AuditQuery& query) {
  std::string text = std::string("SELECT ").append(sql::kAuditColumns).append(R"( FROM call_audit WHERE "seq" > $1)");
  if (query.call) text += R"( AND "callId" = $2)";
  if (query.user)
    text += R"( AND ("callId" IN (SELECT "id" FROM calls WHERE "callerId" = $3 UNION ALL )"
            R"(SELECT "id" FROM calls WHERE "recipientId" = $3 UNION ALL )"
            R"(SELECT "callId" FROM call_participants WHERE "userId" = $3 AND "groupCallAt" IS NOT NULL) )"
            R"(OR ("callId" IS NULL AND "actorUserId" = $3)))";
  if (query.from) text += R"( AND "createdAt" >= $4)";
  if (query.to) text += R"( AND "createdAt" < $5)";
  return text += R"( ORDER BY "seq" LIMIT $6)";
}

std::vector<store::AuditEntry> entries_in(const Rows& rows) {
  std::vector<store::AuditEntry> entries;
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    entries.push_back(sql::take_audit(row));
  }
  return entries;
}

std::vector<store::AuditEntry> audit_of(Connection& connection, const store::CallId& call) {
  static const std::string text =
      std::string("SELECT ").append(sql::kAuditColumns).append(R"( FROM call_audit WHERE "callId" = $1 ORDER BY "callSeq")");
  Params params;
  params.uuid(call.value());
  return entries_in(connection.run(text, params));
}

/// Runs one check, which returns calls and a word. PostgreSQL has no min() of uuids before version 18.
void collect(Connection& connection, sql::ViolationCheck check, WallTime now, std::vector<store::Violation>& all) {
  constexpr std::string_view kMin = R"(min("id"))";
  if (const auto at = check.sql.find(kMin); at != std::string::npos)
    check.sql.replace(at, kMin.size(), R"(min("id"::text)::uuid)");
  Params params;
  if (check.asks_time) params.time(now);
  const auto rows = connection.run(check.sql, params);
  for (int i = 0; i < rows.size(); ++i)
    all.push_back(
        {.invariant = std::string(check.invariant), .call = store::CallId(rows.at(i).uuid()), .what = std::string(check.what)});
}

void verify_newest(Connection& connection, std::vector<store::Violation>& all) {
  const auto rows = connection.run(sql::kNewestAuditedCalls);
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    const store::CallId call(row.uuid());
    const auto version = static_cast<std::uint64_t>(row.number());
    const auto tip = row.hash();
    sql::judge_audit(call, version, tip, audit_of(connection, call), all);
  }
}

}  // namespace

void insert_refused(Connection& connection, const store::AuditRecord& record) {
  Params params;
  params.text(record.type);
  params.uuid(must_have(record.actor, "a stranger is a user").value());
  params.text(record.payload);
  params.hash(record.previous);
  params.hash(record.hash);
  params.time(record.at);
  connection.run(R"(INSERT INTO call_audit ("callSeq", "type", "actorUserId", "payload", "prevHash", "hash", "createdAt") )"
                 R"(VALUES (0, $1, $2, $3, $4, $5, $6))",
                 params);
}

std::vector<store::AuditEntry> find_audit(Connection& connection, const store::AuditQuery& query) {
  Params params;
  params.number(static_cast<std::int64_t>(query.after_seq));
  params.maybe_uuid(query.call);
  params.maybe_uuid(query.user);
  params.maybe_time(query.from);
  params.maybe_time(query.to);
  params.number(query.limit);
  return entries_in(connection.run(audit_sql(query), params));
}

std::vector<store::Violation> find_violations(Connection& connection, WallTime now) {
  // One snapshot for all checks; otherwise a call that changes between two statements would look broken.
  connection.script("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  std::vector<store::Violation> all;
  try {
    for (const auto& check : sql::violation_checks("$1")) collect(connection, check, now, all);
    verify_newest(connection, all);
    connection.script("COMMIT");
  } catch (const Failure& failure) {
    if (failure.fault() == Fault::refused) connection.script("ROLLBACK");
    throw;
  }
  return all;
}

}  // namespace belfry::postgres
