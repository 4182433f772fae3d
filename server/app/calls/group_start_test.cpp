// Starts of group calls and of calls in conversations: who is called, who is rung, and who is not (J-1, J-2).
#include "app/calls/group_stage_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

using call::LegState;
using call::Status;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class GroupStart : public GroupStage {
 protected:
  /// The conversation has been read, and the commit is on its way to the store.
  CallId start_until_its_commit_waits() {
    world.store.later = true;
    const CallId call = start_in(alice, crew);
    EXPECT_EQ(world.store.waiting.size(), 1U);
    world.step();
    while (world.store.waiting.empty() && world.step()) {
    }
    return call;
  }
};

// J-2.1, J-2.2, R-000-38, R-000-39, R-001-83
TEST_F(GroupStart, RingsAllMembersButItsCallerAfterOneLookUp) {
  const auto before = world.nodes[0]->sessions.look_ups();
  const CallId call = ring_all();
  EXPECT_EQ(world.nodes[0]->sessions.look_ups(), before + 1);
  for (const Phone& phone : {bob, carol, dan}) EXPECT_THAT(newly_received(phone), ElementsAre("incoming"));
  EXPECT_THAT(newly_received(alice), ElementsAre("created"));
  EXPECT_EQ(world.row(call).conversation, crew);
  EXPECT_FALSE(world.row(call).callee);
  EXPECT_EQ(world.row(call).legs.size(), 4U);
}

// R-000-39, K53, J-7.3, T-06
TEST_F(GroupStart, OfACallerWhoseMediaHasJoinedRingsAtOnceAfterOneLookUp) {
  for (const PushTo whom : {PushTo::nobody, PushTo::absent}) {
    CallSettings settings = test_settings();
    settings.push = whom;
    World one{{.settings = settings}};
    Phone app = one.phone(1, call::Dialect::token), ben = one.phone(2);
    const auto before = one.nodes[0]->sessions.look_ups();
    const CallId call = one.start(app, 2, [](StartCall& request) {
      request.more = {user_numbered(3)};
      request.ring = call::RingPolicy::on_caller_ready;
      request.caller_media = call::CallerMedia::joined;
    });
    one.settle();
    EXPECT_EQ(one.nodes[0]->sessions.look_ups(), before + 1);
    EXPECT_THAT(ben.received(), ElementsAre("incoming"));
    EXPECT_THAT(app.received(), ElementsAre("created"));
    EXPECT_EQ(one.row(call).ring, call::RingPolicy::on_caller_ready) << "C-05: the policy of the dialect";
    EXPECT_TRUE(one.row(call).announced);
  }
}

// J-1.4
TEST_F(GroupStart, OfAStrangerIsRefusedLikeThatOfAnUnknownConversation) {
  const Phone eve = world.phone(5);
  for (const ConversationId& id : {crew, conversation_numbered(77)}) {
    start_in(eve, id);
    settle();
    EXPECT_EQ(refusal().why, Refusal::not_in_conversation);
  }
  EXPECT_TRUE(world.store.calls.empty());
  EXPECT_THAT(bob.received(), IsEmpty());
}

// J-2.1
TEST_F(GroupStart, InADirectConversationIsACallOfTwoUnlessItIsNamedAsAGroup) {
  const ConversationId direct = conversation_numbered(2);
  open(conversation::Kind::direct, {2}, direct);
  start_in(alice, direct);
  settle();
  EXPECT_EQ(refusal().why, Refusal::not_a_group);
  const CallId call = start_in(alice, direct, {}, Place::Named::as_conversation);
  settle();
  EXPECT_EQ(world.row(call).callee, bob.me.user);
  EXPECT_EQ(world.row(call).conversation, direct);
  start_in(bob, direct, {}, Place::Named::as_conversation);  // X-05 goes before J-2.4
  settle();
  ASSERT_TRUE(succeeded());
  EXPECT_TRUE(world.answers.back().front()->glare);
  EXPECT_EQ(world.row(call).status, Status::connected);
}

TEST_F(GroupStart, WithOneOtherMemberIsAGroupCallAllTheSame) {
  const ConversationId pair = conversation_numbered(2);
  open(conversation::Kind::group, {2}, pair);
  const CallId call = start_in(alice, pair);
  settle();
  EXPECT_FALSE(world.row(call).callee);
  world.accept(bob, call);
  settle();
  EXPECT_EQ(world.row(call).status, Status::connected);
}

