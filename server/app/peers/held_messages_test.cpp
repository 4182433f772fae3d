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

Owner user(std::string name) { return {std::move(name), false}; }
Owner stranger(std::string name) { return {std::move(name), true}; }

TEST(HeldMessages, APeerGetsWhatWaitedForItInTheOrderOfItsArrival) {
  HeldMessages held(5s);
  ASSERT_EQ(held.hold("alice", user("alice"), "bob", "1", kStart), Held::yes);
  ASSERT_EQ(held.hold("carol", user("carol"), "bob", "2", kStart), Held::yes);
  ASSERT_EQ(held.hold("alice", user("alice"), "bob", "3", kStart + 1s), Held::yes);
  ASSERT_EQ(held.hold("alice", user("alice"), "dave", "4", kStart), Held::yes);
  EXPECT_THAT(held.take("bob"), ElementsAre("1", "2", "3"));
  EXPECT_THAT(held.take("bob"), IsEmpty());
}

TEST(HeldMessages, AllOfOneSenderExpireTogetherAndAreReportedOnce) {
  HeldMessages held(5s);
  ASSERT_EQ(held.hold("alice", user("alice"), "bob", "offer", kStart), Held::yes);
  ASSERT_EQ(held.hold("alice", user("alice"), "bob", "candidate", kStart + 4s), Held::yes);
  EXPECT_EQ(held.next_deadline(), kStart + 5s);
  EXPECT_THAT(held.expire(kStart + 5s - Duration{1}), IsEmpty());
  EXPECT_THAT(held.expire(kStart + 5s), ElementsAre(Expired{"alice", "bob"}));
  EXPECT_EQ(held.next_deadline(), TimePoint::max());
  EXPECT_EQ(held.bytes(), 0U);
}

TEST(HeldMessages, EachSenderHasItsOwnWait) {
  HeldMessages held(5s);
  ASSERT_EQ(held.hold("alice", user("alice"), "bob", "1", kStart), Held::yes);
  ASSERT_EQ(held.hold("carol", user("carol"), "bob", "2", kStart + 3s), Held::yes);
  EXPECT_THAT(held.expire(kStart + 5s), ElementsAre(Expired{"alice", "bob"}));
  EXPECT_THAT(held.take("bob"), ElementsAre("2"));
}

TEST(HeldMessages, AWaitOfAQueueThatWasTakenDoesNotEndALaterOne) {
  HeldMessages held(5s);
  ASSERT_EQ(held.hold("alice", user("alice"), "bob", "1", kStart), Held::yes);
  EXPECT_THAT(held.take("bob"), ElementsAre("1"));
  ASSERT_EQ(held.hold("alice", user("alice"), "bob", "2", kStart + 4s), Held::yes);
  EXPECT_THAT(held.expire(kStart + 5s), IsEmpty());
  EXPECT_THAT(held.expire(kStart + 9s), ElementsAre(Expired{"alice", "bob"}));
}

TEST(HeldMessages, WhatOneSenderHasWaitingIsTakenAloneAndDoesNotExpire) {
  HeldMessages held(5s);
  ASSERT_EQ(held.hold("alice", user("alice"), "bob", "1", kStart), Held::yes);
  ASSERT_EQ(held.hold("carol", user("carol"), "bob", "2", kStart), Held::yes);
  EXPECT_THAT(held.take("alice", "bob"), ElementsAre("1"));
  EXPECT_THAT(held.take("alice", "nobody"), IsEmpty());
  EXPECT_THAT(held.expire(kStart + 5s), ElementsAre(Expired{"carol", "bob"}));
  EXPECT_EQ(held.bytes(), 0U);
}

const std::string kLarge(1000, 'x');

TEST(HeldMessages, ASenderHoldsNoMoreThanItsShare) {
  HeldMessages held(5s, {.bytes_of_owner = 2000});
  ASSERT_EQ(held.hold("alice", user("alice"), "bob", kLarge, kStart), Held::yes);
  EXPECT_EQ(held.hold("alice", user("alice"), "carol", kLarge, kStart), Held::no_room);
  EXPECT_EQ(held.hold("dave", user("dave"), "carol", kLarge, kStart), Held::yes);
  EXPECT_THAT(held.take("bob"), ElementsAre(kLarge));
  EXPECT_EQ(held.hold("alice", user("alice"), "carol", kLarge, kStart), Held::yes);
}

