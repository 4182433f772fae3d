// Outbox: what somebody must still be told. The end of a call is told to the sessions that are here right after its commit; for
// a participant who has none, the transition carries an entry (Transition::outbox), and whoever tells it on their return settles
// it. Entries older than a day are forgotten: the history has those calls. Table `outbox`: seq, kind ('call_end'), userId,
// callId, aware, createdAt; one entry a user and call.
//
// A process that dies may have committed ends and told nobody: Nodes::take_over() puts those in. So an end is told at least
// once, and with the same callSeq if twice (SPEC X-25).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/time.hpp"
#include "store/call_row.hpp"
#include "store/done.hpp"

namespace belfry::store {

struct OutboxEntry {
  UserId to{};
  CallId call{};
  bool aware = true;  // a session of theirs had heard of the call: a dialect without snapshots tells only those
  WallTime at{};
  std::uint64_t seq = 0;  // given by the store; 0: not read from it yet
  friend bool operator==(const OutboxEntry&, const OutboxEntry&) = default;
};

class Outbox {
 public:
  virtual ~Outbox() = default;
  /// Beside a transition. Without an answer: a crash may lose it, and take_over() brings it back.
  virtual void put(OutboxEntry entry) = 0;
  /// They have been told. Without an answer: after a crash they may be told again.
  virtual void settle(UserId to, const CallId& call) = 0;
  /// Whether nobody has told them yet. An entry that another server put may have been told by any.
  virtual void still_waits(UserId to, const CallId& call, Done<Expected<bool, Unavailable>> done) = 0;
  /// Oldest first, those behind `after_seq`, at most `limit`.
  virtual void waiting(std::uint64_t after_seq, std::size_t limit,
                       Done<Expected<std::vector<OutboxEntry>, Unavailable>> done) = 0;
  virtual void forget_before(WallTime when) = 0;
};

}  // namespace belfry::store
