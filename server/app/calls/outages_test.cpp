// The store down, the server restarted, the clock set: what a call makes of it.
#include "app/calls/calls_stage_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

using call::Status;
using ::testing::Contains;

// R-001-19, R-001-20
TEST_F(CallsTest, StoreOutageIsReportedAndTimersRetryByThemselves) {
  const CallId call = ring();
  world.store.down = true;
  world.accept(bob, call);
  settle();
  EXPECT_EQ(refusal().why, Refusal::store_unavailable);
  world.pass(31s);
  EXPECT_EQ(world.row(call).status, Status::calling);
  EXPECT_EQ(alice.heard("missed"), 0U);
  world.store.down = false;
  world.pass(1s);
  EXPECT_EQ(world.row(call).status, Status::missed);
  EXPECT_EQ(world.row(call).ended, world.row(call).ring_expires);
  EXPECT_EQ(alice.heard("missed"), 1U);
}

// R-001-44
TEST_F(CallsTest, SweepExpiresCallsThatHaveNoTimer) {
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

//
TEST_F(CallsTest, RestartWhileRingingKeepsTheDeadline) {
  const CallId call = ring();
  world.clock.pass(10s);
  World after_restart;
  after_restart.clock.pass(world.clock.now() - after_restart.clock.now());
  after_restart.store = world.store;
  after_restart.nodes[0]->calls[0]->restore({{world.store.calls.at(call), after_restart.clock.wall()}});
  after_restart.pass(19s);
  EXPECT_EQ(after_restart.row(call).status, Status::calling);
  after_restart.pass(2s);
  EXPECT_EQ(after_restart.row(call).status, Status::missed);
  EXPECT_EQ(after_restart.row(call).ended, world.row(call).ring_expires);
}

// X-23, T-07, T-13: found by black-box acceptance. A caller who is not back yet hears the answer later; one who never comes is
// gone.
TEST_F(CallsTest, RestartWhileRingingWaitsForTheCaller) {
  const CallId call = ring();
  for (const bool answered : {true, false}) {
    World again;
    again.clock.pass(world.clock.now() - again.clock.now());
    again.store = world.store;
    again.nodes[0]->calls[0]->restore({{world.store.calls.at(call), again.clock.wall()}});
    again.settle();
    const Phone callee = again.phone(2);
    again.settle();
    EXPECT_EQ(callee.heard("incoming"), 1U);
    if (answered) {
      again.accept(callee, call);
      again.settle();
      const Phone caller = again.phone(1);
      again.settle();
      EXPECT_EQ(caller.heard("accepted"), 1U);
    } else {
      again.pass(31s);
      EXPECT_EQ(again.row(call).status, Status::missed);
      const Phone caller = again.phone(1, call::Dialect::signaling);
      again.settle();
      EXPECT_EQ(caller.heard("missed"), 1U);
    }
  }
}

// A7: the drain closes the sockets itself, and must not end the calls of those whom it disconnects.
TEST_F(CallsTest, DrainThatClosesTheSocketsLeavesCallsAsTheyAre) {
  const CallId call = connected_call();
  for (auto& shard : world.nodes[0]->calls) shard->freeze();
  world.suspends(alice);
  world.goes(bob, Departure::lost);
  world.pass(60s);
  EXPECT_EQ(world.row(call).status, Status::connected);
  EXPECT_EQ(caller_leg(world.row(call)).state, call::LegState::joined);
  world.end(alice, call);
  settle();
  EXPECT_EQ(world.row(call).status, Status::ended) << "what people say still holds";
}

//
TEST_F(CallsTest, RestartDuringAConversationWaitsForBothOrEndsItAtTheTimeOfTheCrash) {
  const CallId call = connected_call();
  world.clock.pass(10s);
  const WallTime went = world.clock.wall();
  for (const bool back : {true, false}) {
    World again;
    again.clock.pass(world.clock.now() - again.clock.now());
    again.store = world.store;
    const WallTime last_alive = again.clock.wall();
    again.clock.pass(3s);
    again.nodes[0]->calls[0]->restore({{world.store.calls.at(call), last_alive}});
    again.settle();
    if (back) again.phone(1), again.phone(2);
    again.pass(31s);
    EXPECT_EQ(again.row(call).status, back ? Status::connected : Status::ended);
    if (back) continue;
    EXPECT_EQ(again.row(call).end_reason, call::EndReason::server_restart);
    EXPECT_EQ(again.row(call).ended, went);
  }
}

// found by stores.test.mjs. People may be quicker than the store, and the store may fail at first.
TEST_F(CallsTest, ParticipantWhoReconnectsBeforeReloadKeepsTheirLeg) {
  const CallId call = connected_call();
  for (const bool store_fails_first : {true, false}) {
    World again({.seed = 3});
    again.clock.pass(world.clock.now() - again.clock.now());
    again.store = world.store;
    again.phone(1), again.phone(2);
    again.store.fail = store_fails_first ? 1 : 0;
    again.nodes[0]->calls[0]->restore({{world.store.calls.at(call), again.clock.wall()}});
    again.pass(40s);
    EXPECT_EQ(again.row(call).status, Status::connected) << store_fails_first;
  }
}

// T-26: found by the crash loop. A row that is read back must not be written again, to the millisecond.
TEST_F(CallsTest, RepeatOfAnEndAfterARestartChangesNothing) {
  const CallId call = connected_call();
  world.clock.pass(1234567ns);
  world.end(alice, call);
  settle();
  World again;
  again.clock.pass(world.clock.now() - again.clock.now() + 987654321ns);
  again.store = world.store;
  Phone same = again.rest(1);
  same.me.session = alice.me.session;
  again.end(same, call);
  again.settle();
  EXPECT_TRUE(again.answers.back().front().has_value());
  EXPECT_EQ(again.row(call), world.row(call));
}

// Two servers: found on reading again. A call which the other one ended is nobody's active call here any more.
TEST(TwoServers, CallThatEndedElsewhereIsNoLongerListedHere) {
  World world({.nodes = 2});
  const Phone alice = world.phone(1), bob = world.phone(2);
  const CallId call = world.start(alice, 2);
  world.settle();
  world.accept(bob, call);
  world.settle();
  world.end(world.rest(1, 1), call);
  world.settle();
  world.end(bob, call);
  world.settle();
  EXPECT_EQ(world.answers.back().front().error().why, Refusal::not_active);
  for (const Phone& phone : {alice, bob}) EXPECT_TRUE(world.nodes[0]->shared.calls_of(phone.me.user).empty());
}

// A4, X-22: a server that was silent for too long and goes on: another one has taken its calls over, but their people are here.
TEST(TwoServers, ServerThatWasTakenForGoneTakesItsCallsBack) {
  World world({.nodes = 2});
  const Phone alice = world.phone(1), bob = world.phone(2);
  const CallId call = world.start(alice, 2);
  world.settle();
  world.accept(bob, call);
  world.settle();
  world.nodes[1]->calls[0]->restore({{world.store.calls.at(call), world.clock.wall()}});
  world.settle();
  EXPECT_TRUE(caller_leg(world.row(call)).away.has_value());
  world.nodes[0]->calls[0]->catch_up_all();
  world.settle();
  EXPECT_FALSE(caller_leg(world.row(call)).away || callee_leg(world.row(call)).away);
  world.pass(40s);
  EXPECT_EQ(world.row(call).status, Status::connected);
  EXPECT_EQ(alice.heard("ended") + bob.heard("ended"), 0U);
}

// A4, I-5: an end that another server made is told here when its word in the outbox is found, once.
TEST(TwoServers, EndCommittedByAnotherServerIsDeliveredHere) {
  World world({.nodes = 2});
  const Phone alice = world.phone(1), bob = world.phone(2);
  const CallId call = world.start(alice, 2);
  world.settle();
  world.accept(bob, call);
  world.settle();
  world.end(world.rest(1, 1), call);
  world.settle();
  EXPECT_EQ(world.store.outbox.size(), 1U);
  for (int twice = 0; twice < 2; ++twice) {
    world.nodes[0]->calls[0]->catch_up(call);
    world.settle();
  }
  EXPECT_EQ(alice.heard("ended"), 1U);
  EXPECT_EQ(bob.heard("ended"), 1U);
  EXPECT_TRUE(world.store.outbox.empty());
}

/// Two people on the first server, whose call another one ends; the first has read the word that it left for Bob.
struct EndedElsewhere {
  World world{{.nodes = 2}};
  Phone alice = world.phone(1), bob = world.phone(2);
  CallId call = world.start(alice, 2);

  EndedElsewhere() {
    world.settle();
    world.accept(bob, call);
    world.settle();
  }
  void end_on_the_other() {
    world.end(world.rest(1, 1), call);
    world.settle();
    read_the_outbox();
  }
  void read_the_outbox() {
    for (const auto& [to, entry] : world.store.outbox) world.nodes[0]->shared.unheard().remember(entry);
    world.nodes[0]->calls[0]->catch_up(call);
    world.settle();
  }
};

// who was suspended just then was told nothing, and what was left for them was taken for told when they came back.
TEST(EndMadeElsewhere, IsInTheRecoveryLogOfASuspendedSession) {
  EndedElsewhere test;
  test.world.suspends(test.bob);
  test.end_on_the_other();
  test.world.recovers(test.bob);
  test.world.settle();
  EXPECT_EQ(test.bob.heard("ended"), 1U);
  EXPECT_TRUE(test.world.store.outbox.empty());
}

TEST(EndMadeElsewhere, IsDeliveredToTheNextSessionIfTheSuspendedOneNeverReturns) {
  EndedElsewhere test;
  test.world.suspends(test.bob);
  test.end_on_the_other();
  EXPECT_EQ(test.world.store.outbox.size(), 1U);
  test.world.goes(test.bob, Departure::left);
  test.world.settle();
  const Phone next = test.world.phone(2, call::Dialect::signaling);
  test.world.settle();
  EXPECT_EQ(next.heard("ended"), 1U);
  EXPECT_TRUE(test.world.store.outbox.empty());
}

TEST(EndMadeElsewhere, WaitsForAParticipantWhoIsAway) {
  EndedElsewhere test;
  test.world.goes(test.bob, Departure::lost);
  test.world.settle();
  test.end_on_the_other();
  test.read_the_outbox();
  const Phone next = test.world.phone(2, call::Dialect::signaling);
  test.world.settle();
  EXPECT_EQ(next.heard("ended"), 1U);
}

//
TEST_F(CallsTest, SettingTheSystemClockMovesNoDeadline) {
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

// R-001-19: a call which this shard does not hold any more has to be read, and cannot be.
TEST_F(CallsTest, CommandForAnUnloadedCallDuringAnOutageIsRefusedAsUnavailable) {
  const CallId call = connected_call();
  world.end(bob, call);
  world.pass(10s);
  world.store.down = true;
  world.end(world.rest(1), call);
  settle();
  EXPECT_EQ(refusal().why, Refusal::store_unavailable);
  world.store.down = false;
  world.end(world.rest(1), call);
  settle();
  EXPECT_EQ(refusal().why, Refusal::not_active);
}

// A5, X-11, R-000-08, R-003-33: who lost the connection while the start was being committed is still known,
// as a suspended session.
TEST_F(CallsTest, LossOfTheCallerDuringTheCommitOfTheStartIsNoticed) {
  world.store.later = true;
  const CallId call = world.start(alice, 2);
  world.suspends(alice);
  settle();
  world.pass(6s);
  EXPECT_EQ(world.row(call).status, Status::missed);
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::caller_disconnected);
  EXPECT_EQ(bob.heard("cancelled"), 1U);
}

// A5, T-14: the same for the callee.
TEST_F(CallsTest, LossOfTheCalleeDuringTheCommitOfTheStartIsNoticed) {
  world.store.later = true;
  const CallId call = world.start(alice, 2);
  world.suspends(bob);
  settle();
  world.pass(6s);
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::unreachable);
}

