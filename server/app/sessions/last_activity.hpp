// LastActivity: writes to the store until when a user was connected, for `lastSeenAt` (SPEC K46). That is when the last of their
// sessions left or lost its transport, so once for each time that they go. A server that is killed notes nothing: then the user
// was last seen when they logged in, or when their device was last used. Owned by the shard's stack, used on its thread.
#pragma once

#include "app/sessions/sessions.hpp"
#include "app/sessions/shard_sessions.hpp"
#include "base/clock.hpp"
#include "store/account_store.hpp"

namespace belfry::sessions {

class LastActivity final : public SessionListener {
 public:
  LastActivity(const Sessions& sessions, store::AccountStore& accounts, const Clock& clock)
      : sessions_(sessions),
        accounts_(accounts),
        clock_(clock) {}
  void on_came(UserId, const LiveSession&, Arrival) override {}
  void on_gone(UserId user, const LiveSession& session, Departure) override {
    if (!session.suspended && !sessions_.is_live(user)) accounts_.note_active(user, clock_.wall());
  }
  void on_unreachable(SessionAddress) override {}

 private:
  const Sessions& sessions_;
  store::AccountStore& accounts_;
  const Clock& clock_;
};

}  // namespace belfry::sessions
