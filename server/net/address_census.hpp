// How many connections each peer address has, over all shards. Only kept when there is a cap. IPv6 peers are counted by /64,
// because one host commands a whole one and could otherwise never reach the cap.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>

#include "base/guarded.hpp"
#include "session/link.hpp"

namespace belfry::net {

using PeerAddress = std::array<std::uint8_t, 16>;  // IPv4 as ::ffff:a.b.c.d

class AddressCensus {
 public:
  explicit AddressCensus(std::size_t cap) : cap_(cap) {}
  [[nodiscard]] bool on() const { return cap_ != 0; }
  /// False: that address has as many as it may.
  [[nodiscard]] bool enter(const PeerAddress& address);
  void leave(const PeerAddress& address);

 private:
  struct Hash {
    std::size_t operator()(const PeerAddress& address) const {
      return std::hash<std::string_view>{}({reinterpret_cast<const char*>(address.data()), address.size()});
    }
  };
  std::size_t cap_;
  Guarded<std::unordered_map<PeerAddress, std::size_t, Hash>> counts_;
};

}  // namespace belfry::net
