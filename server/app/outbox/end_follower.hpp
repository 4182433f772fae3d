// EndFollower: reads the call ends that other servers on this database stored for participants who were away (SPEC X-25). A
// participant may return to any server, so every server reads every entry once, and the server that gets the session sends the
// end. Uses real time; runs on one shard.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <set>

#include "base/own_thread.hpp"
#include "base/time.hpp"
#include "store/outbox.hpp"

namespace belfry::outbox {

class EndFollower {
 public:
  using Learn = std::function<void(const store::OutboxEntry&)>;
  /// `newest`: the number of the newest entry that was read at start.
  EndFollower(store::Outbox& outbox, std::uint64_t newest, Learn learn);
  /// Reads all new entries; does nothing while the previous read is running. Calls `unavailable` if the store cannot be reached.
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
  /// Transactions become visible out of the order of their numbers, so recent numbers are read again for this long. The database
  /// ends a transaction that is idle for 5 s or busy for longer than a statement may take, so none appears later. A longer time
  /// re-reads more entries each second.
  static constexpr Duration kLongestTransaction = std::chrono::seconds{10};
  static constexpr std::uint64_t kReadAgainAtStart = 256;  // for transactions that were open while the entries were read at start

  struct Mark {
    TimePoint at{};  // when a read began
    std::uint64_t newest = 0;
  };
  [[no_unique_address]] OwnThread own_thread_;
  store::Outbox& outbox_;
  const Learn learn_;
  bool reading_ = false;
  std::uint64_t newest_;
  std::deque<Mark> marks_;         // oldest first; entries after the first mark are read again
  std::set<std::uint64_t> known_;  // the numbers seen after the first mark
};

}  // namespace belfry::outbox
