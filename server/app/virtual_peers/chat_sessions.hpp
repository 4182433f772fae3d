// ChatSessions: stands between Delivery and the sockets of a shard. What a chat session is sent about a call of two is told to
// the virtual peer of its user, after the socket got it; and a signal that goes by the user's peer is kept from the socket (SPEC
// K58). What goes to sessions of other dialects passes by, at the price of one look-up. Owned by the shard's ShardStack, used on
// its thread.
#pragma once

#include <cstdint>

#include <boost/unordered/unordered_flat_map.hpp>

#include "app/sessions/delivery.hpp"
#include "app/sessions/sessions.hpp"
#include "app/sessions/shard_sessions.hpp"
#include "app/virtual_peers/virtual_peers.hpp"
#include "base/own_thread.hpp"

namespace belfry::virtual_peers {

class ChatSessions final : public sessions::SessionPort, public sessions::SessionListener {
 public:
  /// All must outlive this object.
  struct Ports {
    sessions::SessionPort& sockets;
    const sessions::Sessions& sessions;
    const peers::SharedPeers& peers;
    const AllVirtualPeers& virtual_peers;
    Mailboxes& mailboxes;
  };
  explicit ChatSessions(const Ports& ports) : ports_(ports) {}

  void notify(SessionAddress to, const Notice& notice) override;
  void pass_signal(SessionAddress to, const calls::SignalArrived& signal) override;

  /// The session was sent the ring of this call just now, later than notify() told: its dialect had to look something up.
  void rung(SessionAddress at, const CallView& call);

  void on_came(UserId user, const sessions::LiveSession& session, sessions::Arrival how) override;
  void on_gone(UserId user, const sessions::LiveSession& session, sessions::Departure how) override;
  void on_unreachable(SessionAddress) override {}

 private:
  struct Known {
    SessionAddress at{};
    UserId user{};
    store::SessionId session{};
    call::CallId by_peer{};  // a call whose signals went by peer: so do its next ones, also while the peer is away
  };
  [[nodiscard]] Known* find(SessionAddress at);
  void tell(SentToChat what);

  [[no_unique_address]] OwnThread own_thread_;
  Ports ports_;
  boost::unordered_flat_map<std::uint32_t, Known> known_;  // by slot: one that moved away is replaced by the next tenant
};

}  // namespace belfry::virtual_peers
