// The data of a server of an older release: calls in every state, in SQL that names the columns of that time. Both databases
// accept it except for the spelling of bytes. An upgrade must keep all of it.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/store_contract.hpp"

namespace belfry::sql::testing {

using store::Transition;
using store::testing::at;

/// What a literal of bytes has before and after its hex digits.
struct ByteSpelling {
  std::string_view before{}, after{};
};

/// The transitions of one call; the last one holds its current state.
struct OlderCall {
  std::vector<Transition> steps{};
  [[nodiscard]] const store::CallRow& row() const { return steps.back().row; }
  [[nodiscard]] bool is_over() const { return is_final(row().status); }
};

class OlderCalls {
 public:
  OlderCalls() {
    add_ringing();
    add_connected();
    for (auto reason = call::EndReason::hangup; reason <= call::EndReason::server_shutdown;
         reason = static_cast<call::EndReason>(static_cast<int>(reason) + 1))
      add_ended(reason);
  }
  [[nodiscard]] const std::vector<OlderCall>& all() const { return all_; }
  [[nodiscard]] std::vector<store::CallRow> active() const {
    std::vector<store::CallRow> rows;
    for (const auto& each : all_)
      if (!each.is_over()) rows.push_back(each.row());
    return rows;
  }
  /// Users, calls, participants, slots and records.
  [[nodiscard]] std::string inserts(ByteSpelling bytes) const {
    std::string sql;
    for (const auto& call : all_) sql += inserts_of(call, bytes);
    return sql;
  }
  static std::string name_of(const store::UserId& user) { return "user-" + std::to_string(user.value()[15]); }

 private:
  /// A new call between two people who have no other call.
  Transition next_call() {
    const auto number = static_cast<std::uint32_t>(all_.size() + 1);
    return store::testing::a_call(number, store::testing::user_id(2 * number), store::testing::user_id(2 * number + 1),
                                  at(number));
  }
  void add(std::vector<Transition> steps) { all_.push_back({.steps = std::move(steps)}); }

