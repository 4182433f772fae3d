// R-001-92: who hears what, and who may do what, one behaviour at a time.
#include "app/calls/calls.hpp"

#include <gmock/gmock.h>

#include "app/calls/lines.hpp"
#include "app/calls/world_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

using call::Dialect;
using call::Status;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

class CallsTest : public ::testing::Test {
 protected:
  ~CallsTest() override { EXPECT_EQ(broken_invariant(world), ""); }
  void settle() { world.settle(); }
  Refused refusal() { return world.answers.back().front().error(); }
  bool succeeded() { return world.answers.back().front().has_value(); }
  CallId ring() {
    const CallId call = world.start(alice, 2);
    settle();
    return call;
  }
  CallId talk() {
    const CallId call = ring();
    world.accept(bob, call);
    settle();
    return call;
  }
  std::vector<std::string> fresh(const Phone& phone) {
    const auto all = phone.heard();
    auto& seen = seen_[phone.me.at];
    std::vector<std::string> news(all.begin() + static_cast<std::ptrdiff_t>(seen), all.end());
    seen = all.size();
    return news;
  }

  World world{{.shards = 2}};
  Phone alice = world.phone(1), bob = world.phone(2);

 private:
  std::map<SessionAddress, std::size_t> seen_;
};

// T-01, T-07, T-16, R-001-26, R-001-29, R-001-31
TEST_F(CallsTest, ACallRingsIsAnsweredAndEndsForBothOnce) {
  const CallId call = ring();
  EXPECT_THAT(fresh(alice), ElementsAre("created"));
  EXPECT_THAT(fresh(bob), ElementsAre("incoming"));
  world.accept(bob, call);
  settle();
  EXPECT_THAT(fresh(alice), ElementsAre("accepted"));
  EXPECT_THAT(fresh(bob), ElementsAre("accepted")) << "the device which answered, so that its REST twin knows";
  world.end(alice, call);
  settle();
  EXPECT_THAT(fresh(alice), ElementsAre("ended"));
  EXPECT_THAT(fresh(bob), ElementsAre("ended"));
  EXPECT_EQ(world.row(call).status, Status::ended);
}

// X-01, SPEC 0 "Terminal events"
TEST_F(CallsTest, OtherDevicesHearThatItWasAnsweredOrDeclinedElsewhere) {
  const Phone tablet = world.phone(2);
  world.accept(tablet, ring());
  settle();
  EXPECT_THAT(bob.heard(), ElementsAre("incoming", "answered_elsewhere"));
  EXPECT_THAT(tablet.heard(), ElementsAre("incoming", "accepted"));
  world.end(alice, world.shelf.calls.begin()->first);
  settle();
  EXPECT_EQ(bob.heard("ended"), 1U) << "every session of every party";
  world.reject(bob, ring());
  settle();
  EXPECT_EQ(tablet.heard("declined_elsewhere"), 1U);
  EXPECT_EQ(bob.heard("declined_elsewhere"), 0U);
  EXPECT_EQ(alice.heard("rejected"), 1U);
}

// T-10, SPEC 0
TEST_F(CallsTest, CancelIsToldToEverySessionOfBoth) {
  const Phone second = world.phone(1);
  world.cancel(alice, ring());
  settle();
  for (const Phone& phone : {alice, second, bob}) EXPECT_EQ(phone.heard("cancelled"), 1U);
  for (const Phone& phone : {alice, second, bob}) EXPECT_EQ(phone.heard("missed"), 0U);
}

// T-11, 2.8.2
TEST_F(CallsTest, CalleeWhoEndsARingLeavesTheCallerAMissedCall) {
  world.end(bob, ring());
  settle();
  EXPECT_EQ(alice.heard("missed"), 1U);
  EXPECT_EQ(bob.heard("cancelled"), 1U);
}

