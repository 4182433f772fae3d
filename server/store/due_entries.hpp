// DueEntries: the outbox as its worker uses it (app/outbox): entries that are tried at their due time. Taking an entry claims it
// for this server: until the claim lapses, no other server gets it. The claims of a server that is gone are released as soon as
// that is known (Nodes::take_over()): those entries are due at once, while entries that were put off keep their time. So each
// entry is delivered at least once. Times are the domain's (SPEC J-7.7).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "store/done.hpp"
#include "store/outbox.hpp"

namespace belfry::store {

struct Claim {
  OutboxKind kind{};
  WallTime now{};    // entries due by then are taken
  WallTime until{};  // when the claim lapses
  std::size_t limit = 0;
  std::vector<UserId> except{};  // entries of these users are not taken
};

/// A claim that this server holds: the entry, and the number of the try.
struct ClaimedEntry {
  std::uint64_t seq = 0;
  std::uint32_t tries = 0;
};

class DueEntries {
 public:
  virtual ~DueEntries() = default;
  /// Claims the entries that have been due longest, at most `limit`, and returns them by number, including expired ones. Counts
  /// one more try for each.
  virtual void take(const Claim& claim, Done<Expected<std::vector<OutboxEntry>, Unavailable>> done) = 0;
  /// The entry was delivered or given up. Does nothing if it is gone.
  virtual void remove(std::uint64_t seq, Done<Expected<void, Unavailable>> done) = 0;
  /// Try again at `due`, and end the claim. Does nothing if the claim has lapsed or was released, and another server has taken
  /// the entry since.
  virtual void put_off(const ClaimedEntry& entry, WallTime due, Done<Expected<void, Unavailable>> done) = 0;
};

}  // namespace belfry::store
