#include "adapters/postgres/outbox_rows.hpp"

#include <algorithm>
#include <string>

#include "adapters/postgres/call_reads.hpp"
#include "adapters/postgres/id_array.hpp"
#include "adapters/postgres/process_name.hpp"
#include "adapters/sql/outbox_columns.hpp"
#include "adapters/sql/unheard_ends.hpp"

namespace belfry::postgres {
namespace {

constexpr std::string_view kHeartbeat =
    R"(INSERT INTO nodes ("id", "heartbeatAt", "seenAt", "process") )"
    R"(VALUES ($1, $2, (extract(epoch FROM clock_timestamp()) * 1000)::bigint, $3) )"
    R"(ON CONFLICT ("id") DO UPDATE SET "heartbeatAt" = excluded."heartbeatAt", "seenAt" = excluded."seenAt")";
constexpr std::string_view kStillRunning = R"(SELECT "id", "process" FROM nodes WHERE "stoppedAt" IS NULL AND "id" <> $1)";
/// If several servers look at once, one of them gets the row.
constexpr std::string_view kMarkGone =
    R"(UPDATE nodes SET "stoppedAt" = "heartbeatAt" WHERE "stoppedAt" IS NULL AND "id" <> $1 AND )"
    R"(("id" = $2 OR "seenAt" < (extract(epoch FROM clock_timestamp()) * 1000)::bigint - $3) RETURNING "id", "heartbeatAt")";
constexpr std::string_view kPutUnheardEnds =
    R"(INSERT INTO outbox ("nodeId", "userId", "callId", "createdAt") SELECT $1, p."userId", c."id", c."endedAt" FROM )"
    R"((SELECT DISTINCT "callId" FROM (SELECT "callId", "createdAt" FROM call_audit WHERE "callId" IS NOT NULL )"
    R"(ORDER BY "seq" DESC LIMIT $2) newest WHERE "createdAt" >= $3) r JOIN calls c ON c."id" = r."callId" )"
    R"(JOIN call_participants p ON p."callId" = c."id" )"
    R"(WHERE c."nodeId" = $1 AND c."status" NOT IN ('calling', 'connected') ON CONFLICT DO NOTHING)";
constexpr std::string_view kClaimOfStopped =
    R"(UPDATE calls c SET "nodeId" = $1 FROM (SELECT k."id", n."heartbeatAt" FROM nodes n JOIN calls k ON k."nodeId" = n."id" )"
    R"(WHERE n."stoppedAt" IS NOT NULL AND n."id" <> $1 AND k."status" IN ('calling', 'connected') )"
    R"(ORDER BY k."createdAt", k."id" LIMIT $2 FOR UPDATE OF k SKIP LOCKED) orphans WHERE c."id" = orphans."id" )"
    R"(RETURNING c."id", orphans."heartbeatAt")";
/// Reads all active calls. Those without a nodeId come from an older release; we take them if no other server is alive.
constexpr std::string_view kClaimOfUnknown =
    R"(UPDATE calls c SET "nodeId" = $1 FROM (SELECT k."id", n."heartbeatAt" FROM calls k LEFT JOIN nodes n ON n."id" = k."nodeId" )"
    R"(WHERE k."status" IN ('calling', 'connected') AND k."nodeId" IS DISTINCT FROM $1 AND CASE WHEN k."nodeId" IS NULL )"
    R"(THEN NOT EXISTS (SELECT 1 FROM nodes WHERE "id" <> $1 AND "stoppedAt" IS NULL) )"
    R"(ELSE n."id" IS NULL OR n."stoppedAt" IS NOT NULL END )"
    R"(ORDER BY k."createdAt", k."id" LIMIT $2 FOR UPDATE OF k SKIP LOCKED) orphans WHERE c."id" = orphans."id" )"
    R"(RETURNING c."id", coalesce(orphans."heartbeatAt", c."updatedAt"))";
/// Due since ever, so that it does not matter by how much the clocks of two servers differ. A locked entry is not waited for: its
/// claim has lapsed and another server takes it, or its server is back and ends the claim.
constexpr std::string_view kReleaseClaims = R"(UPDATE outbox SET "dueAt" = 0, "claimedBy" = NULL WHERE "seq" = ANY (ARRAY )"
                                            R"((SELECT "seq" FROM outbox WHERE "claimedBy" = $1 FOR UPDATE SKIP LOCKED)))";
/// After a day. Until then a server that was only stopped for a while must find that others counted it as gone.
constexpr std::string_view kForgetOld =
    R"(DELETE FROM nodes n WHERE "stoppedAt" IS NOT NULL AND "heartbeatAt" < (SELECT max("heartbeatAt") FROM nodes) - 86400000 AND )"
    R"(NOT EXISTS (SELECT 1 FROM calls c WHERE c."nodeId" = n."id" AND c."status" IN ('calling', 'connected')))";

/// Adds the ends that a server which is gone may have committed without notifying the participants (X-25).
void put_unheard_ends(Connection& connection, const Uuid& gone, WallTime last_heartbeat) {
  Params params;
  params.uuid(gone);
  params.number(sql::kNewestRecords);
  params.time(sql::unheard_since(last_heartbeat));
  connection.run(kPutUnheardEnds, params);
}

/// Returns how many.
std::size_t release_claims(Connection& connection, const Uuid& gone) {
  Params params;
  params.uuid(gone);
  return static_cast<std::size_t>(connection.run(kReleaseClaims, params).changed());
}

/// Returns how many claims it released.
std::size_t mark_gone(Connection& connection, const Uuid& node, const Uuid& known_dead, store::Silence silence) {
  Params params;
  params.uuid(node);
  params.uuid(known_dead);
  const Duration patience = silence == store::Silence::means_gone ? store::kNodeLapses : std::chrono::hours{24};
  params.number(std::chrono::duration_cast<std::chrono::milliseconds>(patience).count());
  const auto rows = connection.run(kMarkGone, params);
  std::size_t released = 0;
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    const Uuid gone = row.uuid();
    put_unheard_ends(connection, gone, row.time());
    released += release_claims(connection, gone);
  }
  return released;
}

std::vector<store::Orphan> claim(Connection& connection, std::string_view text, const Uuid& node, std::size_t limit) {
  Params params;
  params.uuid(node);
  params.number(static_cast<std::int64_t>(limit));
  const auto rows = connection.run(text, params);
  std::vector<store::Orphan> orphans;
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    const store::CallId id(row.uuid());
    const WallTime last_alive = row.time();
    if (auto call = find_call(connection, id)) orphans.push_back({.call = std::move(*call), .last_alive = last_alive});
  }
  return orphans;
}

