#include "adapters/sqlite/audit.hpp"

#include <string>

#include "adapters/sql/archive_rows.hpp"
#include "adapters/sql/violations.hpp"
#include "base/must_have.hpp"
#include "store/audit_verify.hpp"

namespace belfry::sqlite {
namespace {

std::string audit_sql(const store::AuditQuery& query) {
  std::string text = std::string("SELECT ").append(sql::kAuditColumns).append(R"( FROM call_audit WHERE "seq" > ?1)");
  if (query.call) text += R"( AND "callId" = ?2)";
  if (query.user)
    text += R"( AND ("callId" IN (SELECT "id" FROM calls WHERE "callerId" = ?3 UNION ALL )"
            R"(SELECT "id" FROM calls WHERE "recipientId" = ?3 UNION ALL )"
            R"(SELECT "callId" FROM call_participants WHERE "userId" = ?3 AND "groupCallAt" IS NOT NULL) )"
            R"(OR ("callId" IS NULL AND "actorUserId" = ?3)))";
  if (query.from) text += R"( AND "createdAt" >= ?4)";
  if (query.to) text += R"( AND "createdAt" < ?5)";
  return text += R"( ORDER BY "seq" LIMIT ?6)";
}

std::vector<store::AuditEntry> audit_of(Connection& connection, const store::CallId& call) {
  static const std::string text =
      std::string("SELECT ").append(sql::kAuditColumns).append(R"( FROM call_audit WHERE "callId" = ? ORDER BY "callSeq")");
  Use use(connection.prepared(text));
  use.uuid(call.value());
  std::vector<store::AuditEntry> entries;
  while (use.row()) entries.push_back(sql::take_audit(use));
  return entries;
}

/// Runs one check, which returns calls and a word.
void collect(Connection& connection, const sql::ViolationCheck& check, WallTime now, std::vector<store::Violation>& all) {
  Use use(connection.prepared(check.sql));
  if (check.asks_time) use.time(now);
  while (use.row())
    all.push_back(
        {.invariant = std::string(check.invariant), .call = store::CallId(use.uuid()), .what = std::string(check.what)});
}

void verify_newest(Connection& connection, std::vector<store::Violation>& all) {
  Use use(connection.prepared(sql::kNewestAuditedCalls));
  while (use.row()) {
    const store::CallId call(use.uuid());
    const auto version = static_cast<std::uint64_t>(use.number());
    const auto tip = use.hash();
    sql::judge_audit(call, version, tip, audit_of(connection, call), all);
  }
}

}  // namespace

void insert_refused(Connection& connection, const store::AuditRecord& record) {
  static const Sql text(
      R"(INSERT INTO call_audit ("callSeq", "type", "actorUserId", "payload", "prevHash", "hash", "createdAt") )"
      R"(VALUES (0, ?, ?, ?, ?, ?, ?))");
  Use use(connection.prepared(text));
  use.text(record.type);
  use.uuid(must_have(record.actor, "a stranger is a user").value());
  use.text(record.payload);
  use.hash(record.previous);
  use.hash(record.hash);
  use.time(record.at);
  use.run();
}

std::vector<store::AuditEntry> find_audit(Connection& connection, const store::AuditQuery& query) {
  Use use(connection.prepared(audit_sql(query)));
  use.number(static_cast<std::int64_t>(query.after_seq));
  query.call ? use.uuid(query.call->value()) : use.null();
  query.user ? use.uuid(query.user->value()) : use.null();
  use.maybe_time(query.from);
  use.maybe_time(query.to);
  use.number(query.limit);
  std::vector<store::AuditEntry> entries;
  while (use.row()) entries.push_back(sql::take_audit(use));
  return entries;
}

std::vector<store::Violation> find_violations(Connection& connection, WallTime now) {
  std::vector<store::Violation> all;
  for (const auto& check : sql::violation_checks("?")) collect(connection, check, now, all);
  verify_newest(connection, all);
  return all;
}

}  // namespace belfry::sqlite