// J-2.12, J-2.13, C-05
TEST_F(GroupStart, OnANativeSessionRingsNobodyBeforeTheCallerIsReady) {
  const CallId call = start_in(alice, crew, {});
  settle();
  EXPECT_THAT(bob.received(), IsEmpty());
  world.accept(bob, call);
  settle();
  EXPECT_EQ(refusal().why, Refusal::not_ringing);
  world.pass(20s);
  world.calls(alice).ready(alice.me, call, world.reply());
  settle();
  EXPECT_THAT(newly_received(bob), ElementsAre("incoming"));
  EXPECT_THAT(newly_received(alice), ElementsAre("created", "created"));
  world.pass(29s);
  EXPECT_EQ(world.row(call).status, Status::calling) << "it rings its whole time from then on";
}

// J-2.12
TEST_F(GroupStart, WhoseCallerIsNotReadyInTimeIsMissedByTheCallerAlone) {
  const CallId call = start_in(alice, crew, {});
  world.pass(31s);
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::timeout);
  EXPECT_THAT(newly_received(alice), ElementsAre("created", "missed"));
  EXPECT_THAT(bob.received(), IsEmpty());
}

// J-1.5
TEST_F(GroupStart, DoesNotRingAMemberWhoDoesNotWantItButLetsThemJoin) {
  member(dan).ring_mode = conversation::RingMode::none;
  const CallId call = ring_all();
  EXPECT_THAT(dan.received(), IsEmpty());
  EXPECT_EQ(leg(dan, call), LegState::invited);
  world.phone(4);
  settle();
  world.accept(bob, call);
  settle();
  world.accept(dan, call);
  settle();
  EXPECT_TRUE(succeeded());
  EXPECT_EQ(leg(dan, call), LegState::joined);
}

// J-1.5, J-2.6, J-2.8
TEST_F(GroupStart, IsKeptFromASilentMemberToItsEnd) {
  member(dan).ring_mode = conversation::RingMode::none;
  const CallId call = ring_all();
  const Phone tablet = world.phone(4);
  world.pass(31s);
  EXPECT_EQ(world.row(call).status, Status::missed);
  EXPECT_THAT(dan.received(), IsEmpty());
  EXPECT_THAT(tablet.received(), IsEmpty());
  EXPECT_EQ(leg(dan, call), LegState::missed);
}

// J-1.7
TEST_F(GroupStart, DoesNotRingBetweenTwoOfWhomOneBlocksTheOther) {
  world.store.blocks = {{dan.me.user, alice.me.user}, {alice.me.user, carol.me.user}};
  const auto before = world.nodes[0]->sessions.look_ups();
  const CallId call = ring_all();
  EXPECT_EQ(world.nodes[0]->sessions.look_ups(), before + 1);
  EXPECT_THAT(newly_received(bob), ElementsAre("incoming"));
  for (const Phone& phone : {carol, dan}) {
    EXPECT_THAT(phone.received(), IsEmpty());
    EXPECT_EQ(leg(phone, call), LegState::invited);
  }
}

// J-1.7
TEST_F(GroupStart, BlockThatIsSetBeforeTheCommitCounts) {
  const CallId call = start_until_its_commit_waits();
  world.store.blocks = {{bob.me.user, alice.me.user}};
  settle();
  EXPECT_THAT(bob.received(), IsEmpty());
  EXPECT_EQ(leg(bob, call), LegState::invited);
}

// J-1.7
TEST_F(GroupStart, CallOfTwoToABlockedUserIsRefusedAsToAnInactiveOne) {
  world.store.blocks = {{bob.me.user, alice.me.user}};
  ring();
  EXPECT_EQ(refusal().why, Refusal::recipient_inactive);
  EXPECT_THAT(bob.received(), IsEmpty());
}

// J-2.3, R-000-20
TEST_F(GroupStart, DoesNotDisturbABusyMemberAndSaysSo) {
  const Phone eve = world.phone(5);
  world.accept(bob, world.start(eve, 2));
  settle();
  newly_received(bob);
  const CallId call = ring_all();
  EXPECT_EQ(leg(bob, call), LegState::busy);
  EXPECT_THAT(newly_received(bob), IsEmpty());
  EXPECT_THAT(newly_received(alice), ElementsAre("created", "one_declined"));
  EXPECT_THAT(newly_received(carol), ElementsAre("incoming"));
}

// J-2.3, C-09
TEST_F(GroupStart, IsRefusedIfAllAreBusy) {
  const Phone eve = world.phone(5), frank = world.phone(6);
  open(conversation::Kind::group, {2, 3});
  world.accept(bob, world.start(eve, 2));
  world.accept(carol, world.start(frank, 3));
  settle();
  const auto calls = world.store.calls.size();
  ring_all();
  EXPECT_EQ(refusal().why, Refusal::recipient_busy);
  EXPECT_EQ(world.store.calls.size(), calls);
  EXPECT_EQ(world.store.attempts.size(), 2U);
}