std::vector<store::OutboxEntry> entries_in(const Rows& rows) {
  std::vector<store::OutboxEntry> entries;
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    entries.push_back(sql::take_outbox_entry(row));
  }
  return entries;
}

/// Two servers that look at once get different entries: SKIP LOCKED passes over a locked entry, and an entry that was unlocked
/// meanwhile is checked again and found to be claimed.
const std::string& take_due_sql() {
  static const std::string text =
      // MATERIALIZED, because a plan that scans the CTE again claims more than the limit.
      R"(WITH claimed AS MATERIALIZED (SELECT "seq" AS "due" FROM outbox WHERE "kind" = $2 AND "dueAt" <= $3 )"
      R"(AND "userId" <> ALL ($5) ORDER BY "dueAt", "seq" LIMIT $4 FOR UPDATE SKIP LOCKED) )"
      R"(UPDATE outbox SET "dueAt" = $1, "claimedBy" = $6, "tries" = "tries" + 1 FROM claimed )"
      R"(WHERE "seq" = claimed."due" RETURNING )" +
      std::string(sql::kOutboxReadColumns);
  return text;
}

}  // namespace

void put_in_outbox(Connection& connection, const Uuid& node, const store::OutboxEntry& entry) {
  Params params;
  params.uuid(node);
  sql::put_outbox_entry(params, entry);
  static const std::string text = R"(INSERT INTO outbox ("nodeId", )" + std::string(sql::kOutboxColumns) +
                                  ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING";
  connection.run(text, params);
}

void settle_entry(Connection& connection, store::UserId to, const store::CallId& call) {
  Params params;
  params.uuid(to.value());
  params.uuid(call.value());
  connection.run(R"(DELETE FROM outbox WHERE "userId" = $1 AND "callId" = $2 AND "kind" = 'call_end')", params);
}

bool entry_waits(Connection& connection, store::UserId to, const store::CallId& call) {
  Params params;
  params.uuid(to.value());
  params.uuid(call.value());
  return !connection.run(R"(SELECT 1 FROM outbox WHERE "userId" = $1 AND "callId" = $2 AND "kind" = 'call_end')", params).empty();
}

