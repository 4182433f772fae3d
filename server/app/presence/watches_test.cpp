// What a session that watches others is told, and how often the store is asked (SPEC K46, S7).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/presence/watches_stage_for_tests.hpp"

namespace belfry::presence::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class WatchesTest : public WatchesStage {};

// K46
TEST_F(WatchesTest, AnswerIsWhoIsOnlineAndEachChangeBehindItHasTheNextNumber) {
  connect(kBen, 20);
  EXPECT_EQ(watch(kAnn, 10, {kBen, kCid, kNobody, kBen}), "0 2");
  connect(kCid, 30);
  EXPECT_THAT(take(), IsEmpty()) << "changes are collected";
  pass(200ms);
  EXPECT_THAT(take(), ElementsAre("10 1 3 online"));
  leave(kBen, 20);
  pass(200ms);
  EXPECT_THAT(take(), ElementsAre("10 2 2 offline seen"));
  EXPECT_EQ(watch(kAnn, 10, {kCid}), "2 3") << "the numbers of a session go on";
  connect(kBen, 20);
  pass(200ms);
  EXPECT_THAT(take(), IsEmpty()) << "the new list replaces the old one";
}

// K46: one question, and one JSON for all.
TEST_F(WatchesTest, ChangeIsWrittenOnceForAllWhoWatch) {
  for (const std::uint32_t slot : {10U, 11U, 12U}) (void)watch(kAnn, slot, {kBen, kCid});
  const auto asked = accounts.asked;
  connect(kBen, 20), connect(kCid, 30);
  pass(200ms);
  EXPECT_EQ(take().size(), 6U);
  EXPECT_EQ(written, 2);
  EXPECT_EQ(accounts.asked, asked + 1);
}

TEST_F(WatchesTest, WhoComesBackBeforeItIsToldHasNotChanged) {
  connect(kBen, 20);
  (void)watch(kAnn, 10, {kBen});
  leave(kBen, 20);
  connect(kBen, 21);
  pass(200ms);
  EXPECT_THAT(take(), IsEmpty());
}

TEST_F(WatchesTest, ChangeReachesEveryShardAndCostsNothingWhereNobodyWatches) {
  connect(kBen, 20);
  EXPECT_TRUE(mailboxes.tasks.empty());
  (void)watch(kAnn, 10, {kBen}, 1);
  leave(kBen, 20);
  EXPECT_FALSE(shards[0]->next_deadline().has_value());
  pass(200ms);
  EXPECT_THAT(take(), ElementsAre("10 1 2 offline seen"));
  shards[1]->forget(at(10, 1));
  all.changed(mailboxes, user(kBen));
  EXPECT_TRUE(mailboxes.tasks.empty());
}

// S7: the busiest of a user's sessions counts.
TEST_F(WatchesTest, StateIsThatOfTheBusiestSession) {
  connect(kBen, 20), connect(kBen, 21);
  (void)watch(kAnn, 10, {kBen});
  const auto say = [&](std::uint32_t slot, Watches::Attention attention) {
    shards[0]->set_attention(user(kBen), at(slot), attention);
    mailboxes.run();
    pass(200ms);
  };
  say(20, Watches::Attention::away);
  EXPECT_THAT(take(), IsEmpty());
  say(21, Watches::Attention::away);
  EXPECT_THAT(take(), ElementsAre("10 1 2 away"));
  accounts.busy = user(kBen);
  change(kBen);
  pass(200ms);
  EXPECT_THAT(take(), ElementsAre("10 2 2 busy"));
  accounts.busy = {};
  say(20, Watches::Attention::here);
  EXPECT_THAT(take(), ElementsAre("10 3 2 online"));
  leave(kBen, 20);
  pass(200ms);
  EXPECT_THAT(take(), ElementsAre("10 4 2 away"));
}

