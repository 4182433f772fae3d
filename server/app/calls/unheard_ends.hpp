// UnheardEnds: calls which ended while somebody who took part had no session to be told: what store::Outbox keeps, at hand, so
// that a session which comes costs no question to the store. Kept for a day; whoever stays away longer reads the history.
// Thread-safe.
#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "app/calls/actor.hpp"
#include "base/guarded.hpp"
#include "base/time.hpp"
#include "store/outbox.hpp"

namespace belfry::calls {

class UnheardEnds {
 public:
  static constexpr std::chrono::milliseconds kKept = std::chrono::hours{24};
  /// Some hundred bytes each. Beyond that many which wait, the oldest are forgotten here, and told by snapshots only.
  static constexpr std::size_t kMost = 262'144;

  /// A known entry may get its number in the outbox: then other servers know it too.
  void remember(const store::OutboxEntry& entry);
  /// What this user has not heard, oldest first; it counts as told.
  [[nodiscard]] std::vector<store::OutboxEntry> take(UserId user, WallTime now);
  /// The same, but only of calls which a session of theirs had heard of before.
  [[nodiscard]] std::vector<store::OutboxEntry> take_of_known_calls(UserId user, WallTime now);
  /// True: this one was unheard, and counts as told now.
  [[nodiscard]] bool forget(UserId user, const CallId& call);
  [[nodiscard]] bool contains(UserId user, const CallId& call);
  void forget_all();

 private:
  struct Noted {
    UserId user{};
    CallId call{};
  };
  struct Unheard {
    store::OutboxEntry entry{};
    std::list<Noted>::iterator place{};  // in the order
  };
  struct All {
    boost::unordered_flat_map<UserId, std::vector<Unheard>, UuidHash> by_user;
    std::list<Noted> in_order;  // oldest first
  };
  template <class Wanted>
  static std::vector<store::OutboxEntry> drop_if(All& all, UserId user, Wanted wanted);
  static bool drop(All& all, UserId user, const CallId& call);
  Guarded<All> unheard_;
};

}  // namespace belfry::calls