std::vector<store::OutboxEntry> waiting_entries(Connection& connection, std::uint64_t after_seq, std::size_t limit) {
  Params params;
  params.number(static_cast<std::int64_t>(after_seq));
  params.number(static_cast<std::int64_t>(limit));
  static const std::string text = "SELECT " + std::string(sql::kOutboxReadColumns) +
                                  R"( FROM outbox WHERE "seq" > $1 AND "kind" = 'call_end' ORDER BY "seq" LIMIT $2)";
  return entries_in(connection.run(text, params));
}

void forget_outbox_before(Connection& connection, WallTime when, std::size_t most) {
  Params params;
  params.time(when);
  params.number(static_cast<std::int64_t>(most));
  connection.run(R"(DELETE FROM outbox WHERE "seq" = ANY (ARRAY )"
                 R"((SELECT "seq" FROM outbox WHERE "createdAt" < $1 ORDER BY "createdAt" LIMIT $2)))",
                 params);
}

std::vector<store::OutboxEntry> take_due_entries(Connection& connection, const Uuid& node, const store::Claim& claim) {
  Params params;
  params.time(claim.until);
  params.text(word_of(claim.kind));
  params.time(claim.now);
  params.number(static_cast<std::int64_t>(claim.limit));
  put_ids(params, claim.except);
  params.uuid(node);
  auto taken = entries_in(connection.run(take_due_sql(), params));
  sql::sort_by_number(taken);
  return taken;
}

void remove_due_entry(Connection& connection, std::uint64_t seq) {
  Params params;
  params.number(static_cast<std::int64_t>(seq));
  connection.run(R"(DELETE FROM outbox WHERE "seq" = $1 AND "dueAt" IS NOT NULL)", params);
}

void put_off_due_entry(Connection& connection, const store::ClaimedEntry& entry, WallTime due) {
  Params params;
  params.time(due);
  params.number(static_cast<std::int64_t>(entry.seq));
  params.number(entry.tries);
  connection.run(
      R"(UPDATE outbox SET "dueAt" = $1, "claimedBy" = NULL WHERE "seq" = $2 AND "tries" = $3 AND "dueAt" IS NOT NULL)", params);
}

void note_heartbeat(Connection& connection, const Uuid& node, WallTime now) {
  Params params;
  params.uuid(node);
  params.time(now);
  params.text(own_process_name());
  connection.run(kHeartbeat, params);
}

void note_stop(Connection& connection, const Uuid& node, WallTime now) {
  note_heartbeat(connection, node, now);
  Params params;
  params.uuid(node);
  connection.run(R"(UPDATE nodes SET "stoppedAt" = "heartbeatAt" WHERE "id" = $1)", params);
  release_claims(connection, node);
}

store::TakenOver take_over_calls(Connection& connection, const Uuid& node, const sql::TakeOver& request) {
  Params own;
  own.uuid(node);
  const bool was_taken_for_gone =
      !connection.run(R"(UPDATE nodes SET "stoppedAt" = NULL WHERE "id" = $1 AND "stoppedAt" IS NOT NULL RETURNING "id")", own)
           .empty();
  std::size_t released = 0;
  const auto running = connection.run(kStillRunning, own);
  for (int i = 0; i < running.size(); ++i) {
    auto row = running.at(i);
    const Uuid other = row.uuid();
    const bool known_dead = is_dead_process_of_this_machine(row.text());
    if (known_dead || request.silence == store::Silence::means_gone)
      released += mark_gone(connection, node, known_dead ? other : Uuid{}, request.silence);
  }
  store::TakenOver taken{.calls = claim(connection, kClaimOfStopped, node, request.limit)};
  if (request.unknown == sql::Unknown::looked_for)
    for (auto& orphan : claim(connection, kClaimOfUnknown, node, request.limit)) taken.calls.push_back(std::move(orphan));
  taken.was_taken_for_gone = was_taken_for_gone;
  taken.released = released;
  taken.last_heartbeat = connection.run(R"(SELECT max("heartbeatAt") FROM nodes WHERE "id" <> $1)", own).at(0).maybe_time();
  connection.run(kForgetOld, Params{});
  return taken;
}

}  // namespace belfry::postgres
