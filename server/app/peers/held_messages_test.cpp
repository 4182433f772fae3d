// Messages for peers that are not here yet (SPEC W-004-11).
#include "app/peers/held_messages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace belfry::peers {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Expired = HeldMessages::Expired;
using Held = HeldMessages::Held;
using std::chrono_literals::operator""s;

constexpr TimePoint kStart{Duration{1'000'000'000}};

TEST(HeldMessages, APeerGetsWhatWaitedForItInTheOrderOfItsArrival) {
  HeldMessages held(5s);
  ASSERT_EQ(held.hold("alice", "bob", "1", kStart), Held::yes);
  ASSERT_EQ(held.hold("carol", "bob", "2", kStart), Held::yes);
  ASSERT_EQ(held.hold("alice", "bob", "3", kStart + 1s), Held::yes);
  ASSERT_EQ(held.hold("alice", "dave", "4", kStart), Held::yes);
  EXPECT_THAT(held.take("bob"), ElementsAre("1", "2", "3"));
  EXPECT_THAT(held.take("bob"), IsEmpty());
}

TEST(HeldMessages, AllOfOneSenderExpireTogetherAndAreReportedOnce) {
  HeldMessages held(5s);
  ASSERT_EQ(held.hold("alice", "bob", "offer", kStart), Held::yes);
  ASSERT_EQ(held.hold("alice", "bob", "candidate", kStart + 4s), Held::yes);
  EXPECT_EQ(held.next_deadline(), kStart + 5s);
  EXPECT_THAT(held.expire(kStart + 5s - Duration{1}), IsEmpty());
  EXPECT_THAT(held.expire(kStart + 5s), ElementsAre(Expired{"alice", "bob"}));
  EXPECT_EQ(held.next_deadline(), TimePoint::max());
  EXPECT_EQ(held.bytes(), 0U);
}

TEST(HeldMessages, EachSenderHasItsOwnWait) {
  HeldMessages held(5s);
  ASSERT_EQ(held.hold("alice", "bob", "1", kStart), Held::yes);
  ASSERT_EQ(held.hold("carol", "bob", "2", kStart + 3s), Held::yes);
  EXPECT_THAT(held.expire(kStart + 5s), ElementsAre(Expired{"alice", "bob"}));
  EXPECT_THAT(held.take("bob"), ElementsAre("2"));
}

TEST(HeldMessages, AWaitOfAQueueThatWasTakenDoesNotEndALaterOne) {
  HeldMessages held(5s);
  ASSERT_EQ(held.hold("alice", "bob", "1", kStart), Held::yes);
  EXPECT_THAT(held.take("bob"), ElementsAre("1"));
  ASSERT_EQ(held.hold("alice", "bob", "2", kStart + 4s), Held::yes);
  EXPECT_THAT(held.expire(kStart + 5s), IsEmpty());
  EXPECT_THAT(held.expire(kStart + 9s), ElementsAre(Expired{"alice", "bob"}));
}

TEST(HeldMessages, ASenderHoldsNoMoreThanItsShare) {
  HeldMessages held(5s, {.bytes_of_sender = 20, .bytes = 1000});
  ASSERT_EQ(held.hold("alice", "bob", "0123456789", kStart), Held::yes);  // with the sender's id 15 bytes
  EXPECT_EQ(held.hold("alice", "carol", "0123456789", kStart), Held::no_room);
  EXPECT_EQ(held.hold("dave", "carol", "0123456789", kStart), Held::yes);
  EXPECT_THAT(held.take("bob"), ElementsAre("0123456789"));
  EXPECT_EQ(held.hold("alice", "carol", "0123456789", kStart), Held::yes);
}

TEST(HeldMessages, AllTogetherHoldNoMoreThanTheShardsShare) {
  HeldMessages held(5s, {.bytes_of_sender = 100, .bytes = 20});
  ASSERT_EQ(held.hold("a", "bob", "0123456789", kStart), Held::yes);
  EXPECT_EQ(held.hold("b", "bob", "0123456789", kStart), Held::no_room);
}

}  // namespace
}  // namespace belfry::peers
