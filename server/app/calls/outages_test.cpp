// The store is down, or the server stops and starts again: what becomes of the calls that ring or are connected.
#include "app/calls/calls_stage_for_tests.hpp"
#include "app/calls/signal_relay.hpp"

namespace belfry::calls::testing {
namespace {

using call::Status;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

class StoreOutage : public CallsStage {};

// R-001-19, R-001-20
TEST_F(StoreOutage, RefusesCommandsAndDelaysTimersUntilTheStoreIsBack) {
  const CallId call = ring();
  world.store.down = true;
  world.accept(bob, call);
  settle();
  EXPECT_EQ(refusal().why, Refusal::store_unavailable);
  world.pass(31s);
  EXPECT_EQ(world.row(call).status, Status::calling);
  EXPECT_EQ(alice.received("missed"), 0U);
  world.store.down = false;
  world.pass(1s);
  EXPECT_EQ(world.row(call).status, Status::missed);
  EXPECT_EQ(world.row(call).ended, world.row(call).ring_expires);
  EXPECT_EQ(alice.received("missed"), 1U);
}

// R-001-19: a call which this shard does not hold any more has to be read, and cannot be.
TEST_F(StoreOutage, RefusesACommandForACallThatHasToBeLoaded) {
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

// R-001-86
TEST_F(StoreOutage, SignalThatCannotBePassedOnIsLoggedWithErrorAndStack) {
  const CallId call = connected_call();
  world.end(bob, call);
  world.pass(10s);
  world.store.down = true;
  world.log.keep = true;
  world.signal(world.rest(1), call, "x");
  settle();
  EXPECT_EQ(refusal().why, Refusal::store_unavailable);
  EXPECT_THAT(world.log.lines, ElementsAre("a signal could not be passed on"));
  EXPECT_THAT(world.log.fields,
              ElementsAre(ElementsAre(
                  Pair("error", "store unavailable"), Pair("event", "WS_WEBRTC_SIGNAL"), Pair("eventType", "candidate"),
                  Pair("stack", AllOf(HasSubstr("CallHost::loaded"), HasSubstr("(server/app/calls/call_host.cpp:"))))));
}

class Restart : public CallsStage {};

//
TEST_F(Restart, KeepsTheDeadlineOfARingingCall) {
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

// X-23, T-07, T-13: found by black-box acceptance. A caller who is not back yet is notified of the answer later;
// one who never returns is gone.
TEST_F(Restart, WaitsForTheCallerOfARingingCall) {
  const CallId call = ring();
  for (const bool answered : {true, false}) {
    World again;
    again.clock.pass(world.clock.now() - again.clock.now());
    again.store = world.store;
    again.nodes[0]->calls[0]->restore({{world.store.calls.at(call), again.clock.wall()}});
    again.settle();
    const Phone callee = again.phone(2);
    again.settle();
    EXPECT_EQ(callee.received("incoming"), 1U);
    if (answered) {
      again.accept(callee, call);
      again.settle();
      const Phone caller = again.phone(1);
      again.settle();
      EXPECT_EQ(caller.received("accepted"), 1U);
    } else {
      again.pass(31s);
      EXPECT_EQ(again.row(call).status, Status::missed);
      const Phone caller = again.phone(1, call::Dialect::signaling);
      again.settle();
      EXPECT_EQ(caller.received("missed"), 1U);
    }
  }
}

// X-23, found by black-box acceptance: ringing over a restart, and cancelled before the callee is back.
TEST_F(Restart, CalleeWhoIsAwayDuringItIsNotifiedOfTheCancelOnReturn) {
  const CallId call = ring();
  World again;
  again.clock.pass(world.clock.now() - again.clock.now());
  again.store = world.store;
  again.nodes[0]->calls[0]->restore({{world.store.calls.at(call), again.clock.wall()}});
  const Phone caller = again.phone(1);
  again.settle();
  again.cancel(caller, call);
  again.settle();
  const Phone callee = again.phone(2, call::Dialect::signaling);
  again.settle();
  EXPECT_THAT(callee.received(), ElementsAre("cancelled"));
}

//
TEST_F(Restart, WaitsForBothPeopleOrEndsTheCallAsOfTheTimeOfTheCrash) {
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
TEST_F(Restart, ParticipantWhoReconnectsBeforeTheReloadKeepsTheirLeg) {
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
TEST_F(Restart, RepeatOfAnEndAfterItChangesNothing) {
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

// The drain closes the sockets itself: their losses once ended the calls of the users it disconnected.
TEST_F(Restart, DrainThatClosesTheSocketsEndsNoCall) {
  const CallId call = connected_call();
  for (auto& shard : world.nodes[0]->calls) shard->freeze();
  world.suspend(alice);
  world.disconnect(bob, Departure::lost);
  world.pass(60s);
  EXPECT_EQ(world.row(call).status, Status::connected);
  EXPECT_EQ(caller_leg(world.row(call)).state, call::LegState::joined);
  world.end(alice, call);
  settle();
  EXPECT_EQ(world.row(call).status, Status::ended) << "what people say still holds";
}

// R-001-44, X-03: the sweep goes straight to the call, so it leaves a deadline that has just passed to the call's own alarm.
TEST_F(StoreOutage, SweepDoesNotOvertakeAnAnswerThatWasReceivedInTime) {
  const auto host = [&](const CallId& call) { return world.nodes[0]->shared.host_of(call); };
  world.clock.pass(1s);
  const CallId call = world.start(alice, 2, [&](StartCall& request) {
    while (host(*request.id) == bob.me.at.shard) request.id = world.calls(alice).new_call_id();
  });
  settle();
  world.clock.pass(15s + 500ms);
  world.nodes[0]->calls[host(call)]->sweep_from_now_on();  // it comes half a second after the deadline
  world.clock.pass(14s + 500ms);
  world.accept(bob, call);
  world.clock.pass(500ms);
  world.nodes[0]->calls[host(call)]->on_time(world.clock.now());
  settle();
  EXPECT_TRUE(succeeded());
  EXPECT_EQ(world.row(call).status, Status::connected);
}

}  // namespace
}  // namespace belfry::calls::testing
