// Listener: one shard's own listening socket. With several shards each binds the same address (SO_REUSEPORT) and the kernel
// spreads arrivals over them, so no lock and no hand-over stands between a SYN and its shard.
#pragma once

#include <cstdint>
#include <string>

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

class Listener {
 public:
  /// The error says what to do about it.
  static Expected<Listener, std::string> open(const std::string& host, std::uint16_t port, Sharing sharing, int backlog);

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
