// StrayCandidates: candidates that a page sends before its make_call (SPEC W-003-06). A browser gathers from setLocalDescription
// on, and a client of seed 003 passes on what comes, so the first may be here before the call is. They wait ten seconds for it.
// One per shard. Bounded by what one pair, one page and all of a shard may leave waiting: beyond it a candidate is dropped, as it
// would be without a call.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/address.hpp"
#include "base/time.hpp"

namespace belfry::gateway {

class StrayCandidates {
 public:
  static constexpr Duration kKept = std::chrono::seconds{10};          // W-003-06, and 64 of a pair
  static constexpr std::size_t kMostOfAPair = 64, kMostOfAPage = 256;  // four peers at once
  // A candidate has some 200 bytes, and at most 1 KiB is kept for each. A shard keeps those of 64 such pages, 8 MiB in all; what
  // comes after that is dropped.
  static constexpr std::size_t kMostBytesOfAPage = std::size_t{256} * 1024;
  static constexpr std::size_t kMost = 16'384;
  static constexpr std::size_t kMostBytes = std::size_t{8} * 1024 * 1024;

  /// `peer`: the name that the page at `from` sent it to.
  void keep(SessionAddress from, std::string_view peer, std::string_view candidate, TimePoint now);
  /// What waits for a call to this peer, in order.
  [[nodiscard]] std::vector<std::string> take(SessionAddress from, std::string_view peer, TimePoint now);
  void forget(SessionAddress from);

  [[nodiscard]] bool empty() const { return pages_.empty(); }
  [[nodiscard]] TimePoint next_deadline() const;
  void expire(TimePoint now);

 private:
  struct Stray {
    TimePoint until;
    std::string peer, candidate;
  };
  using Page = std::vector<Stray>;
  struct Due {
    TimePoint until;
    SessionAddress from;
  };

  boost::unordered_flat_map<SessionAddress, Page, AddressHash> pages_;
  std::deque<Due>
      due_;  // one for each that was kept, also if it has been taken since: all wait equally long, so they are in order
  std::size_t bytes_ = 0;
};

}  // namespace belfry::gateway