  void add_ringing() {
    auto announced = next_call();
    announced.row.offer = call::Description(R"({"sdp":"it's"})");
    callee_leg(announced.row).state = call::LegState::notified;
    add({announced});
    auto heard = next_call();
    heard.row.first_ring = callee_leg(heard.row).ringing = at(900);
    callee_leg(heard.row).state = call::LegState::ringing;
    caller_leg(heard.row).away = store::Away{.since = at(1'000), .until = at(31'000)};
    add({heard});
    auto quiet = next_call();
    quiet.row.ring = call::RingPolicy::on_caller_ready;
    quiet.row.announced = false;
    quiet.row.ring_expires.reset();
    quiet.row.dialect = call::Dialect::signaling;
    add({quiet});
  }
  void add_connected() {
    const auto made = next_call();
    add({made, store::testing::answered(made)});
    const auto second = next_call();
    auto unheard = store::testing::answered(second);
    unheard.row.answer_heard = false;
    unheard.row.answer = call::Description(R"({"sdp":2})");
    unheard.row.media = call::CallType::video;
    add({second, unheard});
    const auto third = next_call();
    auto suspended = store::testing::answered(third);
    callee_leg(suspended.row).state = call::LegState::suspended;
    callee_leg(suspended.row).away = store::Away{.since = at(5'000), .until = at(25'000), .by_restart = true};
    callee_leg(suspended.row).media_alive = true;
    suspended.row.quality = R"({"samples":3})";
    add({third, suspended});
  }
  void add_ended(call::EndReason reason) {
    const auto short_one = next_call();
    const auto unanswered = reason == call::EndReason::declined ? call::Status::rejected : call::Status::missed;
    add({short_one, store::testing::finished(short_one, unanswered, reason, at(60'000))});
    const auto long_one = next_call();
    const auto talked = store::testing::answered(long_one);
    add({long_one, talked, store::testing::finished(talked, call::Status::ended, reason, at(64'900))});
  }

  static std::string text(std::string_view value) {
    std::string quoted = "'";
    for (const char each : value) quoted.append(each == '\'' ? "''" : std::string(1, each));
    return quoted + "'";
  }
  static std::string text_or_null(std::string_view value) { return value.empty() ? "NULL" : text(value); }
  template <class Id>
  static std::string id(const Id& value) {
    return store::testing::quoted(value);
  }
  template <class Id>
  static std::string maybe_id(const std::optional<Id>& value) {
    return value ? id(*value) : "NULL";
  }
  static std::string number(std::int64_t value) { return std::to_string(value); }
  static std::string time(std::optional<WallTime> value) { return value ? number(value->unix_ms) : "NULL"; }
  static std::string flag(bool value) { return value ? "TRUE" : "FALSE"; }
  static std::string hash(const store::AuditHash& value, ByteSpelling bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string hex(bytes.before);
    for (const auto byte : value) hex.append({kDigits[byte / 16U], kDigits[byte % 16U]});
    return hex.append(bytes.after);
  }
  static std::string insert(std::string_view table, std::string_view columns, const std::vector<std::string>& values) {
    std::string sql = std::string("INSERT INTO ").append(table).append(" (").append(columns).append(") VALUES (");
    for (const auto& value : values) sql.append(&value == values.data() ? "" : ", ").append(value);
    return sql + ");\n";
  }

  static std::string inserts_of(const OlderCall& call, ByteSpelling bytes) {
    std::string sql;
    const store::CallRow& row = call.row();
    for (const auto& leg : row.legs)
      sql += insert("users", R"("id", "username", "mediaUid", "createdAt", "updatedAt")",
                    {id(leg.user), text(name_of(leg.user)), number(leg.user.value()[15]), "1", "1"});
    sql += insert_of_call(row, bytes);
    for (const auto& leg : row.legs) {
      sql += insert_of_leg(row, leg);
      if (!call.is_over()) sql += insert("user_call_slots", R"("userId", "slotNo", "callId")", {id(leg.user), "0", id(row.id)});
    }
    for (const auto& step : call.steps) sql += insert_of_record(step, bytes);
    return sql;
  }
  static std::string insert_of_call(const store::CallRow& row, ByteSpelling bytes) {
    const auto seconds = row.status == call::Status::ended ? duration_seconds(row) : std::nullopt;
    return insert("calls",
                  R"("id", "version", "callerId", "recipientId", "callType", "status", "endReason", "endedBy", "endedSession", )"
                  R"("dialect", "ringPolicy", "announced", "ringTimeoutSec", "createdAt", "updatedAt", "ringExpiresAt", )"
                  R"("firstRingAt", "startedAt", "endedAt", "duration", "answerHeard", "offer", "answer", "metadata", )"
                  R"("qualityMetrics", "auditTip")",
                  {id(row.id),
                   number(static_cast<std::int64_t>(row.version)),
                   id(row.caller),
                   maybe_id(row.callee),
                   text(to_text(row.media)),
                   text(to_text(row.status)),
                   text_or_null(row.end_reason ? to_text(*row.end_reason) : ""),
                   maybe_id(row.ended_by),
                   maybe_id(row.ended_session),
                   text(to_text(row.dialect)),
                   text(to_text(row.ring)),
                   flag(row.announced),
                   number(row.ring_seconds),
                   time(row.created),
                   time(row.updated),
                   time(row.ring_expires),
                   time(row.first_ring),
                   time(row.started),
                   time(row.ended),
                   seconds ? number(*seconds) : "NULL",
                   flag(row.answer_heard),
                   text_or_null(row.offer.text()),
                   text_or_null(row.answer.text()),
                   text(row.metadata),
                   text(row.quality),
                   hash(row.tip, bytes)});
  }
  static std::string insert_of_leg(const store::CallRow& row, const store::Leg& leg) {
    return insert("call_participants",
                  R"("callId", "userId", "role", "state", "deviceId", "sessionId", "invitedAt", "ringingAt", "joinedAt", )"
                  R"("leftAt", "leaveReason", "mediaAlive", "awaySince", "awayUntil", "awayByRestart")",
                  {id(row.id), id(leg.user), leg.user == row.caller ? "'caller'" : "'callee'", text(to_text(leg.state)),
                   text_or_null(leg.device), maybe_id(leg.session), time(leg.invited), time(leg.ringing), time(leg.joined),
                   time(leg.left), text_or_null(leg.left && row.end_reason ? to_text(*row.end_reason) : ""),
                   flag(leg.media_alive), time(leg.away ? std::optional(leg.away->since) : std::nullopt),
                   time(leg.away ? std::optional(leg.away->until) : std::nullopt), flag(leg.away && leg.away->by_restart)});
  }
  static std::string insert_of_record(const Transition& step, ByteSpelling bytes) {
    const auto& record = step.record;
    return insert("call_audit",
                  R"("callId", "callSeq", "type", "actorUserId", "actorDeviceId", "payload", "prevHash", "hash", "createdAt")",
                  {id(step.row.id), number(static_cast<std::int64_t>(step.row.version)), text(record.type),
                   maybe_id(record.actor), text_or_null(record.device), text(record.payload), hash(record.previous, bytes),
                   hash(record.hash, bytes), time(record.at)});
  }

  std::vector<OlderCall> all_;
};

}  // namespace belfry::sql::testing
