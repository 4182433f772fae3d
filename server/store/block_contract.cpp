// The contract of ConversationStore: blocks between two users (SPEC J-1.7, K45).

#include <gtest/gtest.h>

#include <vector>

#include "store/contract_suite.hpp"
#include "store/conversation_store.hpp"

namespace belfry::store::testing {
namespace {

class BlockContract : public FourUsersContract {
 protected:
  bool block(UserId user, UserId other) {
    return found<bool>([&](auto done) { world_.conversations().block(user, other, at(1), done); });
  }
  void unblock(UserId user, UserId other) {
    found<void>([&](auto done) { world_.conversations().unblock(user, other, done); });
  }
  std::vector<UserId> blocked_among(UserId user, std::vector<UserId> others) {
    return found<std::vector<UserId>>([&](auto done) { world_.conversations().blocked_among(user, others, done); });
  }
  std::vector<UserId> blocked_by(UserId user, std::vector<UserId> others) {
    return found<std::vector<UserId>>([&](auto done) { world_.conversations().blocked_by(user, others, done); });
  }
  std::vector<UserId> blocks_of(UserId user) {
    return found<std::vector<UserId>>([&](auto done) { world_.conversations().blocks_of(user, done); });
  }
  bool blocked(UserId one, UserId other) { return !blocked_among(one, {other}).empty(); }
};

INSTANTIATE_TEST_SUITE_P(Stores, BlockContract, ::testing::ValuesIn(stores_under_test()), name_of);

// J-1.7
TEST_P(BlockContract, BlockCountsInBothDirectionsUntilItIsTakenBack) {
  EXPECT_FALSE(blocked(alice, bob));
  EXPECT_TRUE(block(alice, bob));
  EXPECT_TRUE(block(alice, bob)) << "a repeat changes nothing";
  EXPECT_TRUE(blocked(alice, bob));
  EXPECT_TRUE(blocked(bob, alice));
  EXPECT_FALSE(blocked(alice, carol));
  EXPECT_FALSE(block(alice, user_id(99)));
  unblock(bob, alice);  // bob has not blocked alice
  EXPECT_TRUE(blocked(alice, bob));
  unblock(alice, bob);
  EXPECT_FALSE(blocked(alice, bob));
}

// J-1.7
TEST_P(BlockContract, BlocksOfOneUserWithManyAreFoundTogether) {
  block(alice, dan);
  block(bob, alice);
  block(carol, dan);
  EXPECT_EQ(blocked_among(alice, {dan, carol, bob}), (std::vector{dan, bob})) << "in the order of the question";
  EXPECT_EQ(blocked_among(alice, {bob, carol, dan}), (std::vector{bob, dan}));
  EXPECT_TRUE(blocked_among(bob, {carol, dan}).empty());
  EXPECT_TRUE(blocked_among(alice, {}).empty());
}

// J-1.7: nobody learns who has blocked them.
TEST_P(BlockContract, WhomAUserBlocksIsFoundWithoutThoseWhoBlockThem) {
  block(alice, dan);
  block(bob, alice);
  block(alice, carol);
  block(carol, alice);
  EXPECT_EQ(blocked_by(alice, {dan, bob, carol, dan}), (std::vector{carol, dan}));
  EXPECT_EQ(blocked_by(alice, {bob, dan}), (std::vector{dan}));
  EXPECT_EQ(blocked_by(dan, {alice, bob, carol}), (std::vector<UserId>{}));
  EXPECT_EQ(blocked_by(alice, {}), (std::vector<UserId>{}));
  unblock(alice, dan);
  EXPECT_EQ(blocked_by(alice, {dan}), (std::vector<UserId>{}));
}

// K45
TEST_P(BlockContract, BlocksOfOneUserAreFoundFromEitherSideAndOnce) {
  block(alice, dan);
  block(bob, alice);
  block(alice, bob);
  block(carol, dan);
  EXPECT_EQ(blocks_of(alice), (std::vector{bob, dan}));
  EXPECT_EQ(blocks_of(dan), (std::vector{alice, carol}));
  unblock(alice, dan);
  EXPECT_EQ(blocks_of(alice), (std::vector{bob}));
  unblock(alice, bob);
  EXPECT_EQ(blocks_of(alice), (std::vector{bob})) << "bob blocks her still";
}

TEST_P(BlockContract, WipeTakesBlocksBack) {
  ASSERT_TRUE(block(alice, bob));
  found<void>([&](auto done) { world_.calls().wipe(done); });
  SetUp();
  EXPECT_FALSE(blocked(alice, bob));
}

}  // namespace
}  // namespace belfry::store::testing
