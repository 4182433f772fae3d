// The answer to a commit is lost with the connection to the store: nobody knows whether the step was stored.
#include "app/calls/calls_stage_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

using call::Status;
using Lost = StoreState::Lost;

class CommitInDoubt : public CallsStage {
 protected:
  void lose(Lost what) { world.store.lost = what; }
  void store_is_back() {
    lose(Lost::nothing);
    world.pass(1s);
  }
  std::size_t answers() { return world.answers.back().size(); }
};

TEST_F(CommitInDoubt, StoredAnswerIsAnnouncedOnceItsFateIsKnown) {
  const CallId call = ring();
  lose(Lost::answers);
  world.accept(bob, call);
  world.pass(3s);
  EXPECT_EQ(answers(), 0U) << "there is still time to find out";
  EXPECT_EQ(alice.received("accepted"), 0U);
  store_is_back();
  EXPECT_TRUE(succeeded());
  EXPECT_EQ(alice.received("accepted"), 1U);
  EXPECT_EQ(bob.received("accepted"), 1U);
  EXPECT_EQ(world.row(call).status, Status::connected);
}

TEST_F(CommitInDoubt, RequesterIsAnsweredWithinFiveSecondsAndTheOthersOnceTheFateIsKnown) {
  const CallId call = connected_call();
  lose(Lost::answers);
  world.end(alice, call);
  world.pass(5s);
  ASSERT_EQ(answers(), 1U);
  EXPECT_EQ(refusal().why, Refusal::outcome_unknown);
  EXPECT_EQ(bob.received("ended"), 0U);
  store_is_back();
  EXPECT_EQ(bob.received("ended"), 1U);
  EXPECT_EQ(alice.received("ended"), 1U);
  EXPECT_EQ(answers(), 1U) << "each command is answered once";
}

TEST_F(CommitInDoubt, RingTimeoutIsAnnouncedOnceToBoth) {
  const CallId call = ring();
  lose(Lost::answers);
  world.pass(40s);
  EXPECT_EQ(alice.received("missed") + bob.received("missed"), 0U);
  store_is_back();
  EXPECT_EQ(alice.received("missed"), 1U);
  EXPECT_EQ(bob.received("missed"), 1U);
  EXPECT_EQ(world.row(call).version, 2U);
}

TEST_F(CommitInDoubt, LostTimerStepIsRetried) {
  const CallId call = ring();
  lose(Lost::commits);
  world.pass(40s);
  EXPECT_EQ(world.row(call).status, Status::calling);
  store_is_back();
  EXPECT_EQ(world.row(call).status, Status::missed);
  EXPECT_EQ(alice.received("missed"), 1U);
}

TEST_F(CommitInDoubt, LostStepLeavesTheCallUnchanged) {
  const CallId call = ring();
  lose(Lost::commits);
  world.accept(bob, call);
  world.pass(5s);
  EXPECT_EQ(refusal().why, Refusal::outcome_unknown);
  store_is_back();
  EXPECT_EQ(alice.received("accepted"), 0U);
  world.accept(bob, call);
  settle();
  EXPECT_TRUE(succeeded());
  EXPECT_EQ(alice.received("accepted"), 1U);
}

TEST_F(CommitInDoubt, CommandsDuringAStepInDoubtAreRefusedAtOnce) {
  const CallId call = ring();
  lose(Lost::answers);
  world.accept(bob, call);
  settle();
  world.cancel(alice, call);
  settle();
  EXPECT_EQ(refusal().why, Refusal::store_unavailable) << "it is certain that the cancel changed nothing";
  store_is_back();
  EXPECT_EQ(world.row(call).status, Status::connected);
}

TEST_F(CommitInDoubt, LossDuringAStepInDoubtIsStoredWhenTheStoreIsBack) {
  const CallId call = ring();
  lose(Lost::answers);
  world.accept(bob, call);
  settle();
  world.suspend(alice);
  settle();
  store_is_back();
  EXPECT_EQ(caller_leg(world.row(call)).state, call::LegState::suspended);
  EXPECT_EQ(bob.received("reconnecting"), 1U);
}

TEST_F(CommitInDoubt, StartAnsweredAsUnknownIsWithdrawn) {
  lose(Lost::answers);
  const CallId call = world.start(alice, 2);
  world.pass(5s);
  EXPECT_EQ(refusal().why, Refusal::outcome_unknown);
  store_is_back();
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::cancelled);
  EXPECT_EQ(bob.received("cancelled"), 1U);
}

