// PeerCalls: the port by which Peers lets the calls of users see the messages of their peers (SPEC K58): a party of a call may
// have no peer, and then a virtual one stands for it (app/virtual_peers). All functions are called on the shard of the peer.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/account/user.hpp"
#include "wire/peerjs/message.hpp"

namespace belfry::peers {

/// A message on its way from a peer to another.
struct Relayed {
  peerjs::Type type{};
  std::string src{}, dst{}, text{};
  std::size_t payload_size = 0;           // it ends the text, but for the last brace
  std::optional<account::UserId> from{};  // whose calls the sender carries
  [[nodiscard]] std::string_view payload() const {
    return std::string_view(text).substr(text.size() - payload_size - 1, payload_size);
  }
};
[[nodiscard]] Relayed relayed(peerjs::Type type, std::string_view src, std::string_view dst, std::string_view payload,
                              const std::optional<account::UserId>& from);

class PeerCalls {
 public:
  virtual ~PeerCalls() = default;
  /// The peer `src` of this user sends `payload` to `dst`. True: it was taken, and is not for Peers to pass on.
  [[nodiscard]] virtual bool take_from(const account::UserId& user, peerjs::Type type, std::string_view src, std::string_view dst,
                                       std::string_view payload) = 0;
  /// A message of a user's peer has come to the shard of its receiver, who may be absent. True: as above.
  [[nodiscard]] virtual bool take_to(const Relayed& message) = 0;
  /// This user's peer has been sent OPEN. Returns the senders whose messages it is about to be sent again.
  [[nodiscard]] virtual std::vector<std::string> opened(const account::UserId& user, const std::string& id) = 0;
};

}  // namespace belfry::peers
