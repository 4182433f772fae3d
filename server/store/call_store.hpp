// CallStore: where calls are kept, and the arbiter of who may call (ARCHITECTURE 3.5). One Transition is one transaction:
// either all of it is durable or nothing happened. Table `user_call_slots` (userId, slotNo; PRIMARY KEY both) makes a second
// active call impossible, so a slot that is taken is the busy answer. Adapters: memory, sqlite, postgres behind one contract
// suite (call_store_contract.hpp).
//
// Every port in this folder is one shard's way to the store: called on that shard's thread, and `done` is called exactly once
// on that same thread, before the call returns or later. Answers of one shard may come in any order. Nothing throws.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/expected.hpp"
#include "store/call_row.hpp"
#include "store/done.hpp"
#include "store/outbox.hpp"

namespace belfry::store {

/// One line of the call's history, table `call_audit`: seq (autoincrement over all calls), callId, callSeq, type, actorUserId,
/// actorDeviceId, payload, prevHash, hash, createdAt, publishedAt. Its callSeq is the row's version, hence dense (I-7).
struct AuditRecord {
  std::string type;  // "initiate", "ring", "accept", "reject", "cancel", "end", "timeout", "lost", "resume", ...
  std::optional<UserId> actor{};
  std::string device{};
  std::string payload = "{}";  // JSON
  WallTime at{};
  AuditHash previous{}, hash{};  // audit_chain.hpp
  friend bool operator==(const AuditRecord&, const AuditRecord&) = default;
};

/// Kept with the creation it led to, so that a retry after a crash finds it (SPEC X-26, `Idempotency-Key`).
struct IdempotencyClaim {
  UserId owner{};
  std::string key{};
  std::string fingerprint{};  // of method, path and body
};

struct Transition {
  CallRow row{};                       // as it shall be
  std::uint64_t expected_version = 0;  // as it must be now; 0: the call must not exist
  AuditRecord record{};
  std::optional<IdempotencyClaim> claim{};  // with a creation only
  std::vector<OutboxEntry> outbox{};        // what must leave because of it
  // A creation (expected_version 0) takes the slot of everybody who has a leg, in sorted order so that no two transactions wait
  // for each other; a transition to a final status frees them.
};

/// A creation also returns the people of the call, which the transaction has looked up anyway, in the order of the legs.
struct Committed {
  std::vector<account::Person> people{};
};
/// Another server has changed the call meanwhile (or, with expected_version 0, the id exists).
struct VersionConflict {
  std::uint64_t version = 0;
};
/// The caller's slot is looked at first, then the others' in the order of the legs (SPEC 2.8.9).
struct SlotTaken {
  UserId user{};
  CallId held_by{};
};
/// Creation: no such user, or one whose status is not active. Looked at before the slots; the callees' existence first, then
/// the caller's existence and status, then the callees' status.
struct UserUnknown {
  UserId user{};
};
struct UserNotActive {
  UserId user{};
};
/// The connection was lost under the commit, and the store is out of reach: it may have happened or not. fate() tells later.
struct Uncertain {};
using CommitResult = std::variant<Committed, VersionConflict, SlotTaken, UserUnknown, UserNotActive, Unavailable, Uncertain>;

/// A step of a call, as its record in the history names it.
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
  /// The outcome of a commit that was answered Uncertain. None: it did not happen and will not. Unavailable: not known yet, ask
  /// again.
  virtual void fate(const StepId& step, Done<Expected<std::optional<Committed>, Unavailable>> done) = 0;
  /// The call as committed last; none if there is no such call. Sees every commit that was answered before, on any shard.
  virtual void load(const CallId& id, Done<Expected<std::optional<StoredCall>, Unavailable>> done) = 0;
  /// Every call that is calling or connected, at most `limit`, oldest first: for administrators.
  virtual void load_active(std::size_t limit, Done<Expected<std::vector<StoredCall>, Unavailable>> done) = 0;
  /// Calls still `calling` past ringExpiresAt (or, where that is NULL, createdAt + 60 s). The sweep ends those that no timer has
  /// ended (R-001-44).
  virtual void overdue(WallTime now, std::size_t limit, Done<Expected<std::vector<CallId>, Unavailable>> done) = 0;
  /// For the history. Not acknowledged: a crash may lose it.
  virtual void record_attempt(Attempt attempt) = 0;
  /// Empties every table, accounts too. Only `--virtual-time` asks for it (POST /test/reset).
  virtual void wipe(Done<Expected<void, Unavailable>> done) = 0;
};

}  // namespace belfry::store