// T-12, R-001-42, R-001-43
TEST_F(CallsTest, NobodyAnswersAndBothMissIt) {
  const CallId call = ring();
  world.pass(31s);
  EXPECT_EQ(alice.heard("missed"), 1U);
  EXPECT_EQ(bob.heard("missed"), 1U);
  EXPECT_EQ(world.row(call).ended, world.row(call).ring_expires);
  EXPECT_TRUE(world.shelf.slots.empty());
}

// T-05
TEST_F(CallsTest, CallerHearsOnceThatADeviceReallyRings) {
  const CallId call = ring();
  for (int i = 0; i < 2; ++i) world.calls(bob).ringing(bob.me, call, world.keep());
  settle();
  EXPECT_EQ(alice.heard("ringing"), 1U);
  EXPECT_EQ(world.row(call).callee_leg.state, call::LegState::ringing);
}

// T-06, C-05
TEST_F(CallsTest, CalleeIsRungOnlyWhenTheCallerIsReadyWhereThatWasWished) {
  const CallId call = world.start(alice, 2, [](StartCall& wish) { wish.ring = call::Ring::on_caller_ready; });
  settle();
  EXPECT_THAT(bob.heard(), IsEmpty());
  world.calls(alice).ready(alice.me, call, world.keep());
  settle();
  EXPECT_THAT(bob.heard(), ElementsAre("incoming"));
}

// T-13, X-11
TEST_F(CallsTest, CallerLostWhileRingingCancelsAfterTheGraceAndAReturnIsInvisible) {
  const CallId call = ring();
  world.suspends(alice);
  world.pass(4s);
  EXPECT_THAT(bob.heard(), ElementsAre("incoming"));
  world.recovers(alice);
  world.pass(4s);
  EXPECT_EQ(world.row(call).status, Status::calling);
  world.suspends(alice);
  world.pass(6s);
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::caller_disconnected);
  EXPECT_EQ(bob.heard("cancelled"), 1U);
}

// T-14, X-12, 2.8.11
TEST_F(CallsTest, CalleesOtherDevicesGoOnRingingAndTheLastToLeaveEndsIt) {
  const Phone tablet = world.phone(2);
  const CallId call = ring();
  world.goes(bob, Departure::left);
  settle();
  EXPECT_EQ(world.row(call).status, Status::calling);
  world.goes(tablet, Departure::left);
  settle();
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::unreachable);
  EXPECT_EQ(alice.heard("missed"), 1U);
}

// X-12, R-001-46
TEST_F(CallsTest, DeviceThatComesWhileItRingsIsRungTooAndOneThatComesAfterwardsIsNot) {
  ring();
  const Phone tablet = world.phone(2);
  settle();
  EXPECT_THAT(tablet.heard(), ElementsAre("incoming"));
  world.pass(40s);
  const Phone late = world.phone(2);
  settle();
  EXPECT_THAT(late.heard(), IsEmpty());
}

// T-18, T-19, X-13
TEST_F(CallsTest, PeerHearsOfALossAndOfTheReturn) {
  talk();
  world.suspends(bob);
  settle();
  EXPECT_EQ(alice.heard("reconnecting"), 1U);
  world.pass(20s);
  world.recovers(bob);
  settle();
  EXPECT_EQ(alice.heard("reconnected"), 1U);
}

// T-19
TEST_F(CallsTest, NewSocketTakesThePlaceOfTheLostOne) {
  const CallId call = talk();
  world.goes(bob, Departure::lost);
  settle();
  const Phone anew = world.phone(2);
  settle();
  EXPECT_EQ(alice.heard("reconnected"), 1U);
  world.signal(alice, call, "after");
  settle();
  EXPECT_THAT(anew.heard(), Contains("signal after"));
}