TEST(HeldMessages, NobodyFillsTheRoomOfAPeerAloneHoweverManyPeersTheyHave) {
  HeldMessages held(5s, {.bytes_of_owner_for_one = 3000});
  ASSERT_EQ(held.hold("alice-1", user("alice"), "bob", kLarge, kStart), Held::yes);
  ASSERT_EQ(held.hold("alice-2", user("alice"), "bob", kLarge, kStart), Held::yes);
  EXPECT_EQ(held.hold("alice-3", user("alice"), "bob", kLarge, kStart), Held::no_room);
  EXPECT_EQ(held.hold("alice-3", user("alice"), "carol", kLarge, kStart), Held::yes);
  EXPECT_EQ(held.hold("dave", user("dave"), "bob", kLarge, kStart), Held::yes);
  EXPECT_THAT(held.expire(kStart + 5s), ::testing::SizeIs(4));
  EXPECT_EQ(held.hold("alice-3", user("alice"), "bob", kLarge, kStart + 5s), Held::yes);
}

TEST(HeldMessages, StrangersLeaveHalfOfTheRoomToUsers) {
  HeldMessages held(5s, {.bytes_of_receiver = 6000});
  ASSERT_EQ(held.hold("a", stranger("a"), "bob", kLarge, kStart), Held::yes);
  ASSERT_EQ(held.hold("b", stranger("b"), "bob", kLarge, kStart), Held::yes);
  EXPECT_EQ(held.hold("c", stranger("c"), "bob", kLarge, kStart), Held::no_room);
  EXPECT_EQ(held.hold("dave", user("dave"), "bob", kLarge, kStart), Held::yes);
  EXPECT_EQ(held.hold("c", stranger("c"), "carol", kLarge, kStart), Held::yes);
  EXPECT_THAT(held.take("a", "bob"), ElementsAre(kLarge));
  EXPECT_EQ(held.hold("c", stranger("c"), "bob", kLarge, kStart), Held::yes);
}

TEST(HeldMessages, StrangersLeaveHalfOfTheShardsRoomToUsers) {
  HeldMessages held(5s, {.bytes = 4000});
  ASSERT_EQ(held.hold("a", stranger("a"), "bob", kLarge, kStart), Held::yes);
  EXPECT_EQ(held.hold("b", stranger("b"), "carol", kLarge, kStart), Held::no_room);
  EXPECT_EQ(held.hold("dave", user("dave"), "carol", kLarge, kStart), Held::yes);
}

TEST(HeldMessages, ForOnePeerNoMoreWaitsThanItCanBeSentAtOnce) {
  HeldMessages held(5s, {.bytes_of_receiver = 2000});
  ASSERT_EQ(held.hold("alice", user("alice"), "bob", kLarge, kStart), Held::yes);
  EXPECT_EQ(held.hold("carol", user("carol"), "bob", kLarge, kStart), Held::no_room);
  EXPECT_EQ(held.hold("carol", user("carol"), "dave", kLarge, kStart), Held::yes);
  EXPECT_THAT(held.expire(kStart + 5s), ElementsAre(Expired{"alice", "bob"}, Expired{"carol", "dave"}));
  EXPECT_EQ(held.hold("carol", user("carol"), "bob", kLarge, kStart + 5s), Held::yes);
}

TEST(HeldMessages, OfAQueueWithOneSendersPartGoneTheRestStillCounts) {
  HeldMessages held(5s, {.bytes_of_receiver = 3000});
  ASSERT_EQ(held.hold("alice", user("alice"), "bob", kLarge, kStart), Held::yes);
  ASSERT_EQ(held.hold("carol", user("carol"), "bob", kLarge, kStart + 1s), Held::yes);
  EXPECT_THAT(held.expire(kStart + 5s), ElementsAre(Expired{"alice", "bob"}));
  EXPECT_EQ(held.hold("dave", user("dave"), "bob", kLarge, kStart + 5s), Held::yes);
  EXPECT_EQ(held.hold("erin", user("erin"), "bob", kLarge, kStart + 5s), Held::no_room);
}

TEST(HeldMessages, AllTogetherHoldNoMoreThanTheShardsShare) {
  HeldMessages held(5s, {.bytes = 2000});
  ASSERT_EQ(held.hold("a", user("a"), "bob", kLarge, kStart), Held::yes);
  EXPECT_EQ(held.hold("b", user("b"), "carol", kLarge, kStart), Held::no_room);
}

// Anybody may name ids that nobody has, a new one with each message.
TEST(HeldMessages, AShortMessageCountsWithWhatItCostsToKeepIt) {
  HeldMessages held(5s, {.bytes_of_owner = 2000});
  int kept = 0;
  while (kept < 100 && held.hold("a", user("a"), std::to_string(kept), "x", kStart) == Held::yes) ++kept;
  EXPECT_LT(kept, 10);
}

}  // namespace
}  // namespace belfry::peers
