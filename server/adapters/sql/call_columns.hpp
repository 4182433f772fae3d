// A call in columns: the order in which CallRow and its legs are bound and read, the same for every SQL database.
//
// `Out` binds one value after the other: number(int64), flag(bool), text(view), text_or_null(view: empty is NULL), uuid(Uuid),
// maybe_uuid(optional<StrongId>), time(WallTime), maybe_time(optional<WallTime>), maybe_number(optional<int64>), hash(AuditHash:
// 32 bytes). `In` reads one column after the other: number(), flag(), text() (NULL is empty), uuid(), maybe_uuid() ->
// optional<Uuid>, time(), maybe_time(), maybe_number(), hash() (NULL is zeros).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/sql/uuid_text.hpp"
#include "store/call_store.hpp"

namespace belfry::sql {

/// The columns of a creation that both databases write alike; 25 values, in the order of put_call().
inline constexpr std::string_view kCallColumns =
    R"("id", "callerId", "recipientId", "dialect", "createdAt", )"
    R"("version", "callType", "status", "endReason", "endedBy", "endedSession", "ringPolicy", "announced", "ringTimeoutSec", )"
    R"("updatedAt", "ringExpiresAt", "firstRingAt", "startedAt", "endedAt", "duration", "answerHeard", "offer", "answer", )"
    R"("metadata", "auditTip")";
inline constexpr int kCallColumnCount = 25;
/// The columns that a later transition may change; the last 20 of the above, in the order of put_call_change().
inline constexpr std::string_view kCallChangeColumns = kCallColumns.substr(kCallColumns.find("\"version\""));
inline constexpr int kCallChangeColumnCount = 20;

/// The columns of a new leg that both databases write alike; 15 values, in the order of put_leg().
inline constexpr std::string_view kLegColumns =
    R"("callId", "userId", "role", "state", "deviceId", "sessionId", "invitedAt", "ringingAt", "joinedAt", "leftAt", )"
    R"("leaveReason", "mediaAlive", "awaySince", "awayUntil", "awayByRestart")";
inline constexpr int kLegColumnCount = 15;
/// The columns that a later transition may change; the last 12 of the above, in the order of put_leg_change().
inline constexpr std::string_view kLegChangeColumns = kLegColumns.substr(kLegColumns.find("\"state\""));
inline constexpr int kLegChangeColumnCount = 12;

template <class Out>
void put_call_change(Out& out, const store::CallRow& row) {
  out.number(static_cast<std::int64_t>(row.version));
  out.text(to_text(row.media));
  out.text(to_text(row.status));
  out.text_or_null(row.end_reason ? to_text(*row.end_reason) : std::string_view{});
  out.maybe_uuid(row.ended_by);
  out.maybe_uuid(row.ended_session);
  out.text(to_text(row.ring));
  out.flag(row.announced);
  out.number(row.ring_seconds);
  out.time(row.updated);
  out.maybe_time(row.ring_expires);
  out.maybe_time(row.first_ring);
  out.maybe_time(row.started);
  out.maybe_time(row.ended);
  out.maybe_number(row.status == call::Status::ended ? duration_seconds(row) : std::nullopt);
  out.flag(row.answer_heard);
  out.text_or_null(row.offer.stored());
  out.text_or_null(row.answer.stored());
  out.text(row.metadata);
  out.hash(row.tip);
}

template <class Out>
void put_call(Out& out, const store::CallRow& row) {
  out.uuid(row.id.value());
  out.uuid(row.caller.value());
  out.maybe_uuid(row.callee);
  out.text(to_text(row.dialect));
  out.time(row.created);
  put_call_change(out, row);
}

/// leaveReason repeats the call's end reason for a leg that did not end by leaving, for people who read the table.
template <class Out>
void put_leg_change(Out& out, const store::CallRow& row, const store::Leg& leg) {
  out.text(to_text(leg.state));
  out.text_or_null(leg.device);
  out.maybe_uuid(leg.session);
  out.time(leg.invited);
  out.maybe_time(leg.ringing);
  out.maybe_time(leg.joined);
  out.maybe_time(leg.left);
  if (is_group(row))
    out.text_or_null(leave_reason(row, leg));
  else
    out.text_or_null(leg.left && row.end_reason ? to_text(*row.end_reason) : std::string_view{});
  out.flag(leg.media_alive);
  out.maybe_time(leg.away ? std::optional(leg.away->since) : std::nullopt);
  out.maybe_time(leg.away ? std::optional(leg.away->until) : std::nullopt);
  out.flag(leg.away && leg.away->by_restart);
}

template <class Out>
void put_leg(Out& out, const store::CallRow& row, const store::Leg& leg) {
  out.uuid(row.id.value());
  out.uuid(leg.user.value());
  out.text(leg.user == row.caller ? "caller" : "callee");
  put_leg_change(out, row, leg);
}

/// The legs that a transition may have changed.
[[nodiscard]] std::vector<const store::Leg*> changed_legs(const store::Transition& transition);

/// The leg of a call whose row was inserted by hand, without participants.
[[nodiscard]] store::Leg bare_leg(const store::CallRow& row, const account::UserId& user);

/// How a leg was stored. `unknown_word`: its state is not of the list.
enum class StoredLeg : std::uint8_t { well, without_row, unknown_word };

/// Reads from "state" on, in the order of stored_calls.cpp.
template <class In>
[[nodiscard]] StoredLeg take_leg(In& in, store::Leg& leg) {
  const auto word = in.text();
  const bool has_row = !word.empty();
  const auto state = call::parse_leg_state(word);
  if (const auto session = in.maybe_uuid()) leg.session = store::SessionId(*session);
  leg.device = in.text();
  leg.invited = in.time();
  leg.ringing = in.maybe_time();
  leg.joined = in.maybe_time();
  leg.left = in.maybe_time();
  const auto since = in.maybe_time(), until = in.maybe_time();
  const bool by_restart = in.flag();
  if (since && until) leg.away = store::Away{.since = *since, .until = *until, .by_restart = by_restart};
  leg.media_alive = in.flag();
  if (in.flag()) leg.bell = store::Bell::silent;
  if (state) leg.state = *state;
  return state ? StoredLeg::well : has_row ? StoredLeg::unknown_word : StoredLeg::without_row;
}

/// A word that is not of its list is noted: only a row that was changed by hand has one (store::CallRow::unknown_word).
template <class Value>
[[nodiscard]] Value known_or(store::CallRow& row, std::optional<Value> value, Value otherwise) {
  if (!value) row.unknown_word = true;
  return value.value_or(otherwise);
}

/// Reads from "callerId" on.
template <class In>
void take_call(In& in, store::CallRow& row) {
  row.caller = account::UserId(in.uuid());
  if (const auto callee = in.maybe_uuid()) row.callee = account::UserId(*callee);
  row.dialect = known_or(row, call::parse_dialect(in.text()), call::Dialect::rest);
  row.created = in.time();
  row.version = static_cast<std::uint64_t>(in.number());
  row.media = known_or(row, call::parse_call_type(in.text()), call::CallType::audio);
  row.status = known_or(row, call::parse_status(in.text()), call::Status::missed);
  const auto reason = in.text();
  row.end_reason = call::parse_end_reason(reason);
  if (!reason.empty() && !row.end_reason) row.unknown_word = true;
  if (const auto user = in.maybe_uuid()) row.ended_by = account::UserId(*user);
  if (const auto session = in.maybe_uuid()) row.ended_session = store::SessionId(*session);
  row.ring = known_or(row, call::parse_ring_policy(in.text()), call::RingPolicy::immediate);
  row.announced = in.flag();
  row.ring_seconds = static_cast<std::uint32_t>(in.number());
  row.updated = in.time();
  row.ring_expires = in.maybe_time();
  row.first_ring = in.maybe_time();
  row.started = in.maybe_time();
  row.ended = in.maybe_time();
  row.answer_heard = in.flag();
  row.offer = call::Description::of_stored(in.text());
  row.answer = call::Description::of_stored(in.text());
  row.metadata = in.text();
  row.tip = in.hash();
  row.quality = in.text();
  if (const auto conversation = in.maybe_uuid()) row.conversation = store::ConversationId(*conversation);
  row.provider = known_or(row, call::parse_provider(in.text()), call::Provider::native);
  row.ring_targets = known_or(row, call::parse_ring_targets(in.text()), call::RingTargets::all);
}

/// Reads username and avatar.
template <class In>
[[nodiscard]] account::Person take_person(In& in, account::UserId id) {
  const std::string username(in.text());
  return account::person_of(id, username, in.text());
}

}  // namespace belfry::sql