// T-19, 2.4 session.resume
TEST_F(CallsTest, ResumedSessionTakesOverTheOldOnesPlaceAndTheOldSocketIsLetGo) {
  const CallId call = talk();
  Phone anew = world.phone(2);
  settle();
  EXPECT_TRUE(world.calls(anew).session_resumed(anew.me.user, anew.me.at, bob.me.session));
  settle();
  EXPECT_EQ(bob.heard("replaced"), 1U);
  anew.me.session = bob.me.session;
  world.signal(alice, call, "for the new socket");
  settle();
  EXPECT_THAT(anew.heard(), Contains("signal for the new socket"));
  EXPECT_FALSE(world.calls(anew).session_resumed(anew.me.user, anew.me.at, SessionId(Uuid{9})));
}

// T-20, C-21
TEST_F(CallsTest, LossBeyondTheGraceEndsItAtTheMomentOfLoss) {
  const CallId call = talk();
  world.pass(10s);
  const WallTime lost = world.clock.wall();
  world.goes(bob, Departure::lost);
  world.pass(31s);
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::connection_lost);
  EXPECT_EQ(world.row(call).ended, lost);
  EXPECT_EQ(alice.heard("ended"), 1U);
}

// T-16, 2.8.11
TEST_F(CallsTest, LeavingOnPurposeEndsAConversationAtOnce) {
  const CallId call = talk();
  world.goes(bob, Departure::left);
  settle();
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::hangup);
  EXPECT_EQ(world.row(call).ended_by, bob.me.user);
}

// T-15, T-22, X-28
TEST_F(CallsTest, ExpelledUsersCallEndsAndTheirSocketsAreLetGo) {
  const CallId call = talk();
  world.calls(alice).expel(bob.me.user, call::EndReason::user_deactivated);
  settle();
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::user_deactivated);
  EXPECT_EQ(bob.heard("login_ended"), 1U);
  EXPECT_EQ(alice.heard("ended"), 1U);
  EXPECT_FALSE(world.nodes[0]->directory.online(bob.me.user));
}

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
  world.nodes[0]->directory.enter(dialer.me.user, "carol", {.id = dialer.me.session, .at = dialer.me.at});
  const CallId fresh_call = world.start(dialer, 2);
  settle();
  EXPECT_EQ(world.row(old).end_reason, call::EndReason::superseded);
  EXPECT_EQ(world.row(fresh_call).status, Status::calling);
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
TEST_F(CallsTest, BusyCallerAndBusyCalleeAreToldApartAndAnAttemptIsKept) {
  const CallId call = ring();
  const Phone carol = world.phone(3);
  world.start(alice, 3);
  settle();
  EXPECT_EQ(refusal().why, Refusal::caller_busy);
  EXPECT_EQ(refusal().call->row.id, call);
  world.start(carol, 2);
  settle();
  EXPECT_EQ(refusal().why, Refusal::recipient_busy);
  EXPECT_EQ(world.shelf.attempts.back().reason, "busy");
}

