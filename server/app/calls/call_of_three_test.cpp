// A call of three: one rule for any number of people (SPEC 2.6), from its start to its last notice.
#include "app/calls/calls_stage_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

using call::LegState;
using call::Status;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class CallOfThree : public CallsStage {
 protected:
  CallId ring_both() {
    const CallId call = world.start(
        alice, 2, [](StartCall& request) { request.more = {user_numbered(3)}, request.ring = call::RingPolicy::immediate; });
    settle();
    return call;
  }
  CallId connected_all() {
    const CallId call = ring_both();
    for (const Phone& phone : {bob, carol}) world.accept(phone, call);
    settle();
    for (const Phone& phone : {alice, bob, carol}) newly_received(phone);
    return call;
  }
  LegState leg(const Phone& phone, const CallId& call) { return find_leg(world.row(call), phone.me.user)->state; }

  Phone carol = world.phone(3);
};

TEST_F(CallOfThree, RingsEverybodyAndConnectsWithTheFirstAnswer) {
  const auto before = world.nodes[0]->sessions.look_ups();
  const CallId call = ring_both();
  EXPECT_EQ(world.nodes[0]->sessions.look_ups(), before + 1) << "R-000-39";
  EXPECT_THAT(newly_received(bob), ElementsAre("incoming"));
  EXPECT_THAT(newly_received(carol), ElementsAre("incoming"));
  EXPECT_FALSE(world.row(call).callee);
  world.accept(bob, call);
  settle();
  EXPECT_EQ(world.row(call).status, Status::connected);
  EXPECT_THAT(newly_received(carol), IsEmpty()) << "still rings";
  world.accept(carol, call);
  settle();
  EXPECT_THAT(newly_received(alice), ElementsAre("created", "accepted", "accepted"));
  EXPECT_THAT(newly_received(bob), ElementsAre("accepted", "joined"));
  EXPECT_THAT(newly_received(carol), ElementsAre("accepted"));
}

// J-2.11: found by reading. Its offer is dropped, because each two negotiate for themselves; so is an answer to it.
TEST_F(CallOfThree, AnswerInAnAcceptIsPassedToNobody) {
  const CallId call = ring_both();
  world.accept(bob, call, "bob's answer");
  settle();
  EXPECT_TRUE(succeeded());
  for (const Phone& phone : {alice, bob}) EXPECT_THAT(phone.answers(), ElementsAre(std::pair(bob.me.user, "")));
}

// T-07: found by reading. The only notice named bob, whoever had answered, with the newest answer.
TEST_F(CallOfThree, CallerWhoWasAwayIsNotifiedOfEachWhoAnsweredMeanwhile) {
  const CallId call = ring_both();
  world.suspend(alice);
  settle();
  for (const Phone& phone : {carol, bob}) world.accept(phone, call, phone.name + "'s answer"), settle();
  EXPECT_THAT(alice.answers(), IsEmpty());
  world.recover(alice);
  settle();
  EXPECT_THAT(alice.answers(), ElementsAre(std::pair(bob.me.user, ""), std::pair(carol.me.user, "")));
}

// T-07, X-24
TEST_F(CallOfThree, CallerWhoWasAwayIsNotifiedOfEachWhoAnsweredAlsoAfterARestart) {
  const CallId call = ring_both();
  world.suspend(alice);
  settle();
  for (const Phone& phone : {carol, bob}) world.accept(phone, call), settle();
  World again;
  again.clock.pass(world.clock.now() - again.clock.now());
  again.store = world.store;
  again.nodes[0]->calls[0]->restore({{world.store.calls.at(call), again.clock.wall()}});
  again.settle();
  const Phone back = again.phone(1);
  again.settle();
  EXPECT_THAT(back.answers(), ElementsAre(std::pair(bob.me.user, ""), std::pair(carol.me.user, "")));
}

TEST_F(CallOfThree, GoesOnAfterADeclineAndEndsWhenOnlyOneUserIsLeft) {
  const CallId call = ring_both();
  world.accept(bob, call);
  world.reject(carol, call);
  settle();
  EXPECT_EQ(world.row(call).status, Status::connected);
  EXPECT_EQ(leg(carol, call), LegState::declined);
  EXPECT_THAT(newly_received(carol), ElementsAre("incoming"));
  EXPECT_THAT(newly_received(alice), ElementsAre("created", "accepted", "one_declined"));
  world.end(bob, call);
  settle();
  EXPECT_EQ(world.row(call).status, Status::ended);
  EXPECT_THAT(newly_received(alice), ElementsAre("ended"));
}

TEST_F(CallOfThree, UserWhoLeavesIsNotifiedOnceAndTheOthersGoOn) {
  const CallId call = connected_all();
  world.end(bob, call);
  settle();
  EXPECT_EQ(world.row(call).status, Status::connected);
  EXPECT_THAT(newly_received(bob), ElementsAre("ended"));
  EXPECT_THAT(newly_received(carol), ElementsAre("left"));
  world.end(alice, call);
  settle();
  EXPECT_THAT(newly_received(bob), IsEmpty());
  EXPECT_THAT(newly_received(carol), ElementsAre("ended"));
}

TEST_F(CallOfThree, SignalReachesOnlyTheUserItNames) {
  const CallId call = connected_all();
  world.signal(alice, call, "for carol", 0, carol.me.user);
  settle();
  EXPECT_TRUE(succeeded());
  EXPECT_THAT(newly_received(carol), ElementsAre("signal for carol"));
  EXPECT_THAT(newly_received(bob), IsEmpty());
}

TEST_F(CallOfThree, SignalThatNamesNobodyOrAStrangerIsRefused) {
  const CallId call = connected_all();
  world.signal(alice, call, "for whom?");
  settle();
  EXPECT_EQ(refusal().why, Refusal::wrong_addressee);
  world.signal(alice, call, "for dan", 0, user_numbered(4));
  settle();
  EXPECT_EQ(refusal().why, Refusal::wrong_addressee);
}

// J-2.11
TEST_F(CallOfThree, SignalSentDuringTheStartIsRefusedBecauseNobodyHasJoined) {
  world.store.later = true;
  const CallId call = world.start(
      alice, 2, [](StartCall& request) { request.more = {user_numbered(3)}, request.ring = call::RingPolicy::immediate; });
  world.signal(alice, call, "for carol", 0, carol.me.user);
  settle();
  EXPECT_EQ(refusal().why, Refusal::wrong_addressee);
  EXPECT_THAT(carol.received(), ElementsAre("incoming"));
}

TEST_F(CallOfThree, OthersAreNotifiedOfALossAndItsGraceEndsOnlyThatLeg) {
  const CallId call = connected_all();
  world.disconnect(bob, Departure::lost);
  settle();
  EXPECT_THAT(newly_received(carol), ElementsAre("reconnecting"));
  world.pass(1min);
  EXPECT_EQ(world.row(call).status, Status::connected);
  EXPECT_THAT(newly_received(carol), ElementsAre("left"));
  EXPECT_EQ(leg(bob, call), LegState::left);
}

}  // namespace
}  // namespace belfry::calls::testing
