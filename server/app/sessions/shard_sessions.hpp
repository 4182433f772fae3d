// ShardSessions: how the sessions of one shard come, are suspended, recover and go. Each step is noted in Sessions first and then
// passed to the listeners, on the shard where it was made. It knows nothing about calls. Used on its shard's thread.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "app/sessions/delivery.hpp"
#include "app/sessions/live_session.hpp"
#include "app/sessions/sessions.hpp"

namespace belfry::sessions {

/// `fresh`: a new session. `in_place`: a new one that replaced a live session of its user; it must speak first to take part in
/// what that one did (SPEC X-17). `recovered`: it came back as itself, with its log of what it was told meanwhile. `resumed`: a
/// new socket proved to be an earlier session.
enum class Arrival : std::uint8_t { fresh, in_place, recovered, resumed };

class SessionListener {
 public:
  virtual ~SessionListener() = default;
  virtual void on_came(UserId user, const LiveSession& session, Arrival how) = 0;
  /// `lost`: it may come back as itself. `session` is as it was before.
  virtual void on_gone(UserId user, const LiveSession& session, Departure how) = 0;
  /// Nothing can be sent from this address any more. Called before on_gone, and alone for an address without a session.
  virtual void on_unreachable(SessionAddress at) = 0;
};

class ShardSessions {
 public:
  ShardSessions(Sessions& all, Delivery& delivery) : all_(all), delivery_(delivery) {}
  /// Before the first session comes. Listeners are called in the order in which they were added.
  void add_listener(SessionListener& listener) { listeners_.push_back(&listener); }

  /// In a dialect that allows one session a user, the one before gets Replaced. `username` is how signaling peers find them.
  void come(UserId user, std::string_view username, const LiveSession& session);
  void leave(UserId user, SessionAddress at, Departure how);
  /// The transport is lost; the session may come back as itself, and then gets what it missed.
  void suspend(UserId user, SessionAddress at);
  /// The session leaves this shard for another one, or for another address here (connection state recovery). What is told to it
  /// at the old address from now on follows it.
  void move_away(SessionAddress at, ShardIndex to);
  /// It has come, and is back if it was suspended. On its new shard, after move_away on the old one.
  void recover(UserId user, SessionAddress before, SessionAddress now);
  /// A new socket proved to be an earlier session of the same user (`session.resume`): it takes over that id, the old socket is
  /// let go. False: no such session.
  [[nodiscard]] bool resume(UserId user, SessionAddress at, SessionId earlier);
  /// The sessions of this login hear LoginEnded and are let go, as if they had left.
  void end_login(account::LoginId login, UserId user);
  /// All sessions of this user (SPEC X-28).
  void end_all(UserId user);

 private:
  /// Removes the session from Sessions, and sends it `why` if it should close.
  void dismiss(UserId user, const LiveSession& session, Departure how, const Notice& why);
  void came(UserId user, const LiveSession& session, Arrival how);

  Sessions& all_;
  Delivery& delivery_;
  std::vector<SessionListener*> listeners_;
};

}  // namespace belfry::sessions