// T-04, C-10
TEST_F(CallsTest, NobodyThereFailsAtOnceInTheSignalingDialectAndRingsInTheOthers) {
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
TEST_F(CallsTest, OneselfNobodyAndTheInactiveAreRefused) {
  world.start(alice, 1);
  EXPECT_EQ(refusal().why, Refusal::self_call);
  world.start(alice, 99);
  settle();
  EXPECT_EQ(refusal().why, Refusal::recipient_unknown);
  world.shelf.active[user_numbered(2)] = false;
  world.start(alice, 2);
  settle();
  EXPECT_EQ(refusal().why, Refusal::recipient_inactive);
  world.shelf.active[user_numbered(1)] = false;
  world.start(alice, 2);
  settle();
  EXPECT_EQ(refusal().why, Refusal::caller_inactive);
}

// 2.8.15, R-001-48, R-001-51
TEST_F(CallsTest, StrangersAnswerNothingAndEndNothing) {
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
  const CallId call = talk();
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

// 2.8.10
TEST_F(CallsTest, PersonWithoutASocketIsNeverLost) {
  const Phone rest = world.rest(3);
  const CallId call = world.start(rest, 2);
  settle();
  world.accept(bob, call);
  settle();
  world.pass(10min);
  EXPECT_EQ(world.row(call).status, Status::connected);
  const Phone socket = world.phone(3);
  settle();
  world.goes(socket, Departure::lost);
  world.pass(31s);
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::connection_lost) << "but one who had a socket is";
}

// R-001-32, R-003-31, X-31
TEST_F(CallsTest, SignalsArriveInOrderBehindTheCallAndTheCalleesWaitForTheAnswer) {
  world.shelf.later = true;
  const CallId call = world.start(alice, 2);
  for (int i = 0; i < 3; ++i) world.signal(alice, call, std::to_string(i));
  settle();
  EXPECT_THAT(bob.heard(), ElementsAre("incoming", "signal 0", "signal 1", "signal 2"));
  world.signal(bob, call, "early");
  settle();
  EXPECT_THAT(alice.heard(), Not(Contains("signal early")));
  world.accept(bob, call);
  settle();
  EXPECT_THAT(alice.heard(), ElementsAre("created", "accepted", "signal early"));
}

//
TEST_F(CallsTest, SignalOfAnOlderGenerationIsDropped) {
  const CallId call = talk();
  world.signal(alice, call, "new", 2);
  world.signal(alice, call, "old", 1);
  settle();
  EXPECT_THAT(bob.heard(), Contains("signal new"));
  EXPECT_THAT(bob.heard(), Not(Contains("signal old")));
}

// R-001-33, 2.8.14
TEST_F(CallsTest, SignalToNobodyIsRefusedAndLoggedAndOneToSomebodyInGraceWaits) {
  world.log.keep = true;
  const CallId lonely = world.start(alice, 5);
  settle();
  world.signal(alice, lonely, "x");
  settle();
  EXPECT_EQ(refusal().why, Refusal::peer_offline);
  EXPECT_THAT(world.log.lines, Contains("WebRTC signal target offline"));
  world.end(alice, lonely);
  settle();
  const CallId call = talk();
  world.suspends(bob);
  settle();
  world.signal(alice, call, "held");
  settle();
  EXPECT_TRUE(world.answers.back().front()->queued);
  world.recovers(bob);
  settle();
  EXPECT_THAT(bob.heard(), Contains("signal held"));
}

TEST_F(CallsTest, TooManySignalsWaitingAreRefused) {
  const CallId call = ring();
  for (std::size_t i = 0; i <= kMaxHeldSignals; ++i) world.signal(bob, call, "x");
  settle();
  EXPECT_EQ(refusal().why, Refusal::too_many_signals);
}

// R-001-89, R-001-90, 2.8.8
TEST(StartLimit, SixthStartWithinAMinuteIsRefusedWhateverBecameOfTheOthers) {
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
TEST(StrictEnd, RefusesToEndWhatHasNotBegun) {
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

// R-001-19, R-001-20
TEST_F(CallsTest, StoreThatIsDownIsToldAndTimersTryAgainByThemselves) {
  const CallId call = ring();
  world.shelf.down = true;
  world.accept(bob, call);
  settle();
  EXPECT_EQ(refusal().why, Refusal::store_unavailable);
  world.pass(31s);
  EXPECT_EQ(world.row(call).status, Status::calling);
  EXPECT_EQ(alice.heard("missed"), 0U);
  world.shelf.down = false;
  world.pass(1s);
  EXPECT_EQ(world.row(call).status, Status::missed);
  EXPECT_EQ(world.row(call).ended, world.row(call).ring_expires);
  EXPECT_EQ(alice.heard("missed"), 1U);
}

// R-001-44
TEST_F(CallsTest, SweepExpiresWhatNoTimerKnowsOf) {
  auto& hidden = world.shelf.calls[CallId(Uuid{7})];
  hidden.row.id = CallId(Uuid{7});
  hidden.row.version = 1;
  hidden.row.caller = user_numbered(5);
  hidden.row.callee = user_numbered(6);
  hidden.row.created = {1'600'000'000'000};
  hidden.row.ring_expires = WallTime{1'600'000'060'000};
  store::AuditRecord first;
  first.hash = hidden.row.tip = store::audit_hash({}, hidden.row.id, 1, first);
  world.shelf.audit[hidden.row.id] = {first};
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
  after_restart.shelf = world.shelf;
  after_restart.nodes[0]->calls[0]->restore({world.shelf.calls.at(call)}, after_restart.clock.now());
  after_restart.pass(19s);
  EXPECT_EQ(after_restart.row(call).status, Status::calling);
  after_restart.pass(2s);
  EXPECT_EQ(after_restart.row(call).status, Status::missed);
  EXPECT_EQ(after_restart.row(call).ended, world.row(call).ring_expires);
}

//
TEST_F(CallsTest, RestartDuringAConversationWaitsForItsPeopleAndElseEndsItWhenTheServerWent) {
  const CallId call = talk();
  world.clock.pass(10s);
  const WallTime went = world.clock.wall();
  for (const bool back : {true, false}) {
    World again;
    again.clock.pass(world.clock.now() - again.clock.now());
    again.shelf = world.shelf;
    const TimePoint last_alive = again.clock.now();
    again.clock.pass(3s);
    again.nodes[0]->calls[0]->restore({world.shelf.calls.at(call)}, last_alive);
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
TEST_F(CallsTest, WhoIsBackBeforeTheRestartedCallIsKeepsIt) {
  const CallId call = talk();
  for (const bool store_fails_first : {true, false}) {
    World again({.seed = 3});
    again.clock.pass(world.clock.now() - again.clock.now());
    again.shelf = world.shelf;
    again.phone(1), again.phone(2);
    again.shelf.fail = store_fails_first ? 1 : 0;
    again.nodes[0]->calls[0]->restore({world.shelf.calls.at(call)}, again.clock.now());
    again.pass(40s);
    EXPECT_EQ(again.row(call).status, Status::connected) << store_fails_first;
  }
}

// T-26: found by the crash loop. A row that is read back must not be written again, to the millisecond.
TEST_F(CallsTest, RepeatOfAnEndAfterARestartChangesNothing) {
  const CallId call = talk();
  world.clock.pass(1234567ns);
  world.end(alice, call);
  settle();
  World again;
  again.clock.pass(world.clock.now() - again.clock.now() + 987654321ns);
  again.shelf = world.shelf;
  Phone same = again.rest(1);
  same.me.session = alice.me.session;
  again.end(same, call);
  again.settle();
  EXPECT_TRUE(again.answers.back().front().has_value());
  EXPECT_EQ(again.row(call), world.row(call));
}

TEST_F(CallsTest, SignalAfterTheEndReachesNobody) {
  const CallId call = talk();
  world.end(alice, call);
  settle();
  world.signal(alice, call, "late");
  settle();
  EXPECT_EQ(refusal().why, Refusal::not_active);
  EXPECT_THAT(bob.heard(), Not(Contains("signal late")));
}

//
TEST_F(CallsTest, SystemClockThatIsSetMovesNoDeadline) {
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

// R-001-57, R-001-58, R-001-59
TEST_F(CallsTest, ThreeRecordsAreLoggedOnceACall) {
  world.log.keep = true;
  const CallId call = talk();
  world.end(alice, call);
  settle();
  EXPECT_THAT(world.log.lines, ElementsAre("Call initiated", "Call response", "Call ended"));
}

//
TEST_F(CallsTest, IdempotencyClaimGoesWithTheCallItMakes) {
  std::optional<store::IdempotencyClaim> claim{{alice.me.user, "key", "print"}};
  world.start(alice, 2, [&](StartCall& wish) { wish.claim = claim; });
  settle();
  EXPECT_TRUE(succeeded());
}

}  // namespace
}  // namespace belfry::calls::testing
