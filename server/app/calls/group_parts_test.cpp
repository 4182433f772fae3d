// Comings and goings in a group call (J-2.5 to J-2.11, T-05, T-09, T-17, X-27 to ).
#include "app/calls/group_stage_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

using call::EndReason;
using call::LegState;
using call::Status;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class GroupParts : public GroupStage {};

// J-2.5
TEST_F(GroupParts, LaterAnswersJoinAndAMemberWhoMissedItMayStillCome) {
  const CallId call = connected_with({bob});
  const auto started = world.row(call).started;
  world.accept(carol, call);
  settle();
  EXPECT_THAT(newly_received(alice), ElementsAre("accepted"));
  EXPECT_THAT(newly_received(bob), ElementsAre("joined"));
  EXPECT_THAT(newly_received(carol), ElementsAre("accepted"));
  EXPECT_EQ(world.row(call).started, started);
  world.pass(31s);
  EXPECT_THAT(newly_received(dan), ElementsAre("missed")) << "J-2.6";
  EXPECT_THAT(newly_received(alice), IsEmpty());
  EXPECT_EQ(left_because(dan, call), "timeout");
  world.accept(dan, call);
  settle();
  EXPECT_EQ(leg(dan, call), LegState::joined);
}

// J-2.7, R-000-19, T-09
TEST_F(GroupParts, RejectionOfOneLeavesTheOthersRingingAndTheLastEndsIt) {
  const CallId call = ring_all();
  world.reject(bob, call);
  settle();
  EXPECT_THAT(newly_received(alice), ElementsAre("created", "one_declined"));
  EXPECT_EQ(world.row(call).status, Status::calling);
  EXPECT_EQ(left_because(bob, call), "declined");
  world.accept(bob, call);
  settle();
  EXPECT_EQ(refusal().why, Refusal::not_ringing) << "X-35";
  world.reject(carol, call);
  world.reject(dan, call);
  settle();
  EXPECT_EQ(world.row(call).status, Status::rejected);
  EXPECT_THAT(newly_received(alice), ElementsAre("one_declined", "rejected"));
}

//
TEST_F(GroupParts, LastDeclineAndAnAnswerInFlightAreDecidedInTheOrderOfTheirCommits) {
  open(conversation::Kind::group, {2, 3});
  const CallId call = ring_all();
  world.reject(bob, call);
  settle();
  world.store.later = true;
  world.reject(carol, call);
  world.accept(carol, call, "from another device");
  settle();
  const auto before_last = world.answers.end()[-2].front().has_value();
  EXPECT_NE(before_last, succeeded());
  EXPECT_EQ(world.row(call).status == Status::connected, succeeded());
}

// R-000-08, R-000-36, R-000-37
TEST_F(GroupParts, CallerWhoVanishesOrGivesUpReleasesEverybody) {
  const CallId first = ring_all();
  for (const Phone& phone : {bob, carol, dan}) newly_received(phone);
  world.disconnect(alice, Departure::lost);
  world.pass(6s);
  for (const Phone& phone : {bob, carol, dan}) EXPECT_THAT(newly_received(phone), ElementsAre("cancelled"));
  EXPECT_EQ(world.row(first).end_reason, EndReason::caller_disconnected);
  world.accept(bob, first);
  settle();
  EXPECT_EQ(refusal().why, Refusal::not_ringing);
  alice = world.phone(1);
  const CallId second = ring_all();
  world.cancel(alice, second);
  settle();
  for (const Phone& phone : {bob, carol, dan}) EXPECT_THAT(newly_received(phone), ElementsAre("incoming", "cancelled"));
}

// J-2.9, T-17
TEST_F(GroupParts, CallGoesOnWithoutWhoLeavesAndTheSlotIsFree) {
  const CallId call = connected_with({bob, carol});
  world.end(bob, call);
  settle();
  EXPECT_THAT(newly_received(bob), ElementsAre("ended"));
  EXPECT_THAT(newly_received(alice), ElementsAre("left"));
  EXPECT_THAT(newly_received(carol), ElementsAre("left"));
  EXPECT_EQ(world.row(call).status, Status::connected);
  EXPECT_FALSE(world.store.slots.contains(bob.me.user));
  world.end(alice, call);
  settle();
  EXPECT_EQ(world.row(call).end_reason, EndReason::hangup);
  EXPECT_TRUE(world.store.slots.empty());
}

// J-2.9
TEST_F(GroupParts, CallEndsWhenOneIsLeftAndNobodyRingsAnyMore) {
  const CallId call = connected_with({bob});
  world.reject(carol, call);
  world.end(bob, call);
  settle();
  EXPECT_EQ(world.row(call).status, Status::connected) << "dan still rings";
  world.reject(dan, call);
  settle();
  EXPECT_EQ(world.row(call).status, Status::ended);
}

// S17
TEST_F(GroupParts, HostMayLeaveAndTheLongestJoinedIsHostThen) {
  const CallId call = connected_with({carol, bob, dan});
  world.calls(alice).leave(alice.me, call, world.reply());
  settle();
  EXPECT_EQ(world.row(call).status, Status::connected);
  EXPECT_EQ(leg(alice, call), LegState::left);
  world.end(bob, call);
  settle();
  EXPECT_EQ(world.row(call).status, Status::connected) << "carol came first";
  world.end(carol, call);
  settle();
  EXPECT_EQ(world.row(call).status, Status::ended);
}

