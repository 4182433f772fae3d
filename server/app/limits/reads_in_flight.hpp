// ReadsInFlight: how many reads of the store one user may have open at once, by REST and sockets together. The store has few
// readers and one queue: without a limit, one client that asks faster than it is answered makes everybody's reads fail.
// Thread-safe, and shared by all shards.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/guarded.hpp"
#include "domain/account/user.hpp"

namespace belfry::limits {

class ReadsInFlight {
 public:
  /// Released when the last copy is destroyed, whether the read succeeded or failed.
  using OpenRead = std::shared_ptr<const void>;

  explicit ReadsInFlight(std::uint32_t most) : most_(most) {}  // 0: no limit

  /// nullopt: the user has `most` reads open and must wait for one of them. `reads`: as how many this one counts, at least 1.
  [[nodiscard]] std::optional<OpenRead> enter(account::UserId user, std::uint32_t reads = 1) {
    if (most_ == 0) return OpenRead{};
    auto& stripe = stripes_[UuidHash{}(user) % kStripes];
    const std::uint32_t counted = std::min(reads, most_);  // one must be possible
    const bool free = stripe.with([&](Open& open) { return open[user] + counted <= most_ && (open[user] += counted, true); });
    if (!free) return std::nullopt;
    return OpenRead(this, [&stripe, user, counted](const void*) {
      stripe.with([&](Open& open) {
        if ((open[user] -= counted) == 0) open.erase(user);
      });
    });
  }

 private:
  using Open = boost::unordered_flat_map<account::UserId, std::uint32_t, UuidHash>;
  static constexpr std::size_t kStripes = 16;
  std::uint32_t most_;
  std::array<Guarded<Open>, kStripes> stripes_;
};

}  // namespace belfry::limits
