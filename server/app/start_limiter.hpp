// StartLimiter: at most `max` call starts of one user within any `window` (SPEC R-003-47). Exact, not a token bucket: "five
// a minute" means that the sixth within sixty seconds is refused. Shared by all shards, for a user's sessions may lie on
// several. Thread-safe.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/guarded.hpp"
#include "base/time.hpp"

namespace belfry::app {

class StartLimiter {
 public:
  struct Settings {
    std::uint32_t max = 0;  // 0 is off
    Duration window = std::chrono::minutes{1};
  };
  explicit StartLimiter(Settings settings) : settings_(settings) {}

  /// Counts the start and answers true, or answers false and does not count it.
  [[nodiscard]] bool admit(std::string_view user, TimePoint now);

 private:
  struct NameHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const noexcept { return std::hash<std::string_view>{}(name); }
  };
  struct Stripe {
    boost::unordered_flat_map<std::string, std::vector<TimePoint>, NameHash, std::equal_to<>> recent;
    std::size_t sweep_above = 1024;
  };
  void sweep(Stripe& stripe, TimePoint now) const;

  static constexpr std::size_t kStripes = 16;
  Settings settings_;
  std::array<Guarded<Stripe>, kStripes> stripes_;
};

}  // namespace belfry::app
