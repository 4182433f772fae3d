// SPEC K38, K40.
#include "domain/chat/receipts.hpp"

#include <gtest/gtest.h>

#include "domain/chat/typing.hpp"

namespace belfry::chat {
namespace {

using namespace std::chrono_literals;

TEST(Receipts, PointersOnlyGoForward) {
  const Pointers before{.read = 4, .delivered = 6};
  for (const auto what : {Receipt::read, Receipt::delivered}) EXPECT_EQ(advanced(before, what, 3, 9), before);
  EXPECT_EQ(advanced(before, Receipt::delivered, 7, 9), (Pointers{4, 7}));
  EXPECT_EQ(advanced(before, Receipt::read, 5, 9), (Pointers{5, 6}));
}

TEST(Receipts, WhatWasReadWasDelivered) { EXPECT_EQ(advanced({4, 6}, Receipt::read, 8, 9), (Pointers{8, 8})); }

TEST(Receipts, BeyondTheNewestMeansTheNewest) { EXPECT_EQ(advanced({4, 6}, Receipt::read, 1'000, 9), (Pointers{9, 9})); }

class TypingTest : public ::testing::Test {
 protected:
  static Uuid id(std::uint8_t number) {
    Uuid bytes{};
    bytes[15] = number;
    return bytes;
  }
  const ConversationId room_{id(1)}, other_room_{id(2)};
  const UserId ann_{id(3)}, bob_{id(4)}, cid_{id(5)};
  const TimePoint now_ = TimePoint{} + 100s;
  Typing typing_;
};

TEST_F(TypingTest, GoesOnWithoutBeingToldAgainAndEndsAfterTheLastSign) {
  EXPECT_FALSE(typing_.go_on(room_, ann_, now_));
  typing_.start(room_, ann_, {bob_}, now_);
  EXPECT_TRUE(typing_.go_on(room_, ann_, now_ + 4s));
  EXPECT_FALSE(typing_.go_on(other_room_, ann_, now_ + 4s));
  EXPECT_EQ(typing_.next_expiry(), now_ + 9s);
  EXPECT_TRUE(typing_.take_expired(now_ + 8s).empty());
  const auto ends = typing_.take_expired(now_ + 9s);
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].user, ann_);
  EXPECT_EQ(ends[0].others, std::vector{bob_});
  EXPECT_EQ(typing_.next_expiry(), std::nullopt);
}

TEST_F(TypingTest, StopsOnce) {
  typing_.start(room_, ann_, {bob_}, now_);
  EXPECT_EQ(typing_.stop(room_, ann_)->others, std::vector{bob_});
  EXPECT_FALSE(typing_.stop(room_, ann_).has_value());
}

TEST_F(TypingTest, WhoLeftNeitherTypesNorIsTold) {
  typing_.start(room_, ann_, {bob_, cid_}, now_);
  typing_.start(room_, bob_, {ann_, cid_}, now_);
  EXPECT_EQ(typing_.leave(room_, bob_).value_or(TypingEnd{}).others, (std::vector{ann_, cid_}));
  EXPECT_FALSE(typing_.leave(room_, bob_).has_value());
  const auto ends = typing_.take_expired(now_ + 5s);
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].others, std::vector{cid_});
}

TEST_F(TypingTest, ConversationThatEndedHasNobodyTyping) {
  typing_.start(room_, ann_, {bob_}, now_);
  typing_.start(other_room_, ann_, {bob_}, now_);
  typing_.end(room_);
  EXPECT_EQ(typing_.take_expired(now_ + 5s).size(), 1U);
}

}  // namespace
}  // namespace belfry::chat
