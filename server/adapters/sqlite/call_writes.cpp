#include "adapters/sqlite/call_writes.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/sql/call_columns.hpp"
#include "adapters/sql/history_roles.hpp"
#include "adapters/sqlite/call_reads.hpp"
#include "adapters/sqlite/conversations.hpp"
#include "adapters/sqlite/messages.hpp"
#include "adapters/sqlite/outbox_rows.hpp"
#include "base/check.hpp"
#include "base/must_have.hpp"

namespace belfry::sqlite {
namespace {

// These statements run thousands of times a second, so their form matters. `IN (?, ?)` makes SQLite create and drop a temporary
// table each time. A statement that writes several rows, or whose table has a trigger, copies each page it touches in case a
// constraint fails half-way. OR FAIL avoids that but leaves the cleanup to us, and a failure here rolls back the whole
// transaction (writer.cpp). So each statement writes one row, found by its key.

using store::CallRow;
using store::Transition;

// The columns that only a creation writes here, after those that both databases write alike; in the order of insert_call() and
// insert_leg(). PostgreSQL's functions for starts and for commits write them there.
constexpr std::string_view kCallCreationColumns = R"("conversationId", "groupId", "provider", "mediaMode", "ringMode")";
constexpr int kCallCreationColumnCount = 5;
constexpr std::string_view kLegCreationColumns = R"("groupCallAt", "silent")";
constexpr int kLegCreationColumnCount = 2;

/// "?, ?, ?"
std::string marks(int count) {
  std::string text = "?";
  for (int i = 1; i < count; ++i) text += ", ?";
  return text;
}

const Sql& insert_call_sql() {
  static const Sql text("INSERT OR FAIL INTO calls (" + std::string(sql::kCallColumns) + ", " +
                        std::string(kCallCreationColumns) + ") VALUES (" +
                        marks(sql::kCallColumnCount + kCallCreationColumnCount) + ") ON CONFLICT (\"id\") DO NOTHING");
  return text;
}

const Sql& update_call_sql() {
  static const Sql text("UPDATE OR FAIL calls SET (" + std::string(sql::kCallChangeColumns) + ") = (" +
                        marks(sql::kCallChangeColumnCount) + ") WHERE \"id\" = ? AND \"version\" = ?");
  return text;
}

const Sql& insert_leg_sql() {
  static const Sql text("INSERT OR FAIL INTO call_participants (" + std::string(sql::kLegColumns) + ", " +
                        std::string(kLegCreationColumns) + ") VALUES (" + marks(sql::kLegColumnCount + kLegCreationColumnCount) +
                        ")");
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

using People = std::vector<std::optional<Known>>;

/// One per leg; nullopt: there is no such user.
People find_people(Connection& connection, const CallRow& row) {
  People people;
  people.reserve(row.legs.size());
  for (const auto& leg : row.legs) people.push_back(find_person(connection, leg.user));
  return people;
}

/// Checks in the order of store::UserUnknown.
std::optional<store::CommitResult> refusal(Connection& connection, const CallRow& row, const People& people) {
  for (std::size_t callee = 1; callee < people.size(); ++callee)
    if (!people[callee]) return store::UserUnknown{row.legs[callee].user};
  if (!people.front()) return store::UserUnknown{row.caller};
  for (const auto& each : people)
    if (each && (!is_group(row) || each->person.id == row.caller) && each->status != account::UserStatus::active)
      return store::UserNotActive{each->person.id};
  if (row.callee && blocks_between(connection, row.caller, *row.callee)) return store::UserNotActive{*row.callee};
  return std::nullopt;
}

std::uint64_t version_of(Connection& connection, const store::CallId& id) {
  static const Sql text(R"(SELECT "version" FROM calls WHERE "id" = ?)");
  Use use(connection.prepared(text));
  use.uuid(id.value());
  return use.row() ? static_cast<std::uint64_t>(use.number()) : 0;
}

void insert_leg(Connection& connection, const CallRow& row, const store::Leg& leg) {
  Use use(connection.prepared(insert_leg_sql()));
  sql::put_leg(use, row, leg);
  use.maybe_time(sql::group_call_at(row, leg));
  use.flag(leg.bell == store::Bell::silent);
  use.run();
}

bool update_leg(Connection& connection, const CallRow& row, const store::Leg& leg) {
  Use use(connection.prepared(update_leg_sql()));
  sql::put_leg_change(use, row, leg);
  use.uuid(row.id.value());
  use.uuid(leg.user.value());
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

void free_slot(Connection& connection, const account::UserId& user, const CallRow& row) {
  static const Sql text(R"(DELETE FROM user_call_slots WHERE "userId" = ? AND "slotNo" = 0 AND "callId" = ?)");
  Use use(connection.prepared(text));
  use.uuid(user.value());
  use.uuid(row.id.value());
  use.run();
}

void free_slots(Connection& connection, const CallRow& row) {
  for (const auto& leg : row.legs) free_slot(connection, leg.user, row);
}

std::optional<store::SlotTaken> holder(Connection& connection, const account::UserId& user) {
  static const Sql text(R"(SELECT "callId" FROM user_call_slots WHERE "userId" = ? AND "slotNo" = 0)");
  Use use(connection.prepared(text));
  use.uuid(user.value());
  if (!use.row()) return std::nullopt;
  return store::SlotTaken{.user = user, .held_by = store::CallId(use.uuid())};
}

/// Tries the caller's slot first (SPEC 2.8.9). There is one writer, so no order can deadlock here.
std::optional<store::SlotTaken> taken_slot(Connection& connection, const CallRow& row) {
  for (const auto& leg : row.legs) {
    if (!holds_slot(row, leg) || take_slot(connection, leg.user, row)) continue;
    auto taken = holder(connection, leg.user);
    free_slots(connection, row);
    return taken;
  }
  return std::nullopt;
}

std::optional<store::PartsRefused::Why> refused_part(Connection& connection, const CallRow& row, const store::Leg& leg,
                                                     account::UserStatus status) {
  using enum store::PartsRefused::Why;
  if (row.conversation && !is_member(connection, *row.conversation, leg.user)) return not_in_conversation;
  if (leg.user == row.caller) return std::nullopt;
  if (status != account::UserStatus::active) return not_active;
  if (leg.bell == store::Bell::silent || !is_pending(leg.state)) return std::nullopt;
  if (blocks_between(connection, row.caller, leg.user)) return blocked;
  return holder(connection, leg.user) ? std::optional(busy) : std::nullopt;
}

store::PartsRefused refused_parts(Connection& connection, const CallRow& row, const People& people) {
  store::PartsRefused refused;
  for (std::size_t i = 0; i < people.size(); ++i) {
    const auto& person = people[i];
    CHECK(person.has_value(), "unknown people were refused before");
    if (const auto why = refused_part(connection, row, row.legs[i], person->status))
      refused.parts.push_back({row.legs[i].user, *why});
  }
  return refused;
}

/// What only the creation of a group call, or of a call in a conversation, asks.
std::optional<store::CommitResult> refused_place(Connection& connection, const CallRow& row, const People& people,
                                                 const std::optional<store::ConversationId>& place) {
  if (const auto version = version_of(connection, row.id); version != 0) return store::VersionConflict{version};
  for (const auto& leg : row.legs)
    if (auto taken = holds_slot(row, leg) ? holder(connection, leg.user) : std::nullopt) return *taken;
  if (const auto active = place ? active_call_in(connection, *place) : std::nullopt) return store::ConversationTaken{*active};
  if (!is_group(row)) return std::nullopt;
  auto refused = refused_parts(connection, row, people);
  return refused.parts.empty() ? std::nullopt : std::optional<store::CommitResult>(std::move(refused));
}

/// See store::ClaimTaken.
bool is_taken(Connection& connection, const store::IdempotencyClaim& claim) {
  static const Sql text(R"(SELECT 1 FROM idempotency_keys WHERE "owner" = ? AND "key" = ? )"
                        R"(AND ("callId" IS NOT NULL OR "fingerprint" <> ?))");
  Use use(connection.prepared(text));
  use.uuid(claim.owner.value());
  use.text(claim.key);
  use.text(claim.fingerprint);
  return use.row();
}

/// False: it is taken.
bool claim(Connection& connection, const Transition& transition, const store::IdempotencyClaim& claim,
           const std::optional<store::ConversationId>& place = {}) {
  static const Sql text(
      R"(INSERT INTO idempotency_keys ("owner", "key", "fingerprint", "callId", "status", "body", "createdAt") )"
      R"(VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT ("owner", "key") DO UPDATE )"
      R"(SET "callId" = excluded."callId", "status" = excluded."status", "body" = excluded."body" )"
      R"(WHERE "callId" IS NULL AND "fingerprint" = excluded."fingerprint")");
  Use use(connection.prepared(text));
  use.uuid(claim.owner.value());
  use.text(claim.key);
  use.text(claim.fingerprint);
  use.uuid(transition.row.id.value());
  const auto [status, body] = answer_in(transition, place);
  use.number(status);
  use.text(body);
  use.time(transition.record.at);
  return use.run() == 1;
}

/// K27: the direct conversation of a call of two. It is made last, so that a refused start makes none.
std::optional<store::ConversationId> place_of(Connection& connection, const Transition& transition) {
  const CallRow& row = transition.row;
  if (row.conversation || !row.callee) return row.conversation;
  const auto known = direct_conversation(connection, conversation::pair_of(row.caller, *row.callee));
  return known ? known : transition.pair;
}

bool insert_call(Connection& connection, const CallRow& row, const std::optional<store::ConversationId>& place) {
  Use use(connection.prepared(insert_call_sql()));
  sql::put_call(use, row);
  use.maybe_uuid(place);
  use.maybe_uuid(is_group(row) ? row.conversation : std::nullopt);
  use.text(to_text(row.provider));
  use.text(to_text(call::media_mode_of(row.provider)));
  use.text(to_text(row.ring_targets));
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
  const auto known = find_people(connection, row);
  if (auto refused = refusal(connection, row, known)) return *std::move(refused);
  const auto place = place_of(connection, transition);
  if (row.conversation || is_group(row) || (place && active_call_in(connection, *place)))
    if (auto refused = refused_place(connection, row, known, place)) return *std::move(refused);
  if (!insert_call(connection, row, place)) return store::VersionConflict{version_of(connection, row.id)};
  if (const auto taken = taken_slot(connection, row)) {
    take_back_call(connection, row);
    return *taken;
  }
  if (transition.claim && !claim(connection, transition, *transition.claim, place)) {
    free_slots(connection, row);
    take_back_call(connection, row);
    return store::ClaimTaken{};
  }
  if (transition.pair && place == transition.pair)
    make_direct(connection, *transition.pair, row.caller, must_have(row.callee, "a pair has two sides"), row.created);
  for (const auto& leg : row.legs) insert_leg(connection, row, leg);
  put_record(connection, transition);
  for (const auto& entry : transition.outbox) put_in_outbox(connection, entry);
  store::Committed made{.conversation = place};
  for (const auto& each : known)
    if (each) made.people.push_back(each->person);  // all have one: refusal() has returned if not
  return made;
}

/// Before anything is written: takes the slots of those who come into a group call.
std::optional<store::CommitResult> refused_move(Connection& connection, const Transition& transition) {
  const CallRow& row = transition.row;
  const auto version = version_of(connection, row.id);
  if (version != transition.expected_version) return store::VersionConflict{version};
  std::vector<account::UserId> came;
  for (const auto* leg : sql::changed_legs(transition)) {
    if (!holds_slot(row, *leg)) continue;
    if (take_slot(connection, leg->user, row)) {
      came.push_back(leg->user);
      continue;
    }
    const auto taken = holder(connection, leg->user);
    if (!taken || taken->held_by == row.id) continue;
    for (const auto& user : came) free_slot(connection, user, row);
    return *taken;
  }
  return std::nullopt;
}

void free_slots_of_gone(Connection& connection, const Transition& transition) {
  for (const auto* leg : sql::changed_legs(transition))
    if (!holds_slot(transition.row, *leg)) free_slot(connection, leg->user, transition.row);
}

bool update_call(Connection& connection, const Transition& transition) {
  Use use(connection.prepared(update_call_sql()));
  sql::put_call_change(use, transition.row);
  use.uuid(transition.row.id.value());
  use.number(static_cast<std::int64_t>(transition.expected_version));
  return use.run() == 1;
}

store::CommitResult change(Connection& connection, const Transition& transition) {
  if (transition.claim && is_taken(connection, *transition.claim)) return store::ClaimTaken{};
  if (is_group(transition.row))
    if (auto refused = refused_move(connection, transition)) return *std::move(refused);
  if (!update_call(connection, transition)) return store::VersionConflict{version_of(connection, transition.row.id)};
  if (transition.claim) CHECK(claim(connection, transition, *transition.claim), "a key that this transaction found free");
  for (const auto* leg : sql::changed_legs(transition))  // a call inserted by hand may have no participants
    if (!update_leg(connection, transition.row, *leg)) insert_leg(connection, transition.row, *leg);
  put_record(connection, transition);
  if (is_final(transition.row.status))
    free_slots(connection, transition.row);
  else if (is_group(transition.row))
    free_slots_of_gone(connection, transition);
  for (const auto& entry : transition.outbox) put_in_outbox(connection, entry);
  if (!transition.entry) return store::Committed{};
  return store::Committed{.entry = put_call_entry(connection, *transition.entry)};
}

}  // namespace

store::CommitResult apply(Connection& connection, const Transition& transition) {
  return transition.expected_version == 0 ? create(connection, transition) : change(connection, transition);
}

std::optional<store::Committed> find_fate(Connection& connection, const store::StepId& step) {
  {
    Use use(connection.prepared(R"(SELECT "hash" FROM call_audit WHERE "callId" = ? AND "callSeq" = ?)"));
    use.uuid(step.call.value());
    use.number(static_cast<std::int64_t>(step.version));
    if (!use.row() || use.hash() != step.hash) return std::nullopt;
  }
  store::Committed made;
  auto call = find_call(connection, step.call);
  if (!call) return made;
  if (call->row.version == step.version) made.entry = entry_of_call(connection, step.call);
  if (step.version != 1) return made;
  made.people = std::move(call->people);
  made.conversation = call->row.conversation;
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

}  // namespace belfry::sqlite