// J-2.5, S17
TEST_F(GroupParts, CallerWhoLeftRejoinsByAccepting) {
  const CallId call = connected_with({carol, bob});
  world.accept(alice, call);
  settle();
  EXPECT_EQ(refusal().why, Refusal::call_not_found) << "C-08";
  world.calls(alice).leave(alice.me, call, world.reply());
  settle();
  for (const Phone& phone : {alice, bob, carol}) newly_received(phone);
  const Phone tablet = world.phone(1);
  world.accept(tablet, call);
  settle();
  EXPECT_TRUE(succeeded());
  EXPECT_EQ(leg(alice, call), LegState::joined);
  EXPECT_THAT(newly_received(tablet), ElementsAre("accepted"));
  EXPECT_THAT(newly_received(alice), ElementsAre("answered_elsewhere"));
  EXPECT_THAT(newly_received(bob), ElementsAre("joined"));
  EXPECT_THAT(newly_received(carol), ElementsAre("joined"));
  EXPECT_EQ(world.store.slots[alice.me.user], call);
  EXPECT_GT(find_leg(world.row(call), alice.me.user)->joined, find_leg(world.row(call), bob.me.user)->joined);
  world.end(carol, call);
  settle();
  EXPECT_EQ(world.row(call).status, Status::ended) << "carol became host and still is";
}

// J-2.9, T-18, T-20
TEST_F(GroupParts, LossOfTheHostEndsNothing) {
  const CallId call = connected_with({bob, carol});
  world.disconnect(alice, Departure::lost);
  world.pass(60s);
  EXPECT_EQ(world.row(call).status, Status::connected);
  EXPECT_EQ(leg(alice, call), LegState::left);
  EXPECT_FALSE(world.store.slots.contains(alice.me.user));
}

// X-29, J-2.10
TEST_F(GroupParts, MemberWhoIsRemovedLeavesTheCall) {
  const CallId call = connected_with({bob, carol});
  remove(bob);
  settle();
  EXPECT_THAT(newly_received(bob), ElementsAre("ended"));
  EXPECT_THAT(newly_received(carol), ElementsAre("left"));
  EXPECT_EQ(left_because(bob, call), "kicked");
  remove(dan);
  settle();
  EXPECT_THAT(newly_received(dan), ElementsAre("cancelled"));
  EXPECT_EQ(world.row(call).status, Status::connected);
  world.accept(dan, call);
  settle();
  EXPECT_EQ(refusal().why, Refusal::not_ringing);
}

// J-2.5, X-29
TEST_F(GroupParts, MemberWhoIsRemovedAfterLeavingCannotRejoin) {
  const CallId call = connected_with({bob, carol});
  world.end(bob, call);
  settle();
  newly_received(bob);
  remove(bob);
  settle();
  EXPECT_EQ(left_because(bob, call), "kicked");
  EXPECT_THAT(newly_received(bob), IsEmpty());
  world.accept(bob, call);
  settle();
  EXPECT_EQ(refusal().why, Refusal::not_ringing);
  EXPECT_EQ(world.row(call).status, Status::connected);
}

//
TEST_F(GroupParts, CallThatRingsEndsWithItsLastCalleeOrItsCaller) {
  open(conversation::Kind::group, {2});
  const CallId first = ring_all();
  remove(bob);
  settle();
  EXPECT_EQ(world.row(first).status, Status::missed);
  EXPECT_EQ(world.row(first).end_reason, EndReason::admin);
  open(conversation::Kind::group, {2, 3});
  const CallId second = ring_all();
  remove(alice);
  settle();
  EXPECT_EQ(world.row(second).status, Status::missed);
  EXPECT_EQ(world.row(second).end_reason, EndReason::admin);
}

//
TEST_F(GroupParts, RemovalIsCarriedOutOnceTheStoreIsBack) {
  const CallId call = connected_with({bob, carol});
  world.store.down = true;
  remove(bob);
  settle();
  world.store.down = false;
  world.pass(1s);
  EXPECT_EQ(leg(bob, call), LegState::kicked);
}

// X-28, J-2.10
TEST_F(GroupParts, DeactivatedMemberLeavesTheCallAndTheOthersGoOn) {
  const CallId call = connected_with({bob, carol});
  world.expel(alice, bob);
  settle();
  EXPECT_EQ(leg(bob, call), LegState::kicked);
  EXPECT_EQ(world.row(call).status, Status::connected);
  world.expel(bob, alice);
  settle();
  EXPECT_EQ(world.row(call).end_reason, EndReason::user_deactivated);
}

// J-2.11
TEST_F(GroupParts, OneMoreThanMayBeInItIsRefusedAndRingingIsNot) {
  CallSettings settings = test_settings();
  settings.most_joined = 2;
  World small{{.settings = settings}};
  Phone ann = small.phone(1), ben = small.phone(2), cid = small.phone(3);
  const CallId call = small.start(ann, 2, [](StartCall& request) {
    request.more = {user_numbered(3)};
    request.ring = call::RingPolicy::immediate;
  });
  small.settle();
  for (const Phone& phone : {ben, cid}) {
    small.accept(phone, call);
    small.settle();
  }
  EXPECT_EQ(small.answers.back().front().error().why, Refusal::call_full);
  small.end(ben, call);
  small.accept(cid, call);
  small.settle();
  EXPECT_TRUE(small.answers.back().front().has_value());
}

// J-2.11
TEST_F(GroupParts, SignalsGoOnlyBetweenThoseWhoAreInIt) {
  const CallId call = connected_with({bob, carol});
  world.signal(bob, call, "to carol", 0, carol.me.user);
  settle();
  EXPECT_TRUE(succeeded());
  EXPECT_THAT(newly_received(carol), ElementsAre("signal to carol"));
  for (const auto& [from, to] : {std::pair{alice, dan}, {dan, alice}}) {
    world.signal(from, call, "early", 0, to.me.user);
    settle();
    EXPECT_EQ(refusal().why, Refusal::wrong_addressee);
  }
}

}  // namespace
}  // namespace belfry::calls::testing
