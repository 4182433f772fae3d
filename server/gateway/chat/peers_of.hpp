// PeersOf: whom the chat dialect may ring by PeerJS. A port of this dialect.
#pragma once

#include "app/notices/call_notices.hpp"
#include "base/address.hpp"
#include "domain/account/user.hpp"

namespace belfry::gateway {

class PeersOf {
 public:
  virtual ~PeersOf() = default;
  /// Whether a PeerJS client is connected under an id of this user. Callable on any shard. `incoming-call` bears no offer then:
  /// the client would take it for a call of its PeerJS, and the offer comes as the OFFER of a peer (SPEC K20).
  [[nodiscard]] virtual bool has_open_peer(const account::UserId& user) const = 0;
  /// Whether all chat sockets of this user that have one login are of one page: each page opens one PeerJS connection, but on a
  /// slow link several chat sockets. False if there is no such connection to tell by. Callable on any shard.
  [[nodiscard]] virtual bool has_one_page(const account::UserId& user) const = 0;
  /// This socket was sent the ring of the call just now: an OFFER to the page counts its wait from here (SPEC K58).
  virtual void rung(SessionAddress socket, const calls::CallView& call) = 0;
};

}  // namespace belfry::gateway
