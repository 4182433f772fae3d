// Outbox: what must still leave the server, as entries of one table. An entry is put by the transition that causes it
// (Transition::outbox) or beside one, and leaves in one of two ways:
//   - without `due` it waits for its person: the server that tells them on their return settles it. So does the end of a call for
//   a
//     participant who had no session right after its commit (decision 0017). This port.
//   - with `due` it is tried by time, by one worker a process, until it is delivered or given up: due_entries.hpp.
// Entries older than a day are forgotten: the history has those calls. Table `outbox`: seq, kind, userId, callId, key, aware,
// payload, createdAt, dueAt, expiresAt, tries; one entry a kind, user, call and key.
//
// A process that dies may have committed ends without notifying anybody: Nodes::take_over() adds entries for those. So an end is
// notified at least once, and with the same callSeq if twice (SPEC X-25).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "store/call_row.hpp"
#include "store/done.hpp"

namespace belfry::store {

/// Whoever serves a kind asks for it by name: a server leaves alone what a newer one on the same database puts there. So a kind
/// more is an enumerator and its word; the schema lists none.
enum class OutboxKind : std::uint8_t {
  call_end,
  test,  // contract suites and unit tests only
};
[[nodiscard]] std::string_view word_of(OutboxKind kind);
[[nodiscard]] std::optional<OutboxKind> parse_outbox_kind(std::string_view text);

struct OutboxEntry {
  UserId to{};  // zero: nobody in particular
  CallId call{};
  bool aware = true;  // of a call_end: a session of theirs had heard of the call; a dialect without snapshots tells only those
  WallTime at{};
  std::uint64_t seq = 0;  // given by the store and never again; 0: not read from it yet
  OutboxKind kind = OutboxKind::call_end;
  std::string key{};                  // tells entries of one kind, person and call apart: a device
  std::string payload{};              // what its sender needs, in the form of that kind
  std::optional<WallTime> due{};      // when to try it; none: it waits for its person
  std::optional<WallTime> expires{};  // from then on it is not tried
  std::uint32_t tries = 0;            // how often it was taken
  friend bool operator==(const OutboxEntry&, const OutboxEntry&) = default;
};

class Outbox {
 public:
  virtual ~Outbox() = default;
  /// Beside a transition. Without an answer: a crash may lose it, and take_over() brings an end back.
  virtual void put(OutboxEntry entry) = 0;
  /// They have been told of the call's end. Without an answer: after a crash they may be told again.
  virtual void settle(UserId to, const CallId& call) = 0;
  /// Whether nobody has told them of its end yet. An entry that another server put may have been told by any.
  virtual void still_waits(UserId to, const CallId& call, Done<Expected<bool, Unavailable>> done) = 0;
  /// Ends of calls, oldest first, those behind `after_seq`, at most `limit`.
  virtual void waiting(std::uint64_t after_seq, std::size_t limit,
                       Done<Expected<std::vector<OutboxEntry>, Unavailable>> done) = 0;
  /// Of every kind.
  virtual void forget_before(WallTime when) = 0;
};

}  // namespace belfry::store
