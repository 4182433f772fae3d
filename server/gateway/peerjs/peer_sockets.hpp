// PeerSockets: the PeerJS sockets of one shard. A socket names the id that it wants in its query; this decides whether it may
// have it, and passes messages between the socket and Peers (app/peers). With a credential, which counts as for every other
// socket, it may have its user's id, or one that begins with that and a hyphen. Without one it may have any id that is no
// account's; with --dev any. Whether an id is an account's, and whether another issuer's token may speak for a user, only the
// store knows: what a socket sends until it answers is kept.
//
// Owned by the shard's ShardStack, used on its thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "app/accounts/external_users.hpp"
#include "app/accounts/identity.hpp"
#include "app/peers/peers.hpp"
#include "base/clock.hpp"
#include "base/expected.hpp"
#include "base/log.hpp"
#include "base/own_thread.hpp"
#include "gateway/peerjs/settings.hpp"
#include "protocol/websockets.hpp"
#include "store/done.hpp"
#include "wire/json/json.hpp"

namespace belfry::gateway {

class PeerSockets final : public protocol::WebSocketApp, public peers::PeerOutput {
 public:
  using Found = Expected<bool, store::Unavailable>;

  /// All must outlive the last socket. `peers` has this object as its output, so one of the two is made later.
  struct Ports {
    const peers::SharedPeers& shared;
    peers::Peers& peers;
    protocol::WebSockets& websockets;
    const accounts::Verifier& verifier;
    const Clock& clock;
    Log& log;
    /// Is there an account of this id?
    std::function<void(account::UserId, store::Done<Found>)> find_account;
    accounts::EnsureKnown ensure_known = {};
  };
  PeerSockets(const PeerJsSettings& settings, const Ports& ports) : settings_(settings), ports_(ports) {}

  [[nodiscard]] ShardIndex shard_of(const http::Request& request) override;
  void on_websocket_open(protocol::ConnectionId socket, const protocol::Handshake& handshake) override;
  void on_websocket_text(protocol::ConnectionId socket, std::string_view text) override;
  void on_websocket_closed(protocol::ConnectionId socket) override;

  void send(peers::PeerSocket to, std::string_view text) override;
  void close(peers::PeerSocket socket) override;

 private:
  struct Known {
    accounts::Identity who{};
    std::string credential{};
  };
  /// A socket whose registration is being checked.
  struct Waiting {
    peers::Registration registration{};
    std::string credential{};  // empty: none
    std::vector<std::string> texts{};
    std::size_t bytes = 0;
  };
  struct SocketHash {
    std::size_t operator()(const protocol::ConnectionId& socket) const noexcept {
      return std::hash<std::uint64_t>{}(std::uint64_t{socket.generation} << 32U | socket.slot);
    }
  };
  /// The errors are for the client.
  [[nodiscard]] Expected<peers::Registration, std::string_view> registration_of(const protocol::Handshake& handshake) const;
  /// None: there is no credential.
  [[nodiscard]] Expected<std::optional<Known>, std::string_view> identity_of(const protocol::Handshake& handshake,
                                                                             std::string_view id) const;
  void open_for(protocol::ConnectionId socket, peers::Registration registration, const Known& known);
  void look_up(protocol::ConnectionId socket, peers::Registration registration, account::UserId owner);
  void on_checked(protocol::ConnectionId socket, const Expected<void, std::string_view>& result);
  void admit(protocol::ConnectionId socket, peers::Registration registration);
  void keep(protocol::ConnectionId socket, Waiting& waiting, std::string_view text);
  void receive(protocol::ConnectionId socket, std::string_view text);
  void refuse(protocol::ConnectionId socket, std::string_view why);

  [[no_unique_address]] OwnThread own_thread_;
  const PeerJsSettings& settings_;
  Ports ports_;
  json::Reader reader_;
  boost::unordered_flat_map<protocol::ConnectionId, Waiting, SocketHash> waiting_;
};

}  // namespace belfry::gateway
