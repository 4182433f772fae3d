// VirtualClock: the domain's time under `--virtual-time` (SPEC 0): it stands still until POST /test/clock/advance moves it. Wall
// and monotonic time move together. Transport heartbeats and connect time-outs keep the real clock. Any thread reads; the
// TimeMachine writes.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "base/clock.hpp"

namespace belfry {

class VirtualClock final : public Clock {
 public:
  explicit VirtualClock(WallTime start) : start_(start) {}
  [[nodiscard]] TimePoint now() const override { return TimePoint(Duration(kEpoch + passed_.load())); }
  [[nodiscard]] WallTime wall() const override { return start_ + Duration(passed_.load()); }
  void move_to(TimePoint now) { passed_.store(now.time_since_epoch().count() - kEpoch); }

 private:
  // Not zero: a grace or a window that began before the start must still have a valid time.
  static constexpr Duration::rep kEpoch = std::chrono::duration_cast<Duration>(std::chrono::hours{24 * 365}).count();

  WallTime start_;
  std::atomic<Duration::rep> passed_{0};
};

}  // namespace belfry
