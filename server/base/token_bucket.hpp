// TokenBucket: a burst of `max` at once, then as many as the window gives back, one by one. For what comes in bursts and then
// falls silent, as a browser's ICE candidates do. Sixteen bytes and trivially copyable, since each session and each peer address
// has one. Not here: "at most so many within any window" (app/limits/sliding_window.hpp).
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

#include "base/time.hpp"

namespace belfry {

/// `max` within `window`.
struct RateLimit {
  std::uint32_t max = 0;  // 0: no limit
  Duration window = std::chrono::minutes{1};
};

class TokenBucket {
 public:
  /// None: one is taken. Else none is, and this is how long until there is one.
  [[nodiscard]] std::optional<Duration> take(const RateLimit& limit, TimePoint now) {
    if (limit.max == 0) return std::nullopt;
    const Duration then = owed(now) + limit.window / static_cast<std::int64_t>(limit.max);
    if (then > limit.window) return then - limit.window + kTick;
    owed_ = then;
    since_ = now;
    return std::nullopt;
  }
  [[nodiscard]] bool is_full(TimePoint now) const { return owed(now) == Duration{0}; }

 private:
  // More than the exact time, by the least there is: who comes at its very end may be early by another clock.
  static constexpr Duration kTick{1};

  [[nodiscard]] Duration owed(TimePoint now) const { return std::max(Duration{0}, owed_ - (now - since_)); }

  Duration owed_{};  // how long until it is full again, as of `since_`
  TimePoint since_{};
};

}  // namespace belfry