TEST_F(WatchesTest, WhoIsBusyOrAwayIsToldRightBehindTheAnswer) {
  connect(kBen, 20), connect(kCid, 30);
  accounts.busy = user(kBen);
  shards[0]->set_attention(user(kCid), at(30), Watches::Attention::away);
  shards[0]->watch({at(10), session(10), user(kAnn)}, {user(kBen), user(kCid)}, noting());
  EXPECT_THAT(take(), ElementsAre("snapshot 0 2 3", "10 1 2 busy", "10 2 3 away"));
}

// S7
TEST_F(WatchesTest, SlotThatACallGivesOrTakesIsAChange) {
  (void)watch(kAnn, 10, {kBen, kCid});
  store::CallRow before;
  set_people(before, user(kAnn), user(kBen));
  store::CallRow ended = before;
  ended.status = call::Status::ended;
  const auto changes = [&](const store::CallRow* from, const store::CallRow* to) {
    note_slots(all, mailboxes, from, to);
    return std::exchange(mailboxes.tasks, {}).size() / 2;  // one for each shard
  };
  EXPECT_EQ(changes(nullptr, &before), 2U);
  EXPECT_EQ(changes(&before, &before), 0U);
  EXPECT_EQ(changes(&before, &ended), 2U);
  EXPECT_EQ(changes(&ended, nullptr), 0U);
}

// K46: what happens between the question and the answer is not missed, and nothing is told before the answer.
TEST_F(WatchesTest, ChangeWhileTheStoreIsAskedIsToldBehindTheAnswer) {
  accounts.holds = true;
  shards[0]->watch({at(10), session(10), user(kAnn)}, {user(kBen)}, noting());
  connect(kBen, 20);
  pass(200ms);
  EXPECT_EQ(accounts.held.size(), 2U);
  accounts.held[1]();
  EXPECT_THAT(take(), IsEmpty());
  accounts.held[0]();
  EXPECT_THAT(take(), ElementsAre("snapshot 0 2"));
}

TEST_F(WatchesTest, ListThatWasReplacedBeforeItsAnswerIsAnsweredAndNotWatched) {
  accounts.holds = true;
  for (const std::uint8_t whom : {kBen, kCid}) shards[0]->watch({at(10), session(10), user(kAnn)}, {user(whom)}, noting());
  connect(kCid, 30);
  for (const auto& answer : std::exchange(accounts.held, {})) answer();
  EXPECT_THAT(take(), ElementsAre("snapshot 0", "snapshot 0 3"));
  accounts.holds = false;
  pass(200ms);
  EXPECT_EQ(watch(kAnn, 10, {kBen, kCid}), "0 3");
}

// K46: a session comes back on another shard, or as another socket.
TEST_F(WatchesTest, SessionThatComesBackGoesOnWithItsNumbers) {
  (void)watch(kAnn, 10, {kBen});
  connect(kBen, 20);
  pass(200ms);
  take();
  auto subscription = shards[0]->take(at(10));
  leave(kBen, 20);
  pass(200ms);
  EXPECT_THAT(take(), IsEmpty());
  shards[1]->go_on({at(11, 1), session(10), user(kAnn)}, subscription.value(), noting());
  EXPECT_THAT(take(), ElementsAre("snapshot 1"));
  sessions.enter(user(kAnn), "user1", {.id = session(12), .at = at(12)});
  shards[0]->go_on_from(session(10), {at(12), session(10), user(kBen)}, noting());
  mailboxes.run();
  EXPECT_THAT(take(), IsEmpty()) << "it is another user's";
  shards[0]->go_on_from(session(10), {at(12), session(10), user(kAnn)}, noting());
  mailboxes.run();
  EXPECT_THAT(take(), ElementsAre("snapshot 1"));
  connect(kBen, 20);
  pass(200ms);
  EXPECT_THAT(take(), ElementsAre("12 2 2 online"));
}

