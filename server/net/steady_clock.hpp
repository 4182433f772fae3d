// The real clock of one shard. It moves only when the reactor says so, once per batch, so that everything in a batch agrees
// on "now". No other clock decides anything about clients and calls (ARCHITECTURE 3.7). Two adapters
// use the system's time for themselves: adapters/postgres has a timer for each question, adapters/logging stamps records.
#pragma once

#include <chrono>

#include "base/clock.hpp"

namespace belfry::net {

class SteadyClock final : public Clock {
 public:
  SteadyClock() { move(); }
  [[nodiscard]] TimePoint now() const override { return now_; }
  [[nodiscard]] WallTime wall() const override { return wall_; }

  void move() {
    using std::chrono::milliseconds;
    now_ = read();
    wall_ = {std::chrono::duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count()};
  }

  /// The machine's time right now. For computing how long to sleep: a batch may have taken milliseconds.
  [[nodiscard]] static TimePoint read() { return TimePoint(std::chrono::steady_clock::now().time_since_epoch()); }

 private:
  TimePoint now_{};
  WallTime wall_{};
};

}  // namespace belfry::net
