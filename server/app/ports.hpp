// CallStore: where calls are kept, and the arbiter of who may call (ARCHITECTURE 3.5). One Transition is one transaction:
// either all of it is durable or nothing happened. A user's slot makes a second active call impossible, so a slot that is
// taken is the busy answer. Adapters: memory now, SQLite and PostgreSQL behind the same contract (call_store_contract.hpp).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "domain/oldcall/end_reason.hpp"
#include "domain/oldcall/ids.hpp"
#include "domain/oldcall/media.hpp"

namespace belfry::app {

/// SPEC 2.6: calling -> connected | rejected | missed, connected -> ended.
enum class CallStatus : std::uint8_t { calling, connected, rejected, missed, ended };

struct CallRow {
  oldcall::CallId id;
  std::uint64_t version = 0;  // 1 when created, one more with each transition
  oldcall::UserName caller, callee;
  oldcall::Media media = oldcall::Media::audio;
  CallStatus status = CallStatus::calling;
  std::optional<oldcall::EndReason> end_reason{};
  std::optional<oldcall::UserName> ended_by{};
  WallTime created{}, ring_expires{};
  std::optional<WallTime> answered{}, ended{};
};

/// One line of the call's history, written with the transition.
struct CallRecord {
  std::string_view what;  // a constant: "start", "answer", "party_lost"...
  std::optional<oldcall::UserName> by;
  WallTime at;
};

struct Transition {
  CallRow row;                          // as it shall be
  std::uint64_t expected_version = 0;   // as it must be now; 0: the call must not exist
  std::vector<oldcall::UserName> take;     // slots, in sorted order so that no two transactions wait for each other
  std::vector<oldcall::UserName> release;  // slots held by this call
  CallRecord record;
};

struct Committed {};
/// Somebody else moved the call on.
struct VersionConflict {
  std::uint64_t version;
};
/// The first name of `take` that is in another call.
struct SlotTaken {
  oldcall::UserName user;
  oldcall::CallId held_by;
};
/// The store cannot be reached or is full. Nothing happened.
struct Unavailable {};
using CommitResult = std::variant<Committed, VersionConflict, SlotTaken, Unavailable>;

class CallStore {
 public:
  virtual ~CallStore() = default;
  /// Calls `done` exactly once, on the calling shard's thread, either before commit returns or later. Commits given by one
  /// shard may be finished in any order.
  virtual void commit(Transition transition, std::function<void(const CommitResult&)> done) = 0;
};

}  // namespace belfry::app
