// DueEntries: the outbox as its worker sees it (app/outbox): entries that are tried by time. Taking one claims it: until the
// claim lapses nobody else is given it, on any server. A claim is never given back, it lapses: so an entry whose server died
// under way is taken by the next one, and each entry is delivered at least once. Times are the domain's (SPEC J-7.7).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "store/done.hpp"
#include "store/outbox.hpp"

namespace belfry::store {

struct Claim {
  OutboxKind kind{};
  WallTime now{};    // taken is what was due by then
  WallTime until{};  // when the claim lapses
  std::size_t limit = 0;
};

/// A claim that was given: the entry, and which of its tries this is.
struct ClaimedEntry {
  std::uint64_t seq = 0;
  std::uint32_t tries = 0;
};

class DueEntries {
 public:
  virtual ~DueEntries() = default;
  /// Those that are due longest, at most `limit`, in the order of their numbers; expired ones too. Each counts one try more.
  virtual void take(const Claim& claim, Done<Expected<std::vector<OutboxEntry>, Unavailable>> done) = 0;
  /// Delivered, or given up. Harmless if it is gone.
  virtual void remove(std::uint64_t seq, Done<Expected<void, Unavailable>> done) = 0;
  /// To be tried again at `due`. Changes nothing if the claim has lapsed and somebody else has taken the entry since.
  virtual void put_off(const ClaimedEntry& entry, WallTime due, Done<Expected<void, Unavailable>> done) = 0;
};

}  // namespace belfry::store