TEST_F(WatchesTest, ListOfAnEarlierSessionDoesNotReplaceOneThatTheClientAskedForSince) {
  (void)watch(kAnn, 11, {kBen}, 1);
  sessions.enter(user(kAnn), "user1", {.id = session(12), .at = at(12)});
  shards[0]->go_on_from(session(11), {at(12), session(12), user(kAnn)}, noting());
  EXPECT_EQ(watch(kAnn, 12, {kCid}), "0");
  mailboxes.run();
  EXPECT_THAT(take(), IsEmpty());
  connect(kBen, 20), connect(kCid, 30);
  pass(200ms);
  EXPECT_THAT(take(), ElementsAre("12 1 3 online"));
}

TEST_F(WatchesTest, StoreIsAskedAgainOnlyOnceItHasAnswered) {
  connect(kBen, 20);
  (void)watch(kAnn, 10, {kBen});
  accounts.holds = true;
  accounts.busy = user(kBen);
  change(kBen);
  pass(200ms);
  accounts.busy = {};
  change(kBen);
  pass(200ms);
  ASSERT_EQ(accounts.held.size(), 1U) << "an answer that is older could come last";
  accounts.holds = false;
  for (const auto& answer : std::exchange(accounts.held, {})) answer();
  EXPECT_THAT(take(), ElementsAre("10 1 2 busy"));
  pass(0ms);
  EXPECT_THAT(take(), ElementsAre("10 2 2 online"));
}

TEST_F(WatchesTest, StoreThatFailsDelaysWhatIsToldAndLosesNothing) {
  (void)watch(kAnn, 10, {kBen, kCid});
  auto subscription = shards[0]->take(at(10));
  accounts.fails = true;
  EXPECT_EQ(watch(kAnn, 11, {kBen}), "unavailable");
  shards[0]->go_on({at(10), session(10), user(kAnn)}, subscription.value(), noting());
  EXPECT_THAT(take(), IsEmpty());
  accounts.fails = false;
  pass(1s);
  EXPECT_THAT(take(), ElementsAre("snapshot 0"));
  accounts.fails = true;
  connect(kBen, 20);
  pass(200ms);
  EXPECT_THAT(take(), ElementsAre("10 1 2 online")) << "who is here is known without the store";
  accounts.fails = false;
  accounts.busy = user(kBen);
  pass(1s);
  EXPECT_THAT(take(), ElementsAre("10 2 2 busy"));
}

// W-004-07: what failed for one session does not delay what others are told, and a change is not when the failed is tried again.
TEST_F(WatchesTest, ChangeAndFailedQuestionHaveTimesOfTheirOwn) {
  (void)watch(kAnn, 10, {kBen});
  auto subscription = shards[0]->take(at(10));
  (void)watch(kCid, 30, {kBen});
  accounts.fails = true;
  shards[0]->go_on({at(10), session(10), user(kAnn)}, subscription.value(), noting());
  pass(10ms);
  connect(kBen, 20);
  const auto asked = accounts.asked;
  pass(200ms);
  EXPECT_THAT(take(), ElementsAre("30 1 2 online"));
  EXPECT_EQ(accounts.asked, asked + 1) << "about the change alone";
  accounts.fails = false;
  pass(789ms);
  EXPECT_THAT(take(), IsEmpty());
  pass(1ms);
  EXPECT_THAT(take(), ElementsAre("snapshot 0 2"));
}

TEST_F(WatchesTest, ChangeThatCouldNotBeReadDoesNotHurryTheNextOne) {
  connect(kBen, 20), connect(kCid, 30);
  (void)watch(kAnn, 10, {kBen, kCid});
  accounts.fails = true;
  change(kCid);
  pass(200ms);
  accounts.fails = false;
  pass(900ms);
  leave(kBen, 20);
  pass(100ms);
  EXPECT_THAT(take(), IsEmpty()) << "Ben may come back";
  connect(kBen, 21);
  pass(100ms);
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_FALSE(shards[0]->next_deadline().has_value());
}

}  // namespace
}  // namespace belfry::presence::testing