// J-5.3
TEST_F(GroupStart, ThatIsRefusedAsBusyIsKnownToAllTokenSessionsOfItsCaller) {
  const Phone eve = world.phone(5), app = world.phone(1, call::Dialect::token), tablet = world.phone(1, call::Dialect::token);
  open(conversation::Kind::direct, {2});
  world.accept(bob, world.start(eve, 2));
  settle();
  for (const Phone& caller : {app, alice}) {
    const auto before = world.nodes[0]->sessions.look_ups();
    start_in(caller, crew, {}, Place::Named::as_conversation);
    settle();
    EXPECT_EQ(refusal().why, Refusal::recipient_busy);
    EXPECT_EQ(world.nodes[0]->sessions.look_ups(), before + 1) << "R-000-39";
  }
  EXPECT_THAT(newly_received(app), ElementsAre("busy")) << "the native start was answered, and nobody else knows of it";
  EXPECT_THAT(newly_received(tablet), ElementsAre("busy"));
  EXPECT_THAT(newly_received(alice), IsEmpty());
}

// J-2.3
TEST_F(GroupStart, LeavesAMemberWhoRingsFreeForOtherCalls) {
  ring_all();
  const CallId other = world.start(world.phone(5), 2);
  settle();
  world.accept(bob, other);
  settle();
  EXPECT_EQ(world.row(other).status, Status::connected);
}

// J-2.3
TEST_F(GroupStart, MemberWhoIsInAnotherCallByNowCannotJoin) {
  const CallId call = ring_all();
  world.accept(bob, world.start(world.phone(5), 2));
  settle();
  world.accept(bob, call);
  settle();
  EXPECT_EQ(refusal().why, Refusal::caller_busy);
}

// J-2.4
TEST_F(GroupStart, OfAnotherMemberMeetsTheCallThatIsThereAndRingsAgain) {
  const CallId call = ring_all();
  newly_received(bob);
  start_in(bob, crew);
  settle();
  EXPECT_EQ(refusal().why, Refusal::caller_busy);
  EXPECT_TRUE(refusal().glare);
  EXPECT_EQ(refusal().call->row.id, call);
  EXPECT_THAT(newly_received(bob), ElementsAre("incoming"));
  world.reject(bob, call);
  start_in(bob, crew);
  settle();
  EXPECT_TRUE(refusal().glare) << "who declined cannot start another in it either";
  start_in(alice, crew);
  settle();
  EXPECT_EQ(refusal().why, Refusal::caller_busy) << "nor can its caller";
}

// J-2.4
TEST_F(GroupStart, RepeatedOnATokenSessionIsTheSameCall) {
  Phone page = world.phone(1, call::Dialect::token);
  const CallId call = start_in(page, crew);
  settle();
  start_in(page, crew);
  settle();
  ASSERT_TRUE(succeeded());
  EXPECT_EQ(world.answers.back().front()->call->row.id, call);
  EXPECT_THAT(newly_received(bob), ElementsAre("incoming"));
}

// J-2.4: in a conversation of two as well, and from another device than the one that is lost.
TEST_F(GroupStart, RepeatedOnANewTokenSessionInADirectConversationKeepsTheCall) {
  const ConversationId direct = conversation_numbered(2);
  open(conversation::Kind::direct, {2}, direct);
  world.disconnect(alice, Departure::left);
  const Phone first = world.phone(1, call::Dialect::token);
  const CallId call = start_in(first, direct, call::RingPolicy::immediate, Place::Named::as_conversation);
  settle();
  world.suspend(first);
  const Phone second = world.phone(1, call::Dialect::token);
  start_in(second, direct, call::RingPolicy::immediate, Place::Named::as_conversation);
  settle();
  ASSERT_TRUE(succeeded());
  EXPECT_EQ(world.answers.back().front()->call->row.id, call);
  world.pass(10s);
  EXPECT_EQ(world.row(call).status, Status::calling) << "the caller is here";
  EXPECT_THAT(newly_received(bob), ElementsAre("incoming"));
}

//
TEST_F(GroupStart, LeavesOutWhoIsNoLongerAMemberOrActiveWhenItIsCommitted) {
  const CallId call = start_until_its_commit_waits();
  remove(bob);
  world.store.active[carol.me.user] = false;
  settle();
  EXPECT_THAT(bob.received(), IsEmpty());
  EXPECT_THAT(carol.received(), IsEmpty());
  EXPECT_EQ(world.row(call).legs.size(), 2U);
  EXPECT_THAT(newly_received(dan), ElementsAre("incoming"));
}

}  // namespace
}  // namespace belfry::calls::testing
