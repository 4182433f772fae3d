// Blocks hide users from each other (SPEC K45).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/presence/watches_stage_for_tests.hpp"

namespace belfry::presence::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class WatchesBlocks : public WatchesStage {};

// K45
TEST_F(WatchesBlocks, BlockHidesBothFromEachOtherAtOnceAndFromNobodyElse) {
  connect(kAnn, 10), connect(kBen, 20), connect(kCid, 30);
  (void)watch(kAnn, 10, {kBen}), (void)watch(kBen, 20, {kAnn}), (void)watch(kCid, 30, {kAnn, kBen});
  block(kAnn, kBen);
  EXPECT_THAT(take(), UnorderedElementsAre("10 1 2 offline", "20 1 1 offline"));
  leave(kBen, 20), connect(kBen, 21);
  pass(200ms);
  leave(kBen, 21);
  pass(200ms);
  EXPECT_THAT(take(), ElementsAre("30 1 2 offline seen"));
  connect(kBen, 22);
  pass(200ms);
  EXPECT_THAT(take(), ElementsAre("30 2 2 online"));
  EXPECT_EQ(watch(kAnn, 10, {kBen}), "1");
  unblock(kAnn, kBen);
  EXPECT_THAT(take(), UnorderedElementsAre("10 2 2 online", "20 2 1 online"));
}

// K45
TEST_F(WatchesBlocks, BlockBetweenTheQuestionAndItsAnswerIsNotMissed) {
  connect(kBen, 20);
  accounts.holds = true;
  shards[0]->watch({at(10), session(10), user(kAnn)}, {user(kBen)}, noting());
  accounts.holds = false;
  block(kBen, kAnn);
  for (const auto& answer : std::exchange(accounts.held, {})) answer();
  EXPECT_THAT(take(), ElementsAre("snapshot 0 2", "10 1 2 offline"));
}

// K45
TEST_F(WatchesBlocks, BlocksThatCannotBeReadAreReadAgain) {
  connect(kBen, 20);
  (void)watch(kAnn, 10, {kBen});
  accounts.fails = true;
  block(kBen, kAnn);
  EXPECT_THAT(take(), IsEmpty());
  accounts.fails = false;
  pass(1s);
  EXPECT_THAT(take(), ElementsAre("10 1 2 offline"));
  EXPECT_FALSE(shards[0]->next_deadline().has_value());
}

// K45
TEST_F(WatchesBlocks, OlderAnswerAboutABlockNeverReplacesANewerOne) {
  connect(kBen, 20);
  block(kBen, kAnn);
  (void)watch(kAnn, 10, {kBen});
  accounts.holds = true;
  unblock(kBen, kAnn);
  block(kBen, kAnn);
  accounts.holds = false;
  const auto held = std::exchange(accounts.held, {});
  EXPECT_EQ(held.size(), 1U) << "one question at a time";
  for (auto answer = held.rbegin(); answer != held.rend(); ++answer) (*answer)();
  pass(200ms);
  EXPECT_THAT(take(), IsEmpty());
}

// K45
TEST_F(WatchesBlocks, AnswerAboutABlockIsNotForTheListThatTheClientAskedForSince) {
  connect(kBen, 20);
  (void)watch(kAnn, 10, {kBen});
  accounts.holds = true;
  block(kBen, kAnn);
  accounts.holds = false;
  stores.conversations().unblock(user(kBen), user(kAnn), [](const auto&) {});
  EXPECT_EQ(watch(kAnn, 10, {kBen}), "0 2");
  for (const auto& answer : std::exchange(accounts.held, {})) answer();
  EXPECT_THAT(take(), IsEmpty());
}

// K45
TEST_F(WatchesBlocks, StoreIsAskedOnceForAllFromWhomAUserIsHidden) {
  block(kBen, kAnn), block(kBen, kCid);
  for (const std::uint32_t slot : {10U, 11U, 12U}) (void)watch(kAnn, slot, {kBen});
  (void)watch(kCid, 30, {kBen});
  const auto asked = accounts.asked;
  connect(kBen, 20);
  pass(200ms);
  EXPECT_EQ(accounts.asked, asked + 2) << "what is seen of them, and by whom";
  EXPECT_THAT(take(), IsEmpty());
}

// K45
TEST_F(WatchesBlocks, WhoWasHiddenFromAllIsShownWhenTheBlockIsLifted) {
  connect(kBen, 20);
  block(kBen, kAnn);
  (void)watch(kAnn, 10, {kBen});
  unblock(kBen, kAnn);
  pass(200ms);
  EXPECT_THAT(take(), ElementsAre("10 1 2 online"));
}

// K45
TEST_F(WatchesBlocks, WhoIsShownAgainDoesNotWaitForTheChangesOfOthers) {
  connect(kBen, 20);
  block(kBen, kAnn);
  (void)watch(kAnn, 10, {kBen, kCid});
  change(kCid);
  unblock(kBen, kAnn);
  pass(0ms);
  EXPECT_THAT(take(), ElementsAre("10 1 2 online"));
}

// K45: nothing is kept of a session that is gone, however long the store is away.
TEST_F(WatchesBlocks, CheckThatFailsIsNotTriedAgainForASessionThatIsGone) {
  (void)watch(kAnn, 10, {kBen});
  accounts.fails = accounts.holds = true;
  block(kBen, kAnn);
  shards[0]->forget(at(10));
  for (const auto& answer : std::exchange(accounts.held, {})) answer();
  EXPECT_FALSE(shards[0]->next_deadline().has_value());
}

// K45
TEST_F(WatchesBlocks, BlocksThatChangeOftenBeforeTheAnswerAreReadOnceBehindIt) {
  connect(kBen, 20);
  accounts.holds = true;
  shards[0]->watch({at(10), session(10), user(kAnn)}, {user(kBen)}, noting());
  accounts.holds = false;
  block(kBen, kAnn), unblock(kBen, kAnn), block(kBen, kAnn);
  const auto asked = accounts.asked;
  for (const auto& answer : std::exchange(accounts.held, {})) answer();
  EXPECT_EQ(accounts.asked, asked + 1);
  EXPECT_THAT(take(), ElementsAre("snapshot 0 2", "10 1 2 offline"));
}

}  // namespace
}  // namespace belfry::presence::testing
