// Outbox: what must still leave the server, as entries of one table. The transition that causes an entry adds it
// (Transition::outbox), or put() does so outside a transition. An entry leaves in one of two ways:
//   - without `due` it waits for a person to return. The server that sends it to them then settles it. The end of a call is such
//     an entry, for a participant who had no session right after the commit (decision 0017). Port: Outbox.
//   - with `due` the worker tries to send it until it is delivered or given up. Port: DueEntries (due_entries.hpp).
// Entries older than a day are deleted; the history still has those calls. Table `outbox`: seq, kind, userId, callId, key, aware,
// payload, createdAt, dueAt, expiresAt, tries, claimedBy (the server that tries it); unique by kind, user, call and key.
//
// A process that dies may have committed ends without notifying anybody: Nodes::take_over() adds entries for those. So an end is
// sent at least once; if twice, then with the same callSeq (SPEC X-25).
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

/// A worker asks for each kind it serves by name, so a server ignores kinds that a newer server on the same database adds. A new
/// kind needs an enumerator and its word; the schema does not list them.
enum class OutboxKind : std::uint8_t {
  call_end,
  test,           // contract suites and unit tests only
  push_plan,      // a user is to be pushed about a call: which devices is decided when it is taken (app/push)
  push,           // one push to one device, by a provider that the operator chose
  push_endpoint,  // the same to an endpoint that a user named, which may be slow or hostile
};
[[nodiscard]] std::string_view word_of(OutboxKind kind);
[[nodiscard]] std::optional<OutboxKind> parse_outbox_kind(std::string_view text);

struct OutboxEntry {
  UserId to{};  // zero: no particular person
  CallId call{};
  bool aware = true;  // call_end: they knew of the call; a dialect without snapshots sends only such ends
  WallTime at{};
  std::uint64_t seq = 0;  // assigned by the store, never reused; 0: not stored yet
  OutboxKind kind = OutboxKind::call_end;
  std::string key{};                  // distinguishes entries of one kind, person and call, such as a device
  std::string payload{};              // what the sender needs, in a form of its own
  std::optional<WallTime> due{};      // when to try it; none: it waits for its person
  std::optional<WallTime> expires{};  // not tried from this time on
  std::uint32_t tries = 0;            // how often it was taken
  friend bool operator==(const OutboxEntry&, const OutboxEntry&) = default;
};

class Outbox {
 public:
  virtual ~Outbox() = default;
  /// Adds an entry outside a transition; one that is there already stays as it is. Until `done` a crash may lose it, but
  /// take_over() adds the end of a call again.
  virtual void put(OutboxEntry entry, Done<Expected<void, Unavailable>> done) = 0;
  /// The person was notified of the call's end. Not acknowledged: after a crash they may be notified again.
  virtual void settle(UserId to, const CallId& call) = 0;
  /// Whether the person was not notified of the end yet. Ask before sending an entry that another server added: any server may
  /// have sent it.
  virtual void still_waits(UserId to, const CallId& call, Done<Expected<bool, Unavailable>> done) = 0;
  /// The ends of calls after `after_seq`, oldest first, at most `limit`.
  virtual void waiting(std::uint64_t after_seq, std::size_t limit,
                       Done<Expected<std::vector<OutboxEntry>, Unavailable>> done) = 0;
  /// Deletes older entries, of every kind, at most `most`, because other writes wait meanwhile.
  virtual void forget_before(WallTime when, std::size_t most) = 0;
};

}  // namespace belfry::store
