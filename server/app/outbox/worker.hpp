// Worker: brings on their way the entries of the outbox that are tried by time. One a process, on one shard, in the domain's time
// (SPEC J-7.7). It claims what is due, hands each entry to the sender of its kind, and tells the store what follows. If the store
// is away then, it tells it again until it is heard; meanwhile the entry is not sent again from here. Entries of one kind do
// not wait for those of another, nor for each other (J-6.6), up to kMostUnderWay.
//
// Not here: ends of calls, which wait for their person (end_follower.hpp).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "app/outbox/retries.hpp"
#include "app/outbox/sender.hpp"
#include "base/check.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "store/due_entries.hpp"

namespace belfry::outbox {

/// A try must be over by then, or another server may begin one: twice PUSH_TIMEOUT_MS (SPEC J-6.6). What a server had under way
/// when it died is tried again so much later.
constexpr std::chrono::milliseconds kClaim = std::chrono::seconds{20};
/// What other servers or a crash left is found within this time; for what is put here there is wake().
constexpr Duration kLookEvery = std::chrono::seconds{1};
/// Of one kind. More would not be sent sooner by a provider that answers in 100 ms, and each holds its payload in memory.
constexpr std::size_t kMostUnderWay = 256;

class Worker {
 public:
  Worker(store::DueEntries& entries, const Clock& domain_clock, Log& log) : entries_(entries), clock_(domain_clock), log_(log) {}

  /// Kinds that nobody serves are left alone: another server on the database may.
  void serve(store::OutboxKind kind, Sender& sender, Backoff backoff = {});
  /// An entry was put that is due now.
  void wake() { next_look_ = {}; }
  /// None: no kind is served.
  [[nodiscard]] std::optional<TimePoint> next_deadline() const;
  void on_time(TimePoint now);
  [[nodiscard]] std::size_t under_way() const { return under_way_.size(); }

 private:
  struct Service {
    store::OutboxKind kind{};
    Sender* sender = nullptr;
    Backoff backoff{};
    std::size_t under_way = 0;
    bool asking = false;  // the store
    bool more = false;    // was due than could be taken
  };
  struct Try {
    std::size_t service = 0;
    store::OutboxEntry entry{};
    std::uint32_t claim = 0;           // its `tries`, of the claim that holds now
    std::optional<Verdict> verdict{};  // what the store is to hear of
    [[nodiscard]] const Verdict& settled() const {
      CHECK(verdict.has_value(), "a try that has not ended");
      return *verdict;
    }
    bool saving = false;
  };

  void look(std::size_t service);
  void begin(std::size_t service, const store::OutboxEntry& entry);
  void end(std::uint64_t seq, const Outcome& outcome);
  void save(std::uint64_t seq);
  void saved(std::uint64_t seq);
  void report(const Try& over) const;

  store::DueEntries& entries_;
  const Clock& clock_;
  Log& log_;
  std::vector<Service> services_;
  std::map<std::uint64_t, Try> under_way_;  // by number
  TimePoint next_look_{};
};

}  // namespace belfry::outbox
