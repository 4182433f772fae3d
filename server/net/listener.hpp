// Listener: one shard's own listening socket. With several shards each binds the same address (SO_REUSEPORT) and the kernel
// spreads arrivals over them, so no lock and no hand-over stands between a SYN and its shard.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/expected.hpp"
#include "net/address_census.hpp"
#include "net/descriptor.hpp"

namespace belfry::net {

/// How many shards will listen there, and whether this one is the first of them.
enum class Sharing : std::uint8_t { alone, first_of_many, one_of_many };

struct Arrival {
  enum class Outcome : std::uint8_t {
    connected,
    none,       // no more at present
    exhausted,  // no descriptor or memory left: pause, since the arrival stays in the queue and would be reported for ever
  };
  Outcome outcome = Outcome::none;
  Descriptor descriptor;
  PeerAddress address{};
};

struct ListenAddress {
  sockaddr_storage place{};
  socklen_t size = 0;
};
using ListenAddresses = std::vector<ListenAddress>;
using ListenLookup = ListenAddresses (*)(const std::string& host, std::uint16_t port);

/// The addresses of a host, in the order in which to try them; empty if it is unknown. "*" is every address: IPv6's wildcard,
/// which takes IPv4 too, then IPv4's for a machine without IPv6.
[[nodiscard]] ListenAddresses listen_addresses(const std::string& host, std::uint16_t port);

class Listener {
 public:
  /// Listens at the first of the host's addresses that this machine has. It does not go on to the next one if that port is taken:
  /// `localhost` would then be two servers, ours on IPv4 and another on IPv6. The error says what to do about it.
  static Expected<Listener, std::string> open(const std::string& host, std::uint16_t port, Sharing sharing, int backlog,
                                              ListenLookup lookup = listen_addresses);

  [[nodiscard]] Arrival accept();
  [[nodiscard]] int descriptor() const { return socket_.get(); }
  [[nodiscard]] bool is_open() const { return static_cast<bool>(socket_); }
  [[nodiscard]] std::uint16_t port() const;
  void close() { socket_.reset(); }

 private:
  Descriptor socket_;
};

/// All zeros when the peer is gone already.
[[nodiscard]] PeerAddress peer_address(int descriptor);

}  // namespace belfry::net
