// ShardSessions: records in Sessions that a session of this shard has come, is suspended, has recovered or is gone, and then
// calls the listeners on the same shard. It knows nothing about calls. Owned by the shard's stack (main/shard_stack.hpp), used on
// its shard's thread.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "app/sessions/delivery.hpp"
#include "app/sessions/live_session.hpp"
#include "app/sessions/sessions.hpp"
#include "base/own_thread.hpp"

namespace belfry::sessions {

/// How a session arrived. `fresh`: it is new. `in_place`: it is new and replaced a live session of its user; it takes over that
/// session's part in calls only once it sends a command (SPEC X-17). `recovered`: it reconnected with its Socket.IO recovery, and
/// gets the events it missed. `resumed`: a new socket proved to be an earlier session.
enum class Arrival : std::uint8_t { fresh, in_place, recovered, resumed };

class SessionListener {
 public:
  virtual ~SessionListener() = default;
  virtual void on_came(UserId user, const LiveSession& session, Arrival how) = 0;
  /// `session` is as before the change. If `how` is `lost`, it may recover later.
  virtual void on_gone(UserId user, const LiveSession& session, Departure how) = 0;
  /// The socket at this address is lost or closed: its signals must no longer be passed on. Called before the on_gone that
  /// follows from it, and also for an address without a session. A session that the server ends is reported by on_gone at once,
  /// and by this when its socket closes.
  virtual void on_unreachable(SessionAddress at) = 0;
};

class ShardSessions {
 public:
  ShardSessions(Sessions& all, Delivery& delivery) : all_(all), delivery_(delivery) {}
  /// Call it before the first session arrives. Listeners are called in the order of adding.
  void add_listener(SessionListener& listener) { listeners_.push_back(&listener); }

  /// In a dialect that allows one session per user, the earlier session gets Replaced. Peers of the signaling dialect call by
  /// `username`. A suspended one lost its transport while the store was asked who it is: it comes and is lost at once, so that it
  /// has its grace like any other.
  void come(UserId user, std::string_view username, LiveSession session);
  void leave(UserId user, SessionAddress at, Departure how);
  /// The transport is lost. If the session recovers, it gets what was sent to it meanwhile.
  void suspend(UserId user, SessionAddress at);
  /// The session moves to another shard, or to another address on this one (connection state recovery). What is sent to the old
  /// address from now on follows it.
  void move_away(SessionAddress at, ShardIndex to);
  /// The moved session has arrived, and is no longer suspended. Called on the new shard, after move_away() on the old one.
  void recover(UserId user, SessionAddress before, SessionAddress now);
  /// A new socket proved to be an earlier session of the same user (`session.resume`): it takes over that session's id, and the
  /// old socket is closed. False: there is no such session, or the new one has been ended.
  [[nodiscard]] bool resume(UserId user, SessionAddress at, SessionId earlier);
  /// Sends LoginEnded to all sessions of this login and closes them. `how`: what that is for calls, `left` or `revoked`.
  void end_login(account::LoginId login, UserId user, Departure how);
  /// The same for all sessions of this user, whose calls have been ended (SPEC X-28).
  void end_all(UserId user);

 private:
  /// Removes the session from Sessions, sends it `why`, and reports it gone.
  void dismiss(UserId user, const LiveSession& session, Departure how, const Notice& why);
  void came(UserId user, const LiveSession& session, Arrival how);

  [[no_unique_address]] OwnThread own_thread_;
  Sessions& all_;
  Delivery& delivery_;
  std::vector<SessionListener*> listeners_;
};

}  // namespace belfry::sessions
