// Who is refused, and in which words: the busy, the unknown, strangers, repeats, too many, too late.
#include "app/calls/calls_stage_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

using call::Dialect;
using call::Status;

// T-25
TEST_F(CallsTest, RecallFromANewSessionEndsTheOldCallAndMakesANewOne) {
  const Phone first = world.phone(3, Dialect::signaling);
  const CallId old = world.start(first, 2);
  settle();
  world.accept(bob, old);
  settle();
  world.goes(first, Departure::lost);
  settle();
  const Phone anew = world.rest(3);
  Phone dialer = anew;
  dialer.me.at = {0, 0, 900, 1};
  world.nodes[0]->sessions.enter(dialer.me.user, "carol", {.id = dialer.me.session, .at = dialer.me.at});
  const CallId fresh_call = world.start(dialer, 2);
  settle();
  EXPECT_EQ(world.row(old).end_reason, call::EndReason::superseded);
  EXPECT_EQ(world.row(fresh_call).status, Status::calling);
}

// T-25: found by black-box acceptance.
TEST_F(CallsTest, RecallOfAPeerWhoIsGoneEndsTheOldCall) {
  const CallId old = connected_call();
  world.start(alice, 2);
  settle();
  EXPECT_EQ(refusal().why, Refusal::caller_busy) << "nobody is gone";
  world.goes(bob, Departure::lost);
  settle();
  const CallId anew = world.start(alice, 2);
  settle();
  EXPECT_EQ(world.row(old).end_reason, call::EndReason::superseded);
  EXPECT_EQ(world.row(anew).status, Status::calling);
}

TEST_F(CallsTest, RecallByRestOfOneWhoseSocketIsGoneEndsTheOldCall) {
  const CallId old = connected_call();
  const CallId refused = world.start(world.rest(1), 2);
  settle();
  EXPECT_EQ(refusal().why, Refusal::caller_busy) << "the socket is still there";
  EXPECT_FALSE(world.store.calls.contains(refused));
  world.goes(alice, Departure::lost);
  settle();
  world.start(world.rest(1), 2);
  settle();
  EXPECT_EQ(world.row(old).end_reason, call::EndReason::superseded);
  EXPECT_TRUE(succeeded());
}

// T-13, T-25: found by black-box acceptance. A page that is loaded again goes on ringing, until it dials anew.
TEST_F(CallsTest, PageThatRegistersAgainKeepsItsRingAndItsNextDialReplacesIt) {
  const Phone page = world.phone(3, Dialect::signaling);
  const CallId call = world.start(page, 2);
  settle();
  world.suspends(page);
  settle();
  const Phone again = world.phone(3, Dialect::signaling);
  world.pass(10s);
  EXPECT_EQ(world.row(call).status, Status::calling);
  const CallId next = world.start(again, 2);
  settle();
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::superseded);
  EXPECT_EQ(world.row(next).status, Status::calling);
  world.start(again, 2);
  settle();
  EXPECT_EQ(world.answers.back().front()->call->row.id, next) << "the same page's repeat is no new call";
}

//
TEST_F(CallsTest, GlareInTheSignalingDialectIsBusyAndRingsAgain) {
  const Phone carol = world.phone(3, Dialect::signaling), dan = world.phone(4, Dialect::signaling);
  world.start(carol, 4);
  settle();
  world.start(dan, 3);
  settle();
  EXPECT_EQ(refusal().why, Refusal::caller_busy);
  EXPECT_TRUE(refusal().glare);
  EXPECT_EQ(dan.heard("incoming"), 2U);
  EXPECT_EQ(carol.heard("incoming"), 0U);
}

// T-02, T-03, R-001-36, R-001-37
TEST_F(CallsTest, BusyCallerAndBusyCalleeAreRefusedDifferentlyAndTheAttemptIsRecorded) {
  const CallId call = ring();
  const Phone carol = world.phone(3);
  world.start(alice, 3);
  settle();
  EXPECT_EQ(refusal().why, Refusal::caller_busy);
  EXPECT_EQ(refusal().call->row.id, call);
  world.start(carol, 2);
  settle();
  EXPECT_EQ(refusal().why, Refusal::recipient_busy);
  EXPECT_EQ(world.store.attempts.back().reason, "busy");
}

