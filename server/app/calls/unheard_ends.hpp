// UnheardEnds: the ends of calls that wait for participants who had no session: the entries of store::Outbox in memory, so that a
// session that connects needs no query. Kept for a day; a user who stays away longer must read the history. Thread-safe.
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
  /// Some hundred bytes each. Beyond this number the oldest are dropped here, and only snapshots show those ends.
  static constexpr std::size_t kMost = 262'144;

  /// Adds an entry, or sets the outbox number of a known one, which means that other servers know it too.
  void remember(const store::OutboxEntry& entry);
  /// Removes and returns the entries of this user, oldest first.
  [[nodiscard]] std::vector<store::OutboxEntry> take(UserId user, WallTime now);
  /// The same, but only for calls of which a session of the user was notified.
  [[nodiscard]] std::vector<store::OutboxEntry> take_of_known_calls(UserId user, WallTime now);
  /// Removes the entry. True: there was one.
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
    std::list<Noted>::iterator place{};  // in `in_order`
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