// Found by review: the store that has just come back fails once more.
TEST_F(CommitInDoubt, FailedWithdrawalIsRetried) {
  lose(Lost::answers);
  const CallId call = world.start(alice, 2);
  world.pass(5s);
  world.store.fail = 1;
  store_is_back();
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::cancelled);
  EXPECT_EQ(bob.received("incoming"), 1U);
  EXPECT_EQ(bob.received("cancelled"), 1U);
}

// Found by review: the time-out of the first step in doubt answered the second one early.
TEST_F(CommitInDoubt, EachStepInDoubtHasItsOwnFourSeconds) {
  const CallId call = ring();
  lose(Lost::answers);
  world.accept(bob, call);
  world.pass(1s);
  store_is_back();
  lose(Lost::answers);
  world.end(alice, call);
  world.pass(2500ms);
  EXPECT_EQ(answers(), 0U);
  store_is_back();
  EXPECT_TRUE(succeeded());
}

//
TEST_F(CommitInDoubt, StartWithIdempotencyKeyIsNotWithdrawn) {
  lose(Lost::answers);
  const CallId call = world.start(alice, 2, [&](StartCall& request) {
    request.claim = store::IdempotencyClaim{.owner = alice.me.user, .key = "k", .fingerprint = "f"};
  });
  world.pass(5s);
  store_is_back();
  EXPECT_EQ(world.row(call).status, Status::calling);
  EXPECT_EQ(bob.received("incoming"), 1U);
}

TEST_F(CommitInDoubt, StartWhoseFateIsKnownInTimeIsAnsweredAsUsual) {
  lose(Lost::answers);
  const CallId call = world.start(alice, 2);
  world.pass(2s);
  store_is_back();
  EXPECT_TRUE(succeeded());
  EXPECT_EQ(world.row(call).status, Status::calling);
  EXPECT_EQ(bob.received("incoming"), 1U);
}

// a server whose drain is cut short reports a clean stop only if everything is announced; else the next one must look for
// the rest.
TEST_F(CommitInDoubt, AllAnnouncedIsFalseWhileAStepIsPendingOrInDoubt) {
  const SharedCalls& shared = world.nodes[0]->shared;
  const CallId call = connected_call();
  EXPECT_TRUE(shared.all_announced());
  world.store.later = true;
  world.end(alice, call);
  EXPECT_FALSE(shared.all_announced()) << "the store has not answered";
  lose(Lost::answers);
  world.pass(6s);
  ASSERT_EQ(answers(), 1U);
  EXPECT_FALSE(shared.all_announced()) << "who asked was answered, but nobody knows whether it has ended";
  store_is_back();
  EXPECT_TRUE(shared.all_announced());
  EXPECT_EQ(bob.received("ended"), 1U);
}

// found by reading. The commands ended with their shards, so after the stop none seemed to be under way.
TEST_F(CommitInDoubt, AllAnnouncedIsFalseAfterAStopThatCutAStepOff) {
  const CallId call = connected_call();
  world.store.later = true;
  world.end(alice, call);
  while (world.store.waiting.empty()) world.step();
  world.nodes[0]->calls.clear();
  EXPECT_FALSE(world.nodes[0]->shared.all_announced());
}

TEST_F(CommitInDoubt, AllAnnouncedIsTrueAfterAStopDuringACall) {
  static_cast<void>(connected_call());
  world.nodes[0]->calls.clear();
  EXPECT_TRUE(world.nodes[0]->shared.all_announced());
}

/// The callee is away, so the start puts a ring push into the outbox.
class PushInDoubt : public ::testing::Test {
 protected:
  static CallSettings with_pushes() {
    CallSettings settings = test_settings();
    settings.push = PushTo::absent;
    return settings;
  }
  void start_and_lose(Lost what) {
    world.store.lost = what;
    world.start(alice, 2);
    world.pass(2s);
    EXPECT_EQ(world.store.outbox_wakes, 0U) << "nobody knows whether there is anything to send";
    world.store.lost = Lost::nothing;
    world.pass(1s);
  }
  World world{{.settings = with_pushes()}};
  Phone alice = world.phone(1);
};

// J-6.4: the worker looks by itself only every five seconds.
TEST_F(PushInDoubt, OutboxIsWokenOnceTheStepIsKnownToBeStored) {
  start_and_lose(Lost::answers);
  EXPECT_EQ(world.store.pushes.size(), 1U);
  EXPECT_EQ(world.store.outbox_wakes, 1U);
}

TEST_F(PushInDoubt, OutboxIsNotWokenForAStepThatWasLost) {
  start_and_lose(Lost::commits);
  EXPECT_EQ(world.store.pushes.size(), 0U);
  EXPECT_EQ(world.store.outbox_wakes, 0U);
}

}  // namespace
}  // namespace belfry::calls::testing