// T-04, C-10
TEST_F(CallsTest, CallToAnAbsentUserFailsAtOnceInTheSignalingDialectAndRingsInTheOthers) {
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
TEST_F(CallsTest, CallsToSelfUnknownOrInactiveUsersAreRefused) {
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

// 2.8.15, R-001-48, R-001-51
TEST_F(CallsTest, StrangersCanNeitherAnswerNorEndACall) {
  const CallId call = ring();
  const Phone carol = world.phone(3);
  world.accept(carol, call);
  settle();
  EXPECT_EQ(refusal().why, Refusal::call_not_found);
  world.accept(alice, call);
  settle();
  EXPECT_EQ(refusal().why, Refusal::call_not_found) << "the caller cannot answer (R-001-66)";
  world.end(carol, call);
  settle();
  EXPECT_EQ(refusal().why, Refusal::not_participant);
  world.signal(carol, call, "x");
  settle();
  EXPECT_EQ(refusal().why, Refusal::not_participant);
}

// 2.8.1, T-26
TEST_F(CallsTest, OnlyARepeatByTheSameSessionIsSuccess) {
  const CallId call = connected_call();
  world.accept(bob, call);
  settle();
  EXPECT_TRUE(succeeded());
  world.accept(world.rest(2), call);
  settle();
  EXPECT_EQ(refusal().why, Refusal::not_ringing);
  world.end(alice, call);
  settle();
  world.end(alice, call);
  settle();
  EXPECT_TRUE(succeeded());
  world.end(bob, call);
  settle();
  EXPECT_EQ(refusal().why, Refusal::not_active);
  EXPECT_EQ(refusal().call->row.status, Status::ended);
}

// a socket which could not know is told that the call is over; by REST it is the 400 all the same.
TEST_F(CallsTest, CrossingHangUpsBothSucceedOnSockets) {
  const CallId call = connected_call();
  world.store.later = true;
  world.end(alice, call);
  world.end(bob, call);
  world.end(world.rest(2), call);
  settle();
  ASSERT_TRUE(world.answers[world.answers.size() - 2].front().has_value());
  EXPECT_EQ(world.answers[world.answers.size() - 2].front()->call->row.ended_by, alice.me.user);
  EXPECT_EQ(refusal().why, Refusal::not_active);
  EXPECT_EQ(alice.heard("ended") + bob.heard("ended"), 2U);
}

// R-001-89, R-001-90, 2.8.8
TEST(StartLimit, SixthStartWithinAMinuteIsRefusedWhateverTheOthersLedTo) {
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

// C-06, R-001-55
TEST(StrictEnd, RefusesToEndACallThatStillRings) {
  WorldOptions options;
  for (auto& dialect : options.settings.dialects) dialect.call.end_while_ringing = call::EndWhileRinging::refused;
  World world(options);
  const Phone alice = world.phone(1);
  const CallId call = world.start(alice, 2);
  world.settle();
  world.end(alice, call);
  world.settle();
  EXPECT_EQ(world.answers.back().front().error().why, Refusal::not_started);
  world.cancel(alice, call);
  world.settle();
  EXPECT_TRUE(world.answers.back().front().has_value());
}

//
TEST_F(CallsTest, DrainRefusesStartsAndLetsCallsGoOn) {
  const CallId call = ring();
  for (auto& each : world.nodes[0]->calls) each->drain();
  world.start(world.phone(3), 4);
  EXPECT_EQ(refusal().why, Refusal::draining);
  world.accept(bob, call);
  settle();
  EXPECT_TRUE(succeeded());
}

// T-25: a page dials twice and hangs up at once. It means the one call that comes of it.
TEST_F(CallsTest, HangUpBehindADialThatRepeatsACallEndsThatCall) {
  const Phone page = world.phone(3, call::Dialect::signaling);
  const CallId first = world.start(page, 2);
  settle();
  world.store.later = true;
  const CallId again = world.start(page, 2);
  world.end(page, again);
  settle();
  EXPECT_TRUE(call::is_final(world.row(first).status));
  EXPECT_EQ(bob.heard("cancelled") + bob.heard("missed"), 1U);
}

TEST_F(CallsTest, HangUpBehindADialThatReplacesACallEndsTheNewOne) {
  const CallId old = connected_call();
  world.goes(bob, Departure::lost);
  settle();
  world.store.later = true;
  const CallId made = world.start(alice, 2);
  world.end(alice, made);
  settle();
  EXPECT_EQ(world.row(old).end_reason, call::EndReason::superseded);
  EXPECT_EQ(world.row(made).end_reason, call::EndReason::cancelled) << "it rings on although its caller hung up";
}

// C-05: until the caller is ready nobody hears of the call, not even by calling back.
TEST_F(CallsTest, StartToTheCallerOfACallThatHasNotRungYetRingsNothing) {
  world.start(alice, 2, [](StartCall& request) { request.ring = call::Ring::on_caller_ready; });
  settle();
  world.start(bob, 1);
  settle();
  EXPECT_EQ(refusal().why, Refusal::caller_busy);
  EXPECT_TRUE(bob.heard().empty());
}

}  // namespace
}  // namespace belfry::calls::testing
