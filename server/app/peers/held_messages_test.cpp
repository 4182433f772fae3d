// Messages for peers that are not here yet (SPEC W-004-11).
#include "app/peers/held_messages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

using namespace std::chrono_literals;

namespace belfry::peers {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Expired = HeldMessages::Expired;
using Held = HeldMessages::Held;

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

TEST(HeldMessages, WhatOneSenderHasWaitingIsTakenAloneAndDoesNotExpire) {
  HeldMessages held(5s);
  ASSERT_EQ(held.hold("alice", "bob", "1", kStart), Held::yes);
  ASSERT_EQ(held.hold("carol", "bob", "2", kStart), Held::yes);
  EXPECT_THAT(held.take("alice", "bob"), ElementsAre("1"));
  EXPECT_THAT(held.take("alice", "nobody"), IsEmpty());
  EXPECT_THAT(held.expire(kStart + 5s), ElementsAre(Expired{"carol", "bob"}));
  EXPECT_EQ(held.bytes(), 0U);
}

const std::string kLarge(1000, 'x');

TEST(HeldMessages, ASenderHoldsNoMoreThanItsShare) {
  HeldMessages held(5s, {.bytes_of_sender = 2000});
  ASSERT_EQ(held.hold("alice", "bob", kLarge, kStart), Held::yes);
  EXPECT_EQ(held.hold("alice", "carol", kLarge, kStart), Held::no_room);
  EXPECT_EQ(held.hold("dave", "carol", kLarge, kStart), Held::yes);
  EXPECT_THAT(held.take("bob"), ElementsAre(kLarge));
  EXPECT_EQ(held.hold("alice", "carol", kLarge, kStart), Held::yes);
}

TEST(HeldMessages, ForOnePeerNoMoreWaitsThanItCanBeSentAtOnce) {
  HeldMessages held(5s, {.bytes_of_receiver = 2000});
  ASSERT_EQ(held.hold("alice", "bob", kLarge, kStart), Held::yes);
  EXPECT_EQ(held.hold("carol", "bob", kLarge, kStart), Held::no_room);
  EXPECT_EQ(held.hold("carol", "dave", kLarge, kStart), Held::yes);
  EXPECT_THAT(held.expire(kStart + 5s), ElementsAre(Expired{"alice", "bob"}, Expired{"carol", "dave"}));
  EXPECT_EQ(held.hold("carol", "bob", kLarge, kStart + 5s), Held::yes);
}

TEST(HeldMessages, OfAQueueWithOneSendersPartGoneTheRestStillCounts) {
  HeldMessages held(5s, {.bytes_of_receiver = 3000});
  ASSERT_EQ(held.hold("alice", "bob", kLarge, kStart), Held::yes);
  ASSERT_EQ(held.hold("carol", "bob", kLarge, kStart + 1s), Held::yes);
  EXPECT_THAT(held.expire(kStart + 5s), ElementsAre(Expired{"alice", "bob"}));
  EXPECT_EQ(held.hold("dave", "bob", kLarge, kStart + 5s), Held::yes);
  EXPECT_EQ(held.hold("erin", "bob", kLarge, kStart + 5s), Held::no_room);
}

TEST(HeldMessages, AllTogetherHoldNoMoreThanTheShardsShare) {
  HeldMessages held(5s, {.bytes = 2000});
  ASSERT_EQ(held.hold("a", "bob", kLarge, kStart), Held::yes);
  EXPECT_EQ(held.hold("b", "carol", kLarge, kStart), Held::no_room);
}

// Anybody may name ids that nobody has, a new one with each message.
TEST(HeldMessages, AShortMessageCountsWithWhatItCostsToKeepIt) {
  HeldMessages held(5s, {.bytes_of_sender = 2000});
  int kept = 0;
  while (kept < 100 && held.hold("a", std::to_string(kept), "x", kStart) == Held::yes) ++kept;
  EXPECT_LT(kept, 10);
}

}  // namespace
}  // namespace belfry::peers
