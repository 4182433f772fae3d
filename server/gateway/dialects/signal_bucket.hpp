// SignalBucket: how many signals one session may send (SPEC C-02 `signal`). A token bucket, because a browser gathers its ICE
// candidates in bursts and then falls silent: the whole allowance at once is fine, the same rate for long is not. Sixteen
// bytes, since each session has one.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "base/time.hpp"

namespace belfry::gateway {

struct SignalLimit {
  std::uint32_t max = 200;  // 0 is off
  Duration window = std::chrono::seconds{10};
};

struct SignalBucket {
  double used = 0;
  TimePoint at{};

  /// None: admitted. Else how long until one is.
  [[nodiscard]] std::optional<Duration> refuse(const SignalLimit& limit, TimePoint now) {
    if (limit.max == 0) return std::nullopt;
    const auto one = static_cast<double>(limit.window.count()) / limit.max;
    used = std::max(0.0, used - static_cast<double>((now - at).count()) / one);
    at = now;
    if (used + 1.0 > limit.max) return Duration(static_cast<Duration::rep>((used + 1.0 - limit.max) * one) + 1);
    used += 1.0;
    return std::nullopt;
  }
};

}  // namespace belfry::gateway
