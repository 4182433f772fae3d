#include "adapters/sqlite/outbox_rows.hpp"

#include <string>

#include "adapters/sql/outbox_columns.hpp"
#include "adapters/sql/unheard_ends.hpp"
#include "adapters/sqlite/call_reads.hpp"

namespace belfry::sqlite {
namespace {

std::optional<WallTime> last_heartbeat_of_others(Connection& connection, const Uuid& node) {
  Use use(connection.prepared(R"(SELECT max("heartbeatAt") FROM nodes WHERE "id" <> ?)"));
  use.uuid(node);
  if (!use.row()) return std::nullopt;
  return use.maybe_time();
}

/// The oldest last heartbeat of the servers that crashed and were not taken over. A start that was interrupted between its first
/// heartbeat and its takeover is one of them; the one before it is the one whose calls and ends are still to be looked after.
std::optional<WallTime> last_heartbeat_of_crashed(Connection& connection, const Uuid& node) {
  Use use(connection.prepared(R"(SELECT min("heartbeatAt") FROM nodes WHERE "id" <> ? AND "stoppedAt" IS NULL)"));
  use.uuid(node);
  if (!use.row()) return std::nullopt;
  return use.maybe_time();
}

/// X-25: adds the ends that a crashed server may have committed without notifying the participants.
void put_unheard_ends(Connection& connection, WallTime since) {
  Use use(connection.prepared(
      R"(INSERT OR IGNORE INTO outbox ("userId", "callId", "createdAt") SELECT p."userId", c."id", c."endedAt" FROM )"
      R"((SELECT DISTINCT "callId" FROM (SELECT "callId", "createdAt" FROM call_audit WHERE "callId" IS NOT NULL )"
      R"(ORDER BY "seq" DESC LIMIT ?1) WHERE "createdAt" >= ?2) r )"
      R"(JOIN calls c ON c."id" = r."callId" JOIN call_participants p ON p."callId" = c."id" )"
      R"(WHERE c."status" NOT IN ('calling', 'connected'))"));
  use.number(sql::kNewestRecords);
  use.time(sql::unheard_since(since));
  use.run();
}

/// Returns how many. They are due since ever, so that it does not matter by how much the clocks of two servers differ.
std::size_t release_claims_of_others(Connection& connection, const Uuid& node) {
  Use use(connection.prepared(
      R"(UPDATE outbox SET "dueAt" = 0, "claimedBy" = NULL WHERE "claimedBy" IS NOT NULL AND "claimedBy" <> ?)"));
  use.uuid(node);
  return static_cast<std::size_t>(use.run());
}

}  // namespace

void put_in_outbox(Connection& connection, const store::OutboxEntry& entry) {
  static const Sql text("INSERT OR IGNORE INTO outbox (" + std::string(sql::kOutboxColumns) +
                        ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  Use use(connection.prepared(text));
  sql::put_outbox_entry(use, entry);
  use.run();
}

void settle_entry(Connection& connection, store::UserId to, const store::CallId& call) {
  static const Sql text(R"(DELETE FROM outbox WHERE "userId" = ? AND "callId" = ? AND "kind" = 'call_end')");
  Use use(connection.prepared(text));
  use.uuid(to.value());
  use.uuid(call.value());
  use.run();
}

bool entry_waits(Connection& connection, store::UserId to, const store::CallId& call) {
  Use use(connection.prepared(R"(SELECT 1 FROM outbox WHERE "userId" = ? AND "callId" = ? AND "kind" = 'call_end')"));
  use.uuid(to.value());
  use.uuid(call.value());
  return use.row();
}

std::vector<store::OutboxEntry> waiting_entries(Connection& connection, std::uint64_t after_seq, std::size_t limit) {
  static const std::string text = "SELECT " + std::string(sql::kOutboxReadColumns) +
                                  R"( FROM outbox WHERE "seq" > ? AND "kind" = 'call_end' ORDER BY "seq" LIMIT ?)";
  Use use(connection.prepared(text));
  use.number(static_cast<std::int64_t>(after_seq));
  use.number(static_cast<std::int64_t>(limit));
  std::vector<store::OutboxEntry> entries;
  while (use.row()) entries.push_back(sql::take_outbox_entry(use));
  return entries;
}

void forget_outbox_before(Connection& connection, WallTime when, std::size_t most) {
  Use use(connection.prepared(R"(DELETE FROM outbox WHERE "seq" IN )"
                              R"((SELECT "seq" FROM outbox WHERE "createdAt" < ? ORDER BY "createdAt" LIMIT ?))"));
  use.time(when);
  use.number(static_cast<std::int64_t>(most));
  use.run();
}

std::vector<store::OutboxEntry> take_due_entries(Connection& connection, const Uuid& node, const store::Claim& claim) {
  // One text of all ids: an IN list would need a statement for each length.
  std::string except;
  for (const auto& user : claim.except) except.append(to_text(user.value())).append(" ");
  static const std::string text = R"(UPDATE outbox SET "dueAt" = ?, "claimedBy" = ?, "tries" = "tries" + 1 WHERE "seq" IN )"
                                  R"((SELECT "seq" FROM outbox WHERE "kind" = ? AND "dueAt" <= ? AND instr(?, "userId") = 0 )"
                                  R"(ORDER BY "dueAt", "seq" LIMIT ?) RETURNING )" +
                                  std::string(sql::kOutboxReadColumns);
  Use use(connection.prepared(text));
  use.time(claim.until);
  use.uuid(node);
  use.text(word_of(claim.kind));
  use.time(claim.now);
  use.text(except);
  use.number(static_cast<std::int64_t>(claim.limit));
  std::vector<store::OutboxEntry> taken;
  while (use.row()) taken.push_back(sql::take_outbox_entry(use));
  sql::sort_by_number(taken);
  return taken;
}

void remove_due_entry(Connection& connection, std::uint64_t seq) {
  Use use(connection.prepared(R"(DELETE FROM outbox WHERE "seq" = ? AND "dueAt" IS NOT NULL)"));
  use.number(static_cast<std::int64_t>(seq));
  use.run();
}

void put_off_due_entry(Connection& connection, const store::ClaimedEntry& entry, WallTime due) {
  Use use(connection.prepared(
      R"(UPDATE outbox SET "dueAt" = ?, "claimedBy" = NULL WHERE "seq" = ? AND "tries" = ? AND "dueAt" IS NOT NULL)"));
  use.time(due);
  use.number(static_cast<std::int64_t>(entry.seq));
  use.number(entry.tries);
  use.run();
}

void note_heartbeat(Connection& connection, const Uuid& node, WallTime now) {
  static const Sql text(R"(INSERT INTO nodes ("id", "heartbeatAt") VALUES (?, ?) )"
                        R"(ON CONFLICT ("id") DO UPDATE SET "heartbeatAt" = excluded."heartbeatAt")");
  Use use(connection.prepared(text));
  use.uuid(node);
  use.time(now);
  use.run();
}

void note_stop(Connection& connection, const Uuid& node, WallTime now) {
  note_heartbeat(connection, node, now);
  Use use(connection.prepared(R"(UPDATE nodes SET "stoppedAt" = "heartbeatAt" WHERE "id" = ?)"));
  use.uuid(node);
  use.run();
}

store::TakenOver take_over_calls(Connection& connection, const Uuid& node, const sql::TakeOver& request) {
  const auto crashed = last_heartbeat_of_crashed(connection, node);
  if (crashed) put_unheard_ends(connection, *crashed);
  {
    Use use(connection.prepared(R"(UPDATE nodes SET "stoppedAt" = "heartbeatAt" WHERE "id" <> ? AND "stoppedAt" IS NULL)"));
    use.uuid(node);
    use.run();
  }
  {
    Use use(connection.prepared(R"(DELETE FROM nodes WHERE "id" <> ?1 AND )"
                                R"("heartbeatAt" < (SELECT max("heartbeatAt") FROM nodes WHERE "id" <> ?1))"));
    use.uuid(node);
    use.run();
  }
  store::TakenOver taken{.last_heartbeat = last_heartbeat_of_others(connection, node),
                         .released = release_claims_of_others(connection, node)};
  for (auto& call : find_active(connection, request.limit)) {
    const WallTime alive = crashed ? *crashed : taken.last_heartbeat.value_or(call.row.updated);
    taken.calls.push_back({.call = std::move(call), .last_alive = alive});
  }
  return taken;
}

}  // namespace belfry::sqlite
