// The rows that tests of the ports write, and StoreContract: how they ask a store. Its World has
//   CallStore& calls(); AccountStore& accounts();
//   void settle();   // returns once every answer has come and every unacknowledged write is visible
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "store/account_store.hpp"
#include "store/audit_chain.hpp"
#include "store/call_archive.hpp"
#include "store/call_store.hpp"

namespace belfry::store::testing {

constexpr std::int64_t kNoon = 1'795'262'400'000;  // 2026-11-21T12:00:00Z
constexpr WallTime at(std::int64_t ms_after_noon) { return {kNoon + ms_after_noon}; }

inline Uuid uuid(std::uint8_t kind, std::uint32_t number) {
  Uuid id{};
  id[0] = kind;
  id[6] = 0x70;
  id[8] = 0x80;
  for (unsigned byte = 0; byte < 4; ++byte) id[15 - byte] = static_cast<std::uint8_t>(number >> (8 * byte));
  return id;
}
inline UserId user_id(std::uint32_t number) { return UserId(uuid(1, number)); }
inline CallId call_id(std::uint32_t number) { return CallId(uuid(2, number)); }
inline ConversationId conversation_id(std::uint32_t number) { return ConversationId(uuid(5, number)); }
inline SessionId session_id(std::uint32_t number) { return SessionId(uuid(3, number)); }
inline account::LoginId login_id(std::uint32_t number) { return account::LoginId(uuid(4, number)); }

/// As a literal in SQL.
template <class Id>
std::string quoted(const Id& id) {
  return "'" + belfry::to_text(id.value()) + "'";
}

/// Continues the chain of `before` with this record.
inline Transition chained(CallRow row, const AuditHash& before, std::string type, std::optional<UserId> actor, WallTime when) {
  Transition made;
  made.expected_version = row.version++;
  made.record.type = std::move(type);
  made.record.actor = actor;
  made.record.device = actor ? "phone" : "";
  made.record.at = when;
  made.record.previous = before;
  made.record.hash = audit_hash(before, row.id, row.version, made.record);
  row.updated = when;
  row.tip = made.record.hash;
  made.row = std::move(row);
  return made;
}

/// A call that rings from `when`.
inline Transition a_call(std::uint32_t number, UserId caller, UserId callee, WallTime when = at(0)) {
  CallRow row;
  row.id = call_id(number);
  set_people(row, caller, callee);
  row.created = when;
  row.ring_expires = when + std::chrono::minutes{1};
  caller_leg(row) = {.user = caller,
                     .state = call::LegState::joined,
                     .session = session_id(1),
                     .device = "phone",
                     .invited = when,
                     .joined = when};
  callee_leg(row).invited = when;
  return chained(row, AuditHash{}, "initiate", caller, when);
}
/// The same with several callees, whose ids must be in ascending order.
inline Transition a_group_call(std::uint32_t number, UserId caller, const std::vector<UserId>& callees, WallTime when = at(0)) {
  CallRow row = a_call(number, caller, callees.front(), when).row;
  row.version = 0;
  row.callee.reset();
  row.legs.resize(1);
  for (const auto& user : callees) row.legs.push_back({.user = user, .invited = when});
  return chained(std::move(row), AuditHash{}, "initiate", caller, when);
}
/// Answered by the first callee.
inline Transition answered(const Transition& from, WallTime when = at(4'000)) {
  CallRow row = from.row;
  row.status = call::Status::connected;
  row.started = when;
  Leg& callee = row.legs.at(1);
  callee.state = call::LegState::joined;
  callee.session = session_id(2);
  callee.joined = when;
  const UserId who = callee.user;
  return chained(std::move(row), from.row.tip, "accept", who, when);
}
inline Transition finished(const Transition& from, call::Status status, call::EndReason reason, WallTime when) {
  CallRow row = from.row;
  row.status = status;
  row.end_reason = reason;
  row.ended = when;
  row.ended_by = row.caller;
  for (Leg& leg : row.legs) {
    const bool took_part = leg.user == row.caller || status == call::Status::ended;
    leg.state = took_part ? call::LegState::left : call::LegState::missed;
    leg.left = when;
  }
  return chained(row, from.row.tip, "end", row.caller, when);
}
inline Transition ended(const Transition& from, WallTime when = at(64'900)) {
  return finished(from, call::Status::ended, call::EndReason::hangup, when);
}
inline Transition missed(const Transition& from, WallTime when = at(60'000)) {
  return finished(from, call::Status::missed, call::EndReason::timeout, when);
}

template <class World>
class StoreContract : public ::testing::Test {
 protected:
  /// Calls `ask(done)` and returns the value that it passes to `done`, which it must call exactly once.
  template <class Answer, class Ask>
  Answer answer_of(Ask&& ask) {
    std::optional<Answer> answer;
    int answers = 0;
    ask([&](const Answer& result) { answer.emplace(result), ++answers; });
    world_.settle();
    EXPECT_EQ(answers, 1) << "each question is answered exactly once";
    if (!answer) throw std::runtime_error("no answer");
    return *std::move(answer);
  }
  /// The same for an answer that must not be Unavailable.
  template <class Value, class Ask>
  Value found(Ask&& ask) {
    const auto answer = answer_of<Expected<Value, Unavailable>>(std::forward<Ask>(ask));
    if (!answer.has_value()) throw std::runtime_error("the store is unavailable");
    if constexpr (!std::is_void_v<Value>) return *answer;
  }

  CommitResult commit(const Transition& transition) {
    return answer_of<CommitResult>([&](auto done) { world_.calls().commit(transition, done); });
  }
  bool commits(const Transition& transition) { return std::holds_alternative<Committed>(commit(transition)); }
  std::optional<StoredCall> load(const CallId& id) {
    return found<std::optional<StoredCall>>([&](auto done) { world_.calls().load(id, done); });
  }
  static NewUser a_user(std::uint32_t number, std::string name) {
    return {.id = user_id(number),
            .username = std::move(name),
            .display_name = "Somebody",
            .password_hash = "$argon2id$",
            .at = at(0)};
  }
  Expected<User, CreateFault> create(const NewUser& user) {
    return answer_of<Expected<User, CreateFault>>([&](auto done) { world_.accounts().create(user, done); });
  }
  UserId made(std::uint32_t number, const std::string& name) {
    EXPECT_TRUE(create(a_user(number, name)).has_value());
    return user_id(number);
  }
  bool set_status(UserId user, account::UserStatus status, WallTime when = at(0)) {
    return status_set(user, status, when).has_value();
  }
  std::optional<std::vector<Login>> status_set(UserId user, account::UserStatus status, WallTime when = at(0)) {
    return found<std::optional<std::vector<Login>>>([&](auto done) { world_.accounts().set_status(user, status, when, done); });
  }
  std::optional<User> find(UserId user) {
    return found<std::optional<User>>([&](auto done) { world_.accounts().find(user, done); });
  }

  World world_;
};

}  // namespace belfry::store::testing