// A5: one who was never here is no loss; the call rings on to its deadline (C-10).
TEST_F(CallsTest, CalleeWhoWasNeverHereIsNotLost) {
  const CallId call = world.start(alice, 3);
  settle();
  world.pass(20s);
  EXPECT_EQ(world.row(call).status, Status::calling);
}

// A6, T-18, T-20: the first attempt to store the loss fails.
TEST_F(CallsTest, LossWhoseCommitFailedIsStoredLater) {
  const CallId call = connected_call();
  world.store.fail = 1;
  world.suspends(alice);
  settle();
  world.pass(31s);
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::connection_lost);
  EXPECT_EQ(bob.heard("ended"), 1U);
}

// A6: and the other way round. A return whose commit failed says nothing any more if the session is lost again meanwhile.
TEST_F(CallsTest, FailedReturnIsDroppedWhenTheSessionIsLostAgain) {
  const CallId call = connected_call();
  world.suspends(alice);
  settle();
  world.store.fail = 1;
  world.recovers(alice);
  settle();
  world.suspends(alice);
  settle();
  world.pass(1s);
  EXPECT_EQ(caller_leg(world.row(call)).state, call::LegState::suspended);
  world.pass(30s);
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::connection_lost);
}

}  // namespace
}  // namespace belfry::calls::testing
