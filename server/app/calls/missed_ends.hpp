// MissedEnds: calls which ended while somebody who knew of them had no session to be told. A dialect without snapshots says so
// when that user comes back (SPEC section 0: "is told within 3 s ... of every change of its calls that it missed"). In memory
// and for two minutes only: whoever stays away longer reads the history. Thread-safe.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "app/calls/actor.hpp"
#include "base/guarded.hpp"
#include "base/time.hpp"

namespace belfry::calls {

class MissedEnds {
 public:
  static constexpr Duration kKept = std::chrono::minutes{2};
  static constexpr std::size_t kMost = 65'536;

  void remember(UserId user, const CallId& call, TimePoint now);
  /// What this user missed, oldest first; it counts as told.
  [[nodiscard]] std::vector<CallId> take(UserId user, TimePoint now);
  /// True: this one was missed, and counts as told now.
  [[nodiscard]] bool forget(UserId user, const CallId& call);
  void forget_all();

 private:
  struct Missed {
    TimePoint at;
    CallId call{};
  };
  struct Noted {
    TimePoint at;
    UserId user{};
    CallId call{};
  };
  struct All {
    boost::unordered_flat_map<UserId, std::vector<Missed>, UuidHash> by_user;
    std::deque<Noted> in_order;  // oldest first; what has been told is still in it
  };
  static void drop_oldest(All& all);
  static bool drop(All& all, UserId user, const CallId& call);
  Guarded<All> missed_;
};

}  // namespace belfry::calls
