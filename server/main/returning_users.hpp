// ReturningUsers: tells app/peers that a session has come, of whose user it may have muted a peer. One per shard.
#pragma once

#include "app/peers/peers.hpp"
#include "app/sessions/shard_sessions.hpp"

namespace belfry {

class ReturningUsers final : public sessions::SessionListener {
 public:
  explicit ReturningUsers(peers::Peers& peers) : peers_(peers) {}
  void on_came(account::UserId user, const sessions::LiveSession& session, sessions::Arrival) override {
    if (session.login != account::LoginId{}) peers_.user_came(user, session.login);
  }
  void on_gone(account::UserId, const sessions::LiveSession&, sessions::Departure) override {}
  void on_unreachable(SessionAddress) override {}

 private:
  peers::Peers& peers_;
};

}  // namespace belfry
