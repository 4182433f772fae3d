// StartLimiter: at most `max` call starts of one user within any `window` (SPEC R-001-89, R-003-47). Exact, not a token bucket:
// "five a minute" means that the sixth within sixty seconds is refused. Shared by all shards, for a user's sessions may lie on
// several, and its dialects count together (R-001-90). Thread-safe.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "app/calls/actor.hpp"
#include "base/guarded.hpp"
#include "base/time.hpp"

namespace belfry::calls {

class StartLimiter {
 public:
  struct Settings {
    std::uint32_t max = 0;  // 0 is off
    Duration window = std::chrono::minutes{1};
  };
  explicit StartLimiter(Settings settings) : settings_(settings) {}

  /// None: admitted and counted. Else when to come back; that try was not counted.
  [[nodiscard]] std::optional<Duration> refuse(UserId user, TimePoint now);
  /// How a user stands, for those who are told (RateLimit-* headers). `limit` 0: not limited.
  struct RateLimitStatus {
    std::uint32_t limit = 0;
    std::uint32_t remaining = 0;
    Duration reset{};  // until one more is free
  };
  [[nodiscard]] RateLimitStatus status(UserId user, TimePoint now);
  void forget_all();

 private:
  struct Stripe {
    boost::unordered_flat_map<UserId, std::vector<TimePoint>, UuidHash> recent;
    std::size_t sweep_above = 1024;
  };
  void sweep(Stripe& stripe, TimePoint now) const;

  static constexpr std::size_t kStripes = 16;
  Settings settings_;
  std::array<Guarded<Stripe>, kStripes> stripes_;
};

}  // namespace belfry::calls
