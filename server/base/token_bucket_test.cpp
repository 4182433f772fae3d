#include "base/token_bucket.hpp"

#include <gtest/gtest.h>

#include <type_traits>

namespace belfry {
namespace {

using namespace std::chrono_literals;

constexpr RateLimit kThreeAMinute{.max = 3, .window = 60s};

class BucketRefill : public ::testing::Test {
 protected:
  bool take() { return !bucket.take(kThreeAMinute, now).has_value(); }
  TokenBucket bucket;
  TimePoint now{1h};
};

TEST_F(BucketRefill, FullBurstIsAvailableAtOnceAndRefillsOneByOne) {
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(take());
  EXPECT_FALSE(take());
  now += 20s - 1ns;
  EXPECT_FALSE(take());
  now += 1ns;
  EXPECT_TRUE(take());
  EXPECT_FALSE(take());
}

TEST_F(BucketRefill, RefusedRequestIsNotCountedAndIsAdmittedAfterTheGivenWait) {
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(take());
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(take());
  const auto wait = bucket.take(kThreeAMinute, now);
  ASSERT_TRUE(wait.has_value());
  EXPECT_EQ(*wait, 20s + 1ns);
  now += *wait;
  EXPECT_TRUE(take());
}

TEST_F(BucketRefill, IsFullAgainAfterAWindowAndHoldsNoMore) {
  EXPECT_TRUE(bucket.is_full(now));
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(take());
  EXPECT_FALSE(bucket.is_full(now + 59s));
  EXPECT_TRUE(bucket.is_full(now + 60s));
  now += 24h;
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(take());
  EXPECT_FALSE(take());
}

TEST_F(BucketRefill, ZeroIsNoLimit) {
  for (int i = 0; i < 100; ++i) EXPECT_EQ(bucket.take({.max = 0}, now), std::nullopt);
}

TEST(TokenBucket, IsSmallSinceEachSessionHasTwo) {
  EXPECT_EQ(sizeof(TokenBucket), 16U);
  EXPECT_TRUE(std::is_trivially_copyable_v<TokenBucket>) << "it travels between shards with its session";
}

}  // namespace
}  // namespace belfry
