// What each peer address may have: so many connections open at a time, and so many new ones within a window (SPEC C-02,
// `connect`), over all shards. The second is a token bucket: a burst of `arrivals`, then as many as the window gives back. IPv6
// peers are counted by /64, because one host commands a whole one and could otherwise never reach a limit. Thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>

#include "base/guarded.hpp"
#include "base/time.hpp"
#include "base/token_bucket.hpp"
#include "protocol/link.hpp"

namespace belfry::net {

using PeerAddress = std::array<std::uint8_t, 16>;  // IPv4 as ::ffff:a.b.c.d

struct AddressLimits {
  std::size_t open = 0;      // 0: no limit
  std::size_t arrivals = 0;  // 0: no limit
  Duration window = std::chrono::minutes{1};
};

class AddressCensus {
 public:
  enum class Verdict : std::uint8_t { admitted, too_many_open, too_many_arrivals };

  explicit AddressCensus(AddressLimits limits)
      : limits_(limits),
        arrivals_{.max = static_cast<std::uint32_t>(limits.arrivals), .window = limits.window} {}
  [[nodiscard]] bool on() const { return limits_.open != 0 || limits_.arrivals != 0; }
  /// Counted only if admitted.
  [[nodiscard]] Verdict enter(const PeerAddress& address, TimePoint now);
  void leave(const PeerAddress& address);
  /// One more that arrives within a connection which is open: an Engine.IO session opened by polling, of which one connection can
  /// carry any number. Zero: it is admitted and counted; else how long until one will be.
  [[nodiscard]] Duration arrive(const PeerAddress& address, TimePoint now);
  /// How many addresses are remembered: those with connections, and those whose bucket is not full again.
  [[nodiscard]] std::size_t remembered();

 private:
  struct Hash {
    std::size_t operator()(const PeerAddress& address) const {
      return std::hash<std::string_view>{}({reinterpret_cast<const char*>(address.data()), address.size()});
    }
  };
  struct Entry {
    std::size_t open = 0;
    TokenBucket arrivals;
  };
  struct Addresses {
    std::unordered_map<PeerAddress, Entry, Hash> entries;
    std::size_t sweep_above = 1024;
  };

  void sweep(Addresses& addresses, TimePoint now) const;

  AddressLimits limits_;
  RateLimit arrivals_;
  Guarded<Addresses> addresses_;
};

}  // namespace belfry::net
