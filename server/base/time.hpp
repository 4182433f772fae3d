// Time is an argument: nothing below net/ reads a clock. TimePoint is monotonic and drives every deadline; WallTime is
// what people and other machines read (SPEC X-34: deadlines never jump with the system clock).
#pragma once

#include <chrono>
#include <cstdint>

namespace belfry {

using Duration = std::chrono::nanoseconds;

/// The server's monotonic time line. It has no now() on purpose: net/ reads the real clock, tests make their own.
struct MonotonicTimeLine {
  using duration = Duration;
  using rep = Duration::rep;
  using period = Duration::period;
  using time_point = std::chrono::time_point<MonotonicTimeLine>;
  static constexpr bool is_steady = true;
};
using TimePoint = MonotonicTimeLine::time_point;

/// Milliseconds since 1970-01-01T00:00:00Z. What a duration has below a millisecond is cut off.
struct WallTime {
  std::int64_t unix_ms = 0;
  friend auto operator<=>(const WallTime&, const WallTime&) = default;
  template <class Rep, class Period>
  friend constexpr WallTime operator+(WallTime time, std::chrono::duration<Rep, Period> by) {
    return {time.unix_ms + std::chrono::duration_cast<std::chrono::milliseconds>(by).count()};
  }
  template <class Rep, class Period>
  friend constexpr WallTime operator-(WallTime time, std::chrono::duration<Rep, Period> by) {
    return {time.unix_ms - std::chrono::duration_cast<std::chrono::milliseconds>(by).count()};
  }
  friend constexpr std::chrono::milliseconds operator-(WallTime later, WallTime earlier) {
    return std::chrono::milliseconds{later.unix_ms - earlier.unix_ms};
  }
};

}  // namespace belfry
