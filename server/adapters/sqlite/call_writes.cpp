#include "adapters/sqlite/call_writes.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "adapters/sql/call_columns.hpp"
#include "adapters/sqlite/outbox_rows.hpp"

namespace belfry::sqlite {
namespace {

// How a statement is put decides what SQLite does around it, and these run thousands of times a second. `IN (?, ?)` makes and
// drops a table of its own each time. A statement which writes several rows, or whose table has a trigger, keeps a copy of each
// page it touches in case a rule breaks half-way; not with OR FAIL, which leaves the clearing up to us, and a failure here rolls
// the whole transaction back (writer.cpp). So: one row a statement, each sought by its key.

using store::CallRow;
using store::Transition;

/// "?, ?, ?"
std::string marks(int count) {
  std::string text = "?";
  for (int i = 1; i < count; ++i) text += ", ?";
  return text;
}

const Sql& insert_call_sql() {
  static const Sql text("INSERT OR FAIL INTO calls (" + std::string(sql::kCallColumns) + ") VALUES (" +
                        marks(sql::kCallColumnCount) + ") ON CONFLICT (\"id\") DO NOTHING");
  return text;
}

const Sql& update_call_sql() {
  static const Sql text("UPDATE OR FAIL calls SET (" + std::string(sql::kCallChangeColumns) + ") = (" +
                        marks(sql::kCallChangeColumnCount) + ") WHERE \"id\" = ? AND \"version\" = ?");
  return text;
}

const Sql& insert_leg_sql() {
  static const Sql text("INSERT OR FAIL INTO call_participants (" + std::string(sql::kLegColumns) + ") VALUES (" +
                        marks(sql::kLegColumnCount) + ")");
  return text;
}

const Sql& update_leg_sql() {
  static const Sql text("UPDATE OR FAIL call_participants SET (" + std::string(sql::kLegChangeColumns) + ") = (" +
                        marks(sql::kLegChangeColumnCount) + ") WHERE \"callId\" = ? AND \"userId\" = ?");
  return text;
}

struct Known {
  account::Person person{};
  account::UserStatus status = account::UserStatus::active;
};

std::optional<Known> find_person(Connection& connection, const account::UserId& id) {
  static const Sql text(R"(SELECT "username", "avatar", "status" FROM users WHERE "id" = ?)");
  Use use(connection.prepared(text));
  use.uuid(id.value());
  if (!use.row()) return std::nullopt;
  Known known;
  known.person = sql::take_person(use, id);
  known.status = account::parse_user_status(use.text()).value_or(account::UserStatus::blocked);
  return known;
}

std::uint64_t version_of(Connection& connection, const store::CallId& id) {
  static const Sql text(R"(SELECT "version" FROM calls WHERE "id" = ?)");
  Use use(connection.prepared(text));
  use.uuid(id.value());
  return use.row() ? static_cast<std::uint64_t>(use.number()) : 0;
}

constexpr std::array kBoth = {sql::Side::caller, sql::Side::callee};

void insert_leg(Connection& connection, const CallRow& row, sql::Side side) {
  Use use(connection.prepared(insert_leg_sql()));
  sql::put_leg(use, row, side);
  use.run();
}

bool update_leg(Connection& connection, const CallRow& row, sql::Side side) {
  Use use(connection.prepared(update_leg_sql()));
  sql::put_leg_change(use, row, side);
  use.uuid(row.id.value());
  use.uuid(sql::user_of(row, side).value());
  return use.run() == 1;
}

void put_record(Connection& connection, const Transition& transition) {
  static const Sql text(
      R"(INSERT INTO call_audit ("callId", "callSeq", "type", "actorUserId", "actorDeviceId", "payload", "prevHash", "hash", )"
      R"("createdAt") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?))");
  Use use(connection.prepared(text));
  const auto& record = transition.record;
  use.uuid(transition.row.id.value());
  use.number(static_cast<std::int64_t>(transition.row.version));
  use.text(record.type);
  use.maybe_uuid(record.actor);
  use.text_or_null(record.device);
  use.text(record.payload);
  use.hash(record.previous);
  use.hash(record.hash);
  use.time(record.at);
  use.run();
}

bool take_slot(Connection& connection, const account::UserId& user, const CallRow& row) {
  static const Sql text(R"(INSERT OR FAIL INTO user_call_slots ("userId", "slotNo", "callId") VALUES (?, 0, ?) )"
                        R"(ON CONFLICT ("userId", "slotNo") DO NOTHING)");
  Use use(connection.prepared(text));
  use.uuid(user.value());
  use.uuid(row.id.value());
  return use.run() == 1;
}

void free_slots(Connection& connection, const CallRow& row) {
  static const Sql text(R"(DELETE FROM user_call_slots WHERE "userId" = ? AND "slotNo" = 0 AND "callId" = ?)");
  for (const auto& user : {row.caller, row.callee}) {
    Use use(connection.prepared(text));
    use.uuid(user.value());
    use.uuid(row.id.value());
    use.run();
  }
}

std::optional<store::SlotTaken> holder(Connection& connection, const account::UserId& user) {
  static const Sql text(R"(SELECT "callId" FROM user_call_slots WHERE "userId" = ? AND "slotNo" = 0)");
  Use use(connection.prepared(text));
  use.uuid(user.value());
  if (!use.row()) return std::nullopt;
  return store::SlotTaken{.user = user, .held_by = store::CallId(use.uuid())};
}

/// The caller's slot is asked first (SPEC 2.8.9). One writer at a time: no order among them can wait for each other here.
std::optional<store::SlotTaken> taken_slot(Connection& connection, const CallRow& row) {
  if (take_slot(connection, row.caller, row) && take_slot(connection, row.callee, row)) return std::nullopt;
  free_slots(connection, row);
  if (auto taken = holder(connection, row.caller)) return taken;
  return holder(connection, row.callee);
}

/// False: the key has led to a call before, or stands for another request.
bool claim(Connection& connection, const store::IdempotencyClaim& claim, const CallRow& row) {
  static const Sql text(
      R"(INSERT INTO idempotency_keys ("owner", "key", "fingerprint", "callId", "createdAt") VALUES (?, ?, ?, ?, ?) )"
      R"(ON CONFLICT ("owner", "key") DO UPDATE SET "callId" = excluded."callId" )"
      R"(WHERE "callId" IS NULL AND "fingerprint" = excluded."fingerprint")");
  Use use(connection.prepared(text));
  use.uuid(claim.owner.value());
  use.text(claim.key);
  use.text(claim.fingerprint);
  use.uuid(row.id.value());
  use.time(row.created);
  return use.run() == 1;
}

bool insert_call(Connection& connection, const CallRow& row) {
  Use use(connection.prepared(insert_call_sql()));
  sql::put_call(use, row);
  return use.run() == 1;
}

void take_back_call(Connection& connection, const CallRow& row) {
  static const Sql text(R"(DELETE FROM calls WHERE "id" = ?)");
  Use use(connection.prepared(text));
  use.uuid(row.id.value());
  use.run();
}

store::CommitResult create(Connection& connection, const Transition& transition) {
  const CallRow& row = transition.row;
  auto caller = find_person(connection, row.caller), callee = find_person(connection, row.callee);
  if (!callee) return store::UserUnknown{row.callee};
  if (!caller) return store::UserUnknown{row.caller};
  if (caller->status != account::UserStatus::active) return store::UserNotActive{row.caller};
  if (callee->status != account::UserStatus::active) return store::UserNotActive{row.callee};
  if (!insert_call(connection, row)) return store::VersionConflict{version_of(connection, row.id)};
  if (const auto taken = taken_slot(connection, row)) {
    take_back_call(connection, row);
    return *taken;
  }
  if (transition.claim && !claim(connection, *transition.claim, row)) {
    free_slots(connection, row);
    take_back_call(connection, row);
    return store::VersionConflict{0};
  }
  for (const auto side : kBoth) insert_leg(connection, row, side);
  put_record(connection, transition);
  return store::Committed{.caller = std::move(caller->person), .callee = std::move(callee->person)};
}

bool update_call(Connection& connection, const Transition& transition) {
  Use use(connection.prepared(update_call_sql()));
  sql::put_call_change(use, transition.row);
  use.uuid(transition.row.id.value());
  use.number(static_cast<std::int64_t>(transition.expected_version));
  return use.run() == 1;
}

store::CommitResult change(Connection& connection, const Transition& transition) {
  if (!update_call(connection, transition)) return store::VersionConflict{version_of(connection, transition.row.id)};
  for (const auto side : kBoth)  // a call inserted by hand may have none
    if (!update_leg(connection, transition.row, side)) insert_leg(connection, transition.row, side);
  put_record(connection, transition);
  if (is_final(transition.row.status)) free_slots(connection, transition.row);
  for (const auto& entry : transition.outbox) put_in_outbox(connection, entry);
  return store::Committed{};
}

}  // namespace

store::CommitResult apply(Connection& connection, const Transition& transition) {
  return transition.expected_version == 0 ? create(connection, transition) : change(connection, transition);
}

std::optional<store::Committed> find_fate(Connection& connection, const store::StepId& step) {
  Use use(connection.prepared(
      R"(SELECT r."hash", c."callerId", c."recipientId" FROM call_audit r JOIN calls c ON c."id" = r."callId" )"
      R"(WHERE r."callId" = ? AND r."callSeq" = ?)"));
  use.uuid(step.call.value());
  use.number(static_cast<std::int64_t>(step.version));
  if (!use.row() || use.hash() != step.hash) return std::nullopt;
  if (step.version != 1) return store::Committed{};
  const account::UserId caller(use.uuid()), callee(use.uuid());
  store::Committed made;
  if (auto known = find_person(connection, caller)) made.caller = std::move(known->person);
  if (auto known = find_person(connection, callee)) made.callee = std::move(known->person);
  return made;
}

void insert_attempt(Connection& connection, const store::Attempt& attempt) {
  static const Sql text(
      R"(INSERT OR IGNORE INTO call_attempts ("id", "callerId", "recipientId", "callType", "reason", "createdAt") )"
      R"(VALUES (?, ?, ?, ?, ?, ?))");
  Use use(connection.prepared(text));
  use.uuid(attempt.id);
  use.uuid(attempt.caller.value());
  use.uuid(attempt.callee.value());
  use.text(to_text(attempt.media));
  use.text(attempt.reason);
  use.time(attempt.at);
  use.run();
}

void wipe(Connection& connection) {
  for (const auto* table : {"call_participants", "user_call_slots", "call_audit", "call_attempts", "quality_samples", "calls",
                            "idempotency_keys", "outbox", "changes", "logins", "users", "nodes"})
    connection.run(std::string("DELETE FROM ") + table);
}

}  // namespace belfry::sqlite
