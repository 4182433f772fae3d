// CallStore: stores calls, and decides which calls may exist (ARCHITECTURE 3.5). One Transition is one transaction: either all of
// it is durable or nothing happened. Table `user_call_slots` (userId, slotNo; PRIMARY KEY both) makes a second active call
// impossible; a start that needs a taken slot is busy. Adapters: memory, sqlite, postgres, all tested by one contract suite
// (call_store_contract.cpp).
//
// Every port in this folder belongs to one shard. It is called on that shard's thread, and calls `done` exactly once, on that
// thread, before it returns or later. Answers may come in any order. Nothing throws.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/expected.hpp"
#include "domain/chat/message.hpp"
#include "domain/chat/receipts.hpp"
#include "store/call_row.hpp"
#include "store/done.hpp"
#include "store/idempotency_claim.hpp"
#include "store/outbox.hpp"

namespace belfry::store {

/// One record of the call's history, table `call_audit`: seq (autoincrement over all calls), callId, callSeq, type, actorUserId,
/// actorDeviceId, payload, prevHash, hash, createdAt, publishedAt. Its callSeq is the row's version, so the numbers have no gaps
/// (I-7).
struct AuditRecord {
  std::string type;  // "initiate", "ring", "accept", "reject", "cancel", "end", "timeout", "lost", "resume", ...
  std::optional<UserId> actor{};
  std::string device{};
  std::string payload = "{}";  // JSON
  WallTime at{};
  AuditHash previous{}, hash{};  // audit_chain.hpp
  friend bool operator==(const AuditRecord&, const AuditRecord&) = default;
};

struct Transition {
  CallRow row{};                       // the new row
  std::uint64_t expected_version = 0;  // the version that the stored row must have; 0: the call must not exist
  AuditRecord record{};
  std::optional<IdempotencyClaim> claim{};  // of the start that created the call, or answered it
  std::vector<OutboxEntry> outbox{};        // entries that this step puts into the outbox
  // Of the creation of a call of two outside of a conversation: it stands in the direct conversation of the two, and if there is
  // none yet, one of this id is made (K27). Without an id none is made. The claim's answer names this id, and is kept with that
  // of the conversation in its place (answer_in).
  std::optional<ConversationId> pair{};
  // Of the step that ends a call in a conversation: its entry there, to which the store gives the number (K43).
  std::optional<chat::Message> entry{};
  std::optional<std::vector<UserId>> changed_legs{};  // of a change of a group call: whose; none: perhaps all
  // Takes and frees slots as holds_slot() says of the new row, in sorted order, so that two transactions cannot deadlock.
};

/// The answer that is kept for the claim of a creation whose call stands in this conversation.
[[nodiscard]] GivenAnswer answer_in(const Transition& transition, const std::optional<ConversationId>& place);

/// The entry of a call, as written, and the members of its conversation then.
struct WrittenEntry {
  chat::Message message{};
  std::vector<UserId> members{};
  // Of a call of two its callee, who has not got the entry yet; app/calls sets it.
  std::optional<chat::MemberPointers> receiver{};
};
/// For a creation, `people` are the participants in the order of the legs; the transaction has looked them up anyway.
struct Committed {
  std::vector<account::Person> people{};
  std::optional<ConversationId> conversation{};  // of a creation: where the call stands
  std::optional<WrittenEntry> entry{};           // none also if the conversation was deleted
};
/// Another server has changed the call meanwhile; with expected_version 0, the id exists already.
struct VersionConflict {
  std::uint64_t version = 0;
};
/// The caller's slot is checked first, then the others' in the order of the legs (SPEC 2.8.9). Also for a change by which
/// somebody comes into a group call.
struct SlotTaken {
  UserId user{};
  CallId held_by{};
};
/// For a creation, after the caller's slot: the conversation has an active call (J-2.4).
struct ConversationTaken {
  CallId held_by{};
};
/// For the creation of a group call: people who cannot have the part that their leg gives them, all of them at once, so that the
/// call can be planned again (J-1.7, J-2.3). Of a call of two, a block is UserNotActive.
struct PartsRefused {
  enum class Why : std::uint8_t {
    not_in_conversation,  // also of the caller
    not_active,
    blocked,  // one of the caller and this person blocks the other; not of a silent leg
    busy,     // holds a slot; not of a silent leg
  };
  struct Part {
    UserId user{};
    Why why{};
    friend bool operator==(const Part&, const Part&) = default;
  };
  using Parts = std::vector<Part>;
  Parts parts{};  // in the order of the legs
};
/// For a creation: no such user, or one whose status is not active (of a call of two also: one blocks the other, J-1.7). Checked
/// before the slots, in this order: the callees' existence, the caller's existence and status, the callees' status.
struct UserUnknown {
  UserId user{};
};
struct UserNotActive {
  UserId user{};
};
/// The claim's key has made or answered a call before, or belongs to another request. Of a change it is checked first: who lost
/// to the same request on another server shall get this answer, and not one about what has become of the call.
struct ClaimTaken {};
/// The connection broke during the commit and the store cannot be reached: the step may have happened or not. fate() answers
/// later.
struct Uncertain {};
using CommitResult = std::variant<Committed, VersionConflict, SlotTaken, ConversationTaken, PartsRefused, UserUnknown,
                                  UserNotActive, ClaimTaken, Unavailable, Uncertain>;

/// Identifies a step of a call by its record in the history.
struct StepId {
  CallId call{};
  std::uint64_t version = 0;
  AuditHash hash{};
};

/// A refused start, for the history (SPEC T-03, T-04). Table `call_attempts`: id, callerId, recipientId, callType, reason,
/// createdAt.
struct Attempt {
  Uuid id{};
  UserId caller{}, callee{};
  call::CallType media = call::CallType::audio;
  std::string reason{};  // "busy", "unreachable"
  WallTime at{};
  friend bool operator==(const Attempt&, const Attempt&) = default;
};

class CallStore {
 public:
  virtual ~CallStore() = default;
  virtual void commit(Transition transition, Done<const CommitResult&> done) = 0;
  /// The outcome of a commit that was Uncertain. nullopt: it did not happen and never will. Unavailable: not known yet, ask
  /// again.
  virtual void fate(const StepId& step, Done<Expected<std::optional<Committed>, Unavailable>> done) = 0;
  /// The call as last committed; nullopt if there is none. Sees every commit answered before, on any shard.
  virtual void load(const CallId& id, Done<Expected<std::optional<StoredCall>, Unavailable>> done) = 0;
  /// The active call of this conversation.
  virtual void active_in(const ConversationId& conversation, Done<Expected<std::optional<CallId>, Unavailable>> done) = 0;
  /// Every call that is calling or connected, at most `limit`, oldest first; for administrators.
  virtual void load_active(std::size_t limit, Done<Expected<std::vector<StoredCall>, Unavailable>> done) = 0;
  /// Calls still `calling` after ringExpiresAt (or, where that is NULL, createdAt + 60 s). The sweep ends those that no timer has
  /// ended (R-001-44).
  virtual void overdue(WallTime now, std::size_t limit, Done<Expected<std::vector<CallId>, Unavailable>> done) = 0;
  /// Adds a refused start to the history. Not acknowledged: a crash may lose it.
  virtual void record_attempt(Attempt attempt) = 0;
  /// Empties every table, including accounts. Only `--virtual-time` uses it (POST /test/reset).
  virtual void wipe(Done<Expected<void, Unavailable>> done) = 0;
};

}  // namespace belfry::store
