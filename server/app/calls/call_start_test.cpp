// Starting a call: when the callee is rung, who is refused and why, and what is committed with it.
#include "app/calls/calls_stage_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

using call::Dialect;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class CallStart : public CallsStage {};

// R-000-39
TEST_F(CallStart, LooksUpItsParticipantsOnce) {
  const auto before = world.nodes[0]->sessions.look_ups();
  ring();
  EXPECT_THAT(bob.received(), ElementsAre("incoming"));
  EXPECT_EQ(world.nodes[0]->sessions.look_ups(), before + 1);
}

// T-06, C-05
TEST_F(CallStart, RingsTheCalleeOnlyWhenTheCallerIsReadyIfAskedTo) {
  const CallId call = world.start(alice, 2, [](StartCall& request) { request.ring = call::RingPolicy::on_caller_ready; });
  settle();
  EXPECT_THAT(bob.received(), IsEmpty());
  world.calls(alice).ready(alice.me, call, world.reply());
  settle();
  EXPECT_THAT(bob.received(), ElementsAre("incoming"));
}

//
TEST_F(CallStart, CommitsItsIdempotencyClaimWithTheCallAndTheAnswerThatIsGiven) {
  const auto text = [](const CallResult& answer) {
    return store::GivenAnswer{.status = answer.glare ? 200 : 201,
                              .body = std::to_string(answer.call->row.version) + (answer.reachable ? " rings" : " nobody there")};
  };
  const auto claimed = [&](StartCall& request) {
    request.claim =
        store::IdempotencyClaim{request.caller.user, "of " + to_text(request.callee.value_or(UserId{}).value()), "print"};
    request.write_reply = text;
  };
  for (const int callee : {2, 5}) {
    const CallId call = world.start(alice, callee, claimed);
    settle();
    ASSERT_TRUE(succeeded());
    const CallResult& given = *world.answers.back().front();
    EXPECT_TRUE(given.kept);
    EXPECT_EQ(given.reachable, callee == 2);
    const auto& kept = world.store.claims["of " + to_text(user_numbered(callee).value())];
    EXPECT_EQ(kept.call, call);
    EXPECT_EQ(kept.answer, text(given));
    world.cancel(alice, call);
    settle();
  }
}

// T-02, T-03, R-001-36, R-001-37
TEST_F(CallStart, RefusesABusyCallerOrCalleeAndRecordsTheAttempt) {
  const CallId call = ring();
  const Phone carol = world.phone(3);
  world.start(alice, 3);
  settle();
  EXPECT_EQ(refusal().why, Refusal::caller_busy);
  EXPECT_EQ(refusal().call->row.id, call);
  const auto before = world.nodes[0]->sessions.look_ups();
  world.start(carol, 2);
  settle();
  EXPECT_EQ(refusal().why, Refusal::recipient_busy);
  EXPECT_EQ(world.nodes[0]->sessions.look_ups(), before + 1) << "R-000-39";
  EXPECT_EQ(world.store.attempts.back().reason, "busy");
  EXPECT_EQ(world.nodes[0]->shared.stats().busy, 2);
  EXPECT_EQ(world.nodes[0]->shared.stats().failed, 0) << "each refused start counts once";
}

// T-04, C-10
TEST_F(CallStart, FailsForAnAbsentCalleeInTheSignalingDialectAndRingsInTheOthers) {
  const Phone dan = world.phone(4, Dialect::signaling);
  world.start(dan, 5);
  settle();
  EXPECT_EQ(refusal().why, Refusal::unreachable);
  world.start(alice, 5);
  settle();
  ASSERT_TRUE(succeeded());
  EXPECT_FALSE(world.answers.back().front()->reachable);
}

// R-001-35, R-001-41, R-001-62, R-001-63
TEST_F(CallStart, RefusesACallToOneselfToUnknownAndToInactiveUsers) {
  world.start(alice, 1);
  EXPECT_EQ(refusal().why, Refusal::self_call);
  world.start(alice, 99);
  settle();
  EXPECT_EQ(refusal().why, Refusal::recipient_unknown);
  world.store.active[user_numbered(2)] = false;
  world.start(alice, 2);
  settle();
  EXPECT_EQ(refusal().why, Refusal::recipient_inactive);
  world.store.active[user_numbered(1)] = false;
  world.start(alice, 2);
  settle();
  EXPECT_EQ(refusal().why, Refusal::caller_inactive);
}

//
TEST_F(CallStart, IsRefusedDuringADrainWhileCallsGoOn) {
  const CallId call = ring();
  for (auto& each : world.nodes[0]->calls) each->drain();
  world.start(world.phone(3), 4);
  EXPECT_EQ(refusal().why, Refusal::draining);
  world.accept(bob, call);
  settle();
  EXPECT_TRUE(succeeded());
}

// R-001-89, R-001-90, 2.8.8
TEST(StartLimit, RefusesTheSixthStartWithinAMinuteWhateverTheOutcomeOfTheOthers) {
  WorldOptions options;
  options.settings.starts = {.max = 5, .window = 60s};
  World world(options);
  const Phone alice = world.phone(1);
  for (int i = 0; i < 5; ++i) {
    world.start(alice, 1);
    world.settle();
  }
  world.start(alice, 2);
  world.settle();
  EXPECT_EQ(world.answers.back().front().error().why, Refusal::rate_limited);
  EXPECT_EQ(world.answers.back().front().error().retry_after, 60s);
  world.clock.pass(60s);
  world.start(alice, 2);
  world.settle();
  EXPECT_TRUE(world.answers.back().front().has_value());
}

}  // namespace
}  // namespace belfry::calls::testing
