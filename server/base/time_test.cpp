#include "base/time.hpp"

#include <gtest/gtest.h>

namespace belfry {

using namespace std::chrono_literals;

constexpr WallTime kNoon{1'700'000'000'000};

TEST(WallTime, MovesByADurationOfAnyUnit) {
  EXPECT_EQ(kNoon + 250ms, (WallTime{1'700'000'000'250}));
  EXPECT_EQ(kNoon + 2min, (WallTime{1'700'000'120'000}));
  EXPECT_EQ(kNoon - 1h, (WallTime{1'699'996'400'000}));
  EXPECT_EQ(kNoon + Duration{3s}, kNoon - Duration{-3s});
}

TEST(WallTime, CutsOffWhatADurationHasBelowAMillisecond) {
  EXPECT_EQ(kNoon + 1'999us, kNoon + 1ms);
  EXPECT_EQ(kNoon - 1'999us, kNoon - 1ms);
  EXPECT_EQ(kNoon + -999'999ns, kNoon);
}

TEST(WallTime, DifferenceOfTwoIsADuration) {
  EXPECT_EQ((kNoon + 90s) - kNoon, 90s);
  EXPECT_EQ(kNoon - (kNoon + 5ms), -5ms);
  static_assert(kNoon - WallTime{} == std::chrono::milliseconds{kNoon.unix_ms});
}

}  // namespace belfry
