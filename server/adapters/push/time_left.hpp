// How much time is left of a try. PUSH_TIMEOUT_MS (SPEC J-6.6) is for all requests of a try together: FCM may need four of them,
// and a try must end before the claim of its outbox entry lapses, or another server makes one too (app/outbox/worker.hpp).
#pragma once

#include <algorithm>
#include <chrono>

#include "base/time.hpp"

namespace belfry::push {

class TimeLeft {
 public:
  TimeLeft() = default;
  TimeLeft(WallTime began, Duration all) : began_(began), all_(all) {}
  /// Never negative, and never more than a whole try, however the clock was set.
  [[nodiscard]] Duration at(WallTime now) const {
    const Duration passed = std::chrono::milliseconds{now.unix_ms - began_.unix_ms};
    return std::clamp(all_ - passed, Duration{}, all_);
  }

 private:
  WallTime began_{};
  Duration all_{};
};

}  // namespace belfry::push
