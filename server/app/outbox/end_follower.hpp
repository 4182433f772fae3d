// EndFollower: learns which ends of calls other servers on the database left for those who are away (SPEC X-25). An end waits for
// its person, who may come to any server; so each server reads all entries, and the one with a session tells it. Each is read
// once. In real time, on one shard.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <set>

#include "base/time.hpp"
#include "store/outbox.hpp"

namespace belfry::outbox {

class EndFollower {
 public:
  using Learn = std::function<void(const store::OutboxEntry&)>;
  /// `newest`: the number of the newest entry that is known already.
  EndFollower(store::Outbox& outbox, std::uint64_t newest, Learn learn);
  /// Reads all that came since; nothing, while the last reading is under way. `unavailable`: the store cannot be reached.
  void read(TimePoint now, std::function<void()> unavailable);

 private:
  struct Reading {
    TimePoint began{};
    std::function<void()> unavailable{};
  };
  void read_page(std::uint64_t after, Reading reading);
  void learn(const store::OutboxEntry& entry);
  void move_marks(TimePoint began);

  static constexpr std::size_t kMostAtOnce = 1'000;
  /// Transactions become visible out of the order of their numbers. An entry whose transaction was under way when the ones behind
  /// it were read is seen within this time, because the database ends one that is idle for 5 s or busy for longer than a
  /// statement may take. Longer reads more entries again each second.
  static constexpr Duration kLongestTransaction = std::chrono::seconds{10};
  static constexpr std::uint64_t kReadAgainAtStart = 256;  // what was under way while recall() read

  struct Mark {
    TimePoint at{};  // of a reading
    std::uint64_t newest = 0;
  };
  store::Outbox& outbox_;
  const Learn learn_;
  bool reading_ = false;
  std::uint64_t newest_;
  std::deque<Mark> marks_;         // oldest first; what is behind the first one is read again
  std::set<std::uint64_t> known_;  // of those
};

}  // namespace belfry::outbox
