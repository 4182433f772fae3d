// CallRow: a call as stored: a row of `calls` and its rows in `call_participants`, one per person (SPEC 2.3). It holds all that
// is needed to continue the call after a restart. Columns are camelCase as in the seeds' API (R-001-91); times are integer Unix
// milliseconds on every database.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "base/uuid.hpp"
#include "domain/account/user.hpp"
#include "domain/call/description.hpp"
#include "domain/call/end_reason.hpp"
#include "domain/call/enum_text.hpp"
#include "domain/call/ids.hpp"
#include "domain/call/leg.hpp"
#include "domain/call/provider.hpp"
#include "domain/call/sent_media.hpp"
#include "domain/chat/call_summary.hpp"
#include "domain/conversation/conversation_id.hpp"

namespace belfry::store {

using account::UserId;
using call::Bell;
using call::CallId;
using conversation::ConversationId;

using call::SessionId;

/// SHA-256.
using AuditHash = std::array<std::uint8_t, 32>;

/// A lost transport, and until when the call waits for it (SPEC T-18, X-24).
struct Away {
  WallTime since{}, until{};
  bool by_restart = false;  // the server was down, not the client
  friend bool operator==(const Away&, const Away&) = default;
};

/// One person's part. Table `call_participants`, primary key (callId, userId). Columns: callId, userId, role ('caller' for the
/// call's caller, 'callee' for everybody else), state, deviceId, sessionId, invitedAt, ringingAt, joinedAt, leftAt, leaveReason,
/// mediaAlive, awaySince, awayUntil, awayByRestart, silent.
struct Leg {
  UserId user{};
  call::LegState state = call::LegState::invited;
  std::optional<SessionId> session{};  // the session that is in the call
  std::string device{};                // as the client names it; empty: unknown
  WallTime invited{};
  std::optional<WallTime> ringing{}, joined{}, left{};
  std::optional<Away> away{};
  bool media_alive = false;               // the client reported media (call.media)
  Bell bell = Bell::rings;                // column silent
  std::optional<call::SentMedia> sent{};  // no column: what the server that hosts the call knows (calls::ShownMedia)
  friend bool operator==(const Leg&, const Leg&) = default;
};

struct CallRow {
  CallId id{};
  std::uint64_t version = 0;                     // 1 when created, plus 1 with each transition; the newest callSeq
  UserId caller{};                               // column callerId
  std::optional<UserId> callee{};                // column recipientId; none: a group call
  std::optional<ConversationId> conversation{};  // column conversationId: the call was started in it
  call::CallType media = call::CallType::audio;  // column callType
  call::Status status = call::Status::calling;
  std::optional<call::EndReason> end_reason{};
  std::optional<UserId> ended_by{};          // endedBy; none: a timer or the server ended it
  std::optional<SessionId> ended_session{};  // endedSession: the one that ended it; if it ends it again, it succeeds (2.8.1)
  call::Dialect dialect = call::Dialect::rest;
  call::Provider provider = call::Provider::native;  // mediaMode follows from it, and is a column for people who read the table
  call::RingPolicy ring = call::RingPolicy::immediate;      // ringPolicy
  call::RingTargets ring_targets = call::RingTargets::all;  // ringMode; commit() writes it for a creation only
  bool announced = true;                                    // the callee has been rung (on_caller_ready: not before)
  std::uint32_t ring_seconds = 60;                          // ringTimeoutSec
  WallTime created{}, updated{};
  std::optional<WallTime> ring_expires{}, first_ring{};
  std::optional<WallTime> started{},
      ended{};                          // startedAt: connected; endedAt. `duration` is a column: whole seconds, when both are set
  bool answer_heard = true;             // the caller has been notified of all who have joined
  bool unknown_word = false;            // no column: a stored word is not of its list, and its member has another
  call::Description offer{}, answer{};  // the offer until answered, the answer until delivered; empty: NULL
  std::string metadata = "{}";          // the client's own JSON object
  std::string quality = "{}";           // qualityMetrics; only add_quality writes it, commit() does not
  AuditHash tip{};                      // auditTip: hash of the newest call_audit record
  std::vector<Leg> legs{};              // the caller's, then the others' by user id; in a two-person call: caller, callee
  friend bool operator==(const CallRow&, const CallRow&) = default;
};

/// A call with any number of callees; it may have one only, who is then not its recipient.
[[nodiscard]] inline bool is_group(const CallRow& row) { return !row.callee; }
/// Its people meet at a provider of others, which is given no signals of ours (J-2.11).
[[nodiscard]] inline bool is_external(const CallRow& row) {
  return call::media_mode_of(row.provider) == call::MediaMode::external;
}
/// Whether this person is busy for other calls (J-2.3): in a call of two from its start on, in a group call while in it.
[[nodiscard]] inline bool holds_slot(const CallRow& row, const Leg& leg) {
  return !is_final(row.status) && (!is_group(row) || is_in(leg.state));
}
/// Why a closed leg closed: a word of the end reasons, or "busy". Empty: it is open.
[[nodiscard]] std::string_view leave_reason(const CallRow& row, const Leg& leg);

/// Makes the row a two-person call whose legs are empty.
void set_people(CallRow& row, const UserId& caller, const UserId& callee);

/// Null: the user has no leg in the call.
[[nodiscard]] const Leg* find_leg(const CallRow& row, const UserId& user);
[[nodiscard]] Leg* find_leg(CallRow& row, const UserId& user);
[[nodiscard]] const Leg& caller_leg(const CallRow& row);
[[nodiscard]] Leg& caller_leg(CallRow& row);
/// For two-person calls only.
[[nodiscard]] const UserId& callee_of(const CallRow& row);
[[nodiscard]] const Leg& callee_leg(const CallRow& row);
[[nodiscard]] Leg& callee_leg(CallRow& row);

/// floor((endedAt - startedAt) / 1000) of a call that was connected and has ended; otherwise nullopt (R-001-23, C-26).
[[nodiscard]] std::optional<std::int64_t> duration_seconds(const CallRow& row);
/// Of a call that has ended: what its entry shows of it.
[[nodiscard]] chat::CallSummary summary_of(const CallRow& row);

/// A call with the public data of its participants.
struct StoredCall {
  CallRow row{};
  std::vector<account::Person> people{};  // one per leg, in the same order
  [[nodiscard]] const account::Person& caller() const;
  /// For two-person calls only.
  [[nodiscard]] const account::Person& callee() const;
  friend bool operator==(const StoredCall&, const StoredCall&) = default;
};
/// `user` must have a leg in the call.
[[nodiscard]] const account::Person& person_of(const StoredCall& call, const UserId& user);

}  // namespace belfry::store
