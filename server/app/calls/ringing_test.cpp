// While a call rings: which devices ring, when it stops, and what happens to those who are lost.
#include "app/calls/calls_stage_for_tests.hpp"
#include "store/audit_chain.hpp"

namespace belfry::calls::testing {
namespace {

using call::Status;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Ringing : public CallsStage {};

// T-05
TEST_F(Ringing, CallerIsNotifiedOnceThatADeviceRings) {
  const CallId call = ring();
  for (int i = 0; i < 2; ++i) world.calls(bob).ringing(bob.me, call, world.reply());
  settle();
  EXPECT_EQ(alice.received("ringing"), 1U);
  EXPECT_EQ(callee_leg(world.row(call)).state, call::LegState::ringing);
}

// SPEC 2.3: the state is notified once a session was rung, invited until then.
TEST_F(Ringing, CalleesLegIsInvitedUntilADeviceIsRung) {
  EXPECT_EQ(callee_leg(world.row(ring())).state, call::LegState::notified);
  world.cancel(alice, world.store.calls.begin()->first);
  settle();
  const CallId unheard = world.start(alice, 5);
  settle();
  EXPECT_EQ(callee_leg(world.row(unheard)).state, call::LegState::invited);
  const Phone eve = world.phone(5);
  world.suspend(alice);
  settle();
  EXPECT_EQ(callee_leg(world.row(unheard)).state, call::LegState::notified);
}

// X-12, R-001-46
TEST_F(Ringing, DeviceThatConnectsDuringTheRingIsRungAndALaterOneIsNot) {
  ring();
  const Phone tablet = world.phone(2);
  settle();
  EXPECT_THAT(tablet.received(), ElementsAre("incoming"));
  world.pass(40s);
  const Phone late = world.phone(2);
  settle();
  EXPECT_THAT(late.received(), IsEmpty());
}

// R-001-26: found by black-box acceptance. Asking for a snapshot, or resuming, is no reason to ring twice.
TEST_F(Ringing, SessionIsRungOnceHoweverOftenItRejoins) {
  ring();
  world.calls(bob).rejoin_calls(bob.me);
  settle();
  EXPECT_EQ(bob.received("incoming"), 1U);
  const Phone tablet = world.phone(2);
  settle();
  ASSERT_TRUE(world.sessions(tablet).resume(bob.me.user, tablet.me.at, bob.me.session));
  world.calls(tablet).rejoin_calls(tablet.me);
  settle();
  EXPECT_EQ(tablet.received("incoming"), 1U);
}

// A socket with a credential is native until it sends an event of the signaling dialect: then it connects again, at the same
// address.
TEST_F(Ringing, SocketThatChangesItsDialectIsRungAgainInTheNewOne) {
  ring();
  sessions::ShardSessions& sessions = world.sessions(bob);
  sessions.leave(bob.me.user, bob.me.at, Departure::replaced);
  sessions.come(bob.me.user, bob.name, {.id = bob.me.session, .at = bob.me.at, .dialect = call::Dialect::signaling});
  settle();
  EXPECT_EQ(bob.received("incoming"), 2U);
}

// T-14, X-12, 2.8.11
TEST_F(Ringing, CalleesOtherDevicesKeepRingingUntilTheLastOneLeaves) {
  const Phone tablet = world.phone(2);
  const CallId call = ring();
  world.disconnect(bob, Departure::left);
  settle();
  EXPECT_EQ(world.row(call).status, Status::calling);
  world.disconnect(tablet, Departure::left);
  settle();
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::unreachable);
  EXPECT_EQ(alice.received("missed"), 1U);
}

// T-13, X-11
TEST_F(Ringing, LostCallerCancelsTheCallAfterTheGraceUnlessTheyReturn) {
  const CallId call = ring();
  world.suspend(alice);
  world.pass(4s);
  EXPECT_THAT(bob.received(), ElementsAre("incoming"));
  world.recover(alice);
  world.pass(4s);
  EXPECT_EQ(world.row(call).status, Status::calling);
  world.suspend(alice);
  world.pass(6s);
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::caller_disconnected);
  EXPECT_EQ(bob.received("cancelled"), 1U);
}

// X-11, R-000-08, R-003-33: a loss during the commit of the start was missed. It is found afterwards, as a suspended session.
TEST_F(Ringing, LossOfTheCallerDuringTheCommitOfTheStartIsNoticed) {
  world.store.later = true;
  const CallId call = world.start(alice, 2);
  world.suspend(alice);
  settle();
  world.pass(6s);
  EXPECT_EQ(world.row(call).status, Status::missed);
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::caller_disconnected);
  EXPECT_EQ(bob.received("cancelled"), 1U);
}

// T-14: the same for the callee.
TEST_F(Ringing, LossOfTheCalleeDuringTheCommitOfTheStartIsNoticed) {
  world.store.later = true;
  const CallId call = world.start(alice, 2);
  world.suspend(bob);
  settle();
  world.pass(6s);
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::unreachable);
}

// A callee without a session is not lost: the call rings until its deadline (C-10).
TEST_F(Ringing, CalleeWhoWasNeverConnectedIsNotLost) {
  const CallId call = world.start(alice, 3);
  settle();
  world.pass(20s);
  EXPECT_EQ(world.row(call).status, Status::calling);
}

class RingDeadline : public CallsStage {};

// T-12, R-001-42, R-001-43
TEST_F(RingDeadline, UnansweredCallIsMissedByBoth) {
  const CallId call = ring();
  world.pass(31s);
  EXPECT_EQ(alice.received("missed"), 1U);
  EXPECT_EQ(bob.received("missed"), 1U);
  EXPECT_EQ(world.row(call).ended, world.row(call).ring_expires);
  EXPECT_TRUE(world.store.slots.empty());
}

//
TEST_F(RingDeadline, IsNotMovedBySettingTheSystemClock) {
  const CallId call = ring();
  world.clock.jumped_ms = 3'600'000;
  world.pass(29s);
  EXPECT_EQ(world.row(call).status, Status::calling);
  world.clock.jumped_ms = -3'600'000;
  world.pass(2s);
  EXPECT_EQ(world.row(call).status, Status::missed);
  EXPECT_GE(*world.row(call).ended, world.row(call).created);
  world.clock.jumped_ms = 0;
}

// R-001-44
TEST_F(RingDeadline, SweepExpiresCallsThatHaveNoTimer) {
  auto& hidden = world.store.calls[CallId(Uuid{7})];
  hidden.row.id = CallId(Uuid{7});
  hidden.row.version = 1;
  set_people(hidden.row, user_numbered(5), user_numbered(6));
  hidden.people = world.store.people_of(hidden.row);
  hidden.row.created = {1'600'000'000'000};
  hidden.row.ring_expires = WallTime{1'600'000'060'000};
  store::AuditRecord first;
  first.hash = hidden.row.tip = store::audit_hash({}, hidden.row.id, 1, first);
  world.store.audit[hidden.row.id] = {first};
  world.log.keep = true;
  world.nodes[0]->calls[0]->sweep_from_now_on();
  world.pass(16s);
  EXPECT_EQ(world.row(CallId(Uuid{7})).status, Status::missed);
  EXPECT_THAT(world.log.lines, Contains("overdue calls expired"));
}

}  // namespace
}  // namespace belfry::calls::testing
