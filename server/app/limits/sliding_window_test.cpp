#include "app/limits/sliding_window.hpp"

#include <gtest/gtest.h>

#include "domain/account/user.hpp"

namespace belfry::limits {
namespace {

using namespace std::chrono_literals;
using account::UserId;
using Starts = SlidingWindow<UserId, UuidHash>;

UserId user(std::uint8_t number) {
  Uuid id{};
  id[15] = number;
  return UserId(id);
}

class EventsInAWindow : public ::testing::Test {
 protected:
  bool admitted() { return !limiter.take(user(1), now).wait.has_value(); }
  Starts limiter{{.max = 3, .window = 60s}};
  TimePoint now{1h};
};

// R-001-89: exact, no bucket that fills by and by.
TEST_F(EventsInAWindow, RefusesTheNextRequestUntilTheOldestLeavesTheWindow) {
  ASSERT_TRUE(admitted());
  now += 10s;
  ASSERT_TRUE(admitted());
  ASSERT_TRUE(admitted());
  EXPECT_EQ(limiter.take(user(1), now).wait, 50s);
  now += 50s - 1ns;
  EXPECT_EQ(limiter.take(user(1), now).wait, 1ns);
  now += 1ns;
  EXPECT_TRUE(admitted());
  EXPECT_FALSE(admitted());
}

TEST_F(EventsInAWindow, RefusedRequestsAreNotCounted) {
  for (int start = 0; start < 3; ++start) ASSERT_TRUE(admitted());
  now += 59s;
  for (int tries = 0; tries < 10; ++tries) EXPECT_FALSE(admitted());
  now += 1s;
  EXPECT_TRUE(admitted());
}

TEST_F(EventsInAWindow, CountsEachUserSeparately) {
  for (int start = 0; start < 3; ++start) ASSERT_TRUE(admitted());
  EXPECT_EQ(limiter.take(user(2), now).wait, std::nullopt);
}

TEST_F(EventsInAWindow, ReportsTheStatusOfAUserWithoutCounting) {
  EXPECT_EQ(limiter.status(user(1), now).remaining, 3U);
  ASSERT_TRUE(admitted());
  now += 20s;
  ASSERT_TRUE(admitted());
  const auto status = limiter.status(user(1), now);
  EXPECT_EQ(status.limit, 3U);
  EXPECT_EQ(status.remaining, 1U);
  EXPECT_EQ(status.reset, 40s);
  now += 2min;
  EXPECT_EQ(limiter.status(user(1), now).remaining, 3U);
  EXPECT_EQ(limiter.status(user(1), now).reset, 0s);
}

TEST_F(EventsInAWindow, RefusalReportsTheSameStatus) {
  for (int start = 0; start < 3; ++start) ASSERT_TRUE(admitted());
  now += 20s;
  const auto refused = limiter.take(user(1), now);
  EXPECT_EQ(refused.limit, 3U);
  EXPECT_EQ(refused.remaining, 0U);
  EXPECT_EQ(refused.reset, 40s);
  EXPECT_EQ(refused.wait, refused.reset);
}

TEST_F(EventsInAWindow, ForgetsAUserOnRequest) {
  for (int start = 0; start < 3; ++start) ASSERT_TRUE(admitted());
  limiter.forget_all();
  EXPECT_TRUE(admitted());
}

TEST(SlidingWindowOfUsers, UseThatWasNoneIsTakenBack) {
  Starts limiter{{.max = 2, .window = 60s}};
  limiter.give_back(user(1));
  EXPECT_EQ(limiter.take(user(1), TimePoint{}).remaining, 1U);
  limiter.give_back(user(1));
  EXPECT_EQ(limiter.take(user(1), TimePoint{} + 1s).remaining, 1U);
  EXPECT_EQ(limiter.take(user(1), TimePoint{} + 2s).remaining, 0U);
  limiter.give_back(user(1));
  EXPECT_EQ(limiter.take(user(1), TimePoint{} + 3s).wait, std::nullopt);
  EXPECT_NE(limiter.take(user(1), TimePoint{} + 4s).wait, std::nullopt);
}

TEST(SlidingWindowOfUsers, ZeroIsNoLimit) {
  Starts limiter{{.max = 0}};
  for (int start = 0; start < 100; ++start) EXPECT_EQ(limiter.take(user(1), TimePoint{}).wait, std::nullopt);
  EXPECT_EQ(limiter.status(user(1), TimePoint{}).limit, 0U);
}

// The sweep removes only keys that have nothing counted any more.
TEST(SlidingWindowOfUsers, SweepKeepsUsersWithCountedRequests) {
  Starts limiter{{.max = 1, .window = 60s}};
  const auto numbered = [](std::uint32_t number) {
    Uuid id{};
    for (std::size_t byte = 0; byte < 4; ++byte) id[12 + byte] = static_cast<std::uint8_t>(number >> (8 * byte));
    return UserId(id);
  };
  constexpr std::uint32_t kUsers = 40'000;  // above what sixteen stripes keep without sweeping
  TimePoint now{};
  for (std::uint32_t number = 0; number < kUsers; ++number, now += 5ms)
    ASSERT_EQ(limiter.take(numbered(number), now).wait, std::nullopt);
  constexpr std::uint32_t kStillCounted = kUsers - 60'000 / 5 + 1;
  for (std::uint32_t number = kStillCounted; number < kUsers; number += 100)
    EXPECT_NE(limiter.take(numbered(number), now).wait, std::nullopt);
  EXPECT_EQ(limiter.take(numbered(0), now).wait, std::nullopt);
}

}  // namespace
}  // namespace belfry::limits
