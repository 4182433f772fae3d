// Presence: which users count as online at this server (K16): those with a live session of any dialect, and those with a session
// in its grace, because its transport was lost a moment ago. OnlineUsers is shared by all shards and thread-safe; each shard's
// ShardPresence times the graces of the sessions that were lost there.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "app/sessions/sessions.hpp"
#include "app/sessions/shard_sessions.hpp"
#include "base/clock.hpp"
#include "base/guarded.hpp"

namespace belfry::sessions {

/// PRESENCE_GRACE_SECONDS (K16), if it is not set. A page that is reloaded is back in less.
constexpr Duration kPresenceGrace = std::chrono::seconds{3};

class OnlineUsers {
 public:
  explicit OnlineUsers(const Sessions& sessions) : sessions_(sessions) {}

  [[nodiscard]] bool is_online(UserId user) const;
  /// S7; only of who is online.
  [[nodiscard]] bool is_away(UserId user) const { return sessions_.is_away(user); }
  [[nodiscard]] std::vector<UserId> all() const;
  /// Call it before the first session arrives. `changed` is called on every shard, whenever is_online() of a user may have
  /// changed; it must not wait.
  void set_listener(std::function<void(UserId)> changed) { changed_ = std::move(changed); }

 private:
  friend class ShardPresence;
  /// Of a session that was lost.
  struct Grace {
    SessionId session{};
    TimePoint until{};
    friend bool operator==(const Grace&, const Grace&) = default;
  };
  using Graces = boost::unordered_flat_map<UserId, std::vector<Grace>, UuidHash>;  // none is empty
  void begin_grace(UserId user, const Grace& grace);
  /// The session is back or has left.
  void drop_grace(UserId user, SessionId session);
  /// Only if no later loss of the session has begun another one.
  void end_grace(UserId user, const Grace& grace);
  void changed(UserId user) const {
    if (changed_) changed_(user);
  }

  const Sessions& sessions_;
  std::function<void(UserId)> changed_;
  mutable Guarded<Graces> graces_;
};

class ShardPresence final : public SessionListener {
 public:
  ShardPresence(OnlineUsers& online, const Clock& clock, Duration grace = kPresenceGrace)
      : online_(online),
        clock_(clock),
        grace_(grace) {}
  void on_came(UserId user, const LiveSession& session, Arrival how) override;
  void on_gone(UserId user, const LiveSession& session, Departure how) override;
  void on_unreachable(SessionAddress) override {}

  [[nodiscard]] std::optional<TimePoint> next_deadline() const;
  void on_time(TimePoint now);

 private:
  struct Due {
    UserId user{};
    OnlineUsers::Grace grace{};
  };
  OnlineUsers& online_;
  const Clock& clock_;
  Duration grace_;
  std::deque<Due> due_;  // all of one length, so the first to begin is the first to end
};

}  // namespace belfry::sessions
