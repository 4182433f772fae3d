// PeersOfUsers: what the chat dialect asks of PeerJS, answered by app/peers and app/virtual_peers.
#pragma once

#include "app/peers/shared_peers.hpp"
#include "app/virtual_peers/chat_sessions.hpp"
#include "gateway/chat/peers_of.hpp"

namespace belfry {

class PeersOfUsers final : public gateway::PeersOf {
 public:
  PeersOfUsers(const peers::SharedPeers& peers, virtual_peers::ChatSessions& sessions) : peers_(peers), sessions_(sessions) {}
  [[nodiscard]] bool has_open_peer(const account::UserId& user) const override { return peers_.has_peer(user); }
  [[nodiscard]] bool has_one_page(const account::UserId& user) const override { return peers_.sockets_of(user) == 1; }
  void rung(SessionAddress socket, const calls::CallView& call) override { sessions_.rung(socket, call); }

 private:
  const peers::SharedPeers& peers_;
  virtual_peers::ChatSessions& sessions_;
};

}  // namespace belfry
