// UnheardEnds: what it forgets when there is too much.
#include "app/calls/unheard_ends.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace belfry::calls {
namespace {

constexpr WallTime kNow{1'700'000'000'000};
constexpr std::size_t kMost = UnheardEnds::kMost;

Uuid numbered(std::uint8_t kind, std::size_t number) {
  Uuid id{};
  id[0] = kind;
  for (unsigned byte = 0; byte < 4; ++byte) id[15 - byte] = static_cast<std::uint8_t>(number >> (8 * byte));
  return id;
}
const UserId kAway(numbered(1, 1)), kOften(numbered(1, 2));
store::OutboxEntry an_end(UserId to, std::size_t number) { return {.to = to, .call = CallId(numbered(2, number)), .at = kNow}; }

class EndsWithoutANotice : public ::testing::Test {
 protected:
  /// Each is delivered before the next one comes.
  void deliver(std::size_t ends) {
    for (; ends > 0; --ends) {
      ends_.remember(an_end(kOften, ++number_));
      ASSERT_EQ(ends_.take(kOften, kNow).size(), 1U);
    }
  }
  UnheardEnds ends_;

 private:
  std::size_t number_ = 1'000'000;
};

// Delivered ends counted too, so a busy server forgot ends that were still pending.
TEST_F(EndsWithoutANotice, DeliveredEndsDoNotEvictPendingOnes) {
  ends_.remember(an_end(kAway, 1));
  deliver(kMost);
  EXPECT_EQ(ends_.take(kAway, kNow).size(), 1U);
}

// Nor however much of it there is.
TEST_F(EndsWithoutANotice, PendingEndOutlastsAnyNumberOfDeliveredOnes) {
  ends_.remember(an_end(kAway, 1));
  deliver(2 * kMost + 1);
  EXPECT_EQ(ends_.take(kAway, kNow).size(), 1U);
}

TEST_F(EndsWithoutANotice, OldestEndIsForgottenBeyondTheLimit) {
  ends_.remember(an_end(kAway, 1));
  ends_.remember(an_end(kAway, 2));
  for (std::size_t number = 1; number < kMost; ++number) ends_.remember(an_end(UserId(numbered(1, 2 + number)), 2 + number));
  const auto left = ends_.take(kAway, kNow);
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].call, an_end(kAway, 2).call);
}

}  // namespace
}  // namespace belfry::calls
