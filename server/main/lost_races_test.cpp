// Two servers lead one call, and the first loses a step to the second: it loads the call again and decides again. The tests show
// what the people are notified of, when each server has the sessions of only some of them (X-20, R-001-68).
#include "main/two_servers_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

using ::testing::Combine;
using ::testing::IsEmpty;
using ::testing::Values;
using ::testing::ValuesIn;

TEST_P(RaceWhileRinging, CallIsAnsweredAndEndsOnceForEverybody) {
  const CallId call = ring();
  lose_the_race(call);
  world.accept(bob, call);
  settle();
  ASSERT_TRUE(succeeded());
  EXPECT_EQ(alice.received("accepted"), 1U);
  EXPECT_EQ(candidate(alice, call, "hers"), SignalOutcome::passed);
  EXPECT_EQ(candidate(bob, call, "his"), SignalOutcome::passed);
  EXPECT_EQ(bob.received("signal hers") + alice.received("signal his"), 2U);
  world.end(alice, call);
  settle();
  for (int twice = 0; twice < 2; ++twice) {
    EXPECT_EQ(alice.received("ended"), 1U);
    EXPECT_EQ(bob.received("ended"), 1U);
    first_server_catches_up(call);
  }
}

TEST_P(RaceWhileRinging, DeadlineIsKeptAndTheCallIsMissedOnceByEverybody) {
  const CallId call = ring();
  const auto deadline = world.row(call).ring_expires;
  world.pass(1s);
  lose_the_race(call);
  EXPECT_EQ(world.row(call).ring_expires, deadline);
  world.pass(30s);
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::timeout);
  EXPECT_EQ(world.row(call).ended, deadline);
  for (const Phone& phone : {alice, bob, tablet}) EXPECT_EQ(phone.received("missed"), 1U) << phone.name;
}

class LostRace : public TwoServersTest {};

TEST_P(LostRace, AnswerIsRetried) {
  const CallId call = ring();
  tablet_rings_on_second_server(call);
  first_server_loses([&] { world.accept(bob, call); });
  EXPECT_TRUE(succeeded());
  EXPECT_EQ(alice.received("accepted"), 1U);
  EXPECT_EQ(candidate(alice, call, "hers"), SignalOutcome::passed);
  EXPECT_EQ(bob.received("signal hers"), 1U);
}

// T-07: who was away when the answer came.
TEST_P(LostRace, CallerWhoWasAwayIsNotifiedOfTheAnswerOnReturn) {
  const CallId call = ring();
  suspend(alice);
  tablet_rings_on_second_server(call);
  first_server_loses([&] { report_ringing(bob, call); });
  world.accept(bob, call);
  settle();
  EXPECT_EQ(alice.received("accepted"), 0U);
  recover(alice);
  EXPECT_EQ(alice.received("accepted"), 1U);
  EXPECT_EQ(candidate(bob, call, "his"), SignalOutcome::passed);
}

TEST_P(LostRace, CallerWhoStaysAwayEndsTheCallAfterTheGrace) {
  const CallId call = ring();
  suspend(alice);
  world.pass(3s);
  tablet_rings_on_second_server(call);
  first_server_loses([&] { report_ringing(bob, call); });
  world.pass(3s);
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::caller_disconnected);
  for (const Phone& phone : {bob, tablet}) EXPECT_EQ(ends_received(phone, call), 1U);
}

// T-06
TEST_P(LostRace, QuietCallRingsWhenItsCallerIsReady) {
  const Phone other = world.phone(1, call::Dialect::native, 1);
  const CallId call = start_quiet_call();
  alice_loses_on_second_server(other, call);
  EXPECT_EQ(bob.received("incoming"), 0U);
  first_server_loses([&] { report_ready(alice, call); });
  EXPECT_EQ(bob.received("incoming"), 1U);
}

// an answer that has gone is not waited for again.
TEST_P(LostRace, AnswerThatWasSentReleasesTheCandidatesForGood) {
  const CallId call = connected_call("");
  send_answer(bob, call);
  media_flows_on_second_server(call);
  first_server_loses([&] { world.media(bob, call, {true}); });
  EXPECT_EQ(candidate(bob, call, "his"), SignalOutcome::passed);
  EXPECT_EQ(alice.received("signal his"), 1U);
}

// 2.8.14
TEST_P(LostRace, SignalsKeptDuringTheGraceArriveOnReturn) {
  const CallId call = connected_call();
  suspend(bob);
  candidate(world.rest(1), call, "kept");
  media_flows_on_second_server(call);
  Phone anew;
  first_server_loses([&] { anew = world.phone(2); });
  EXPECT_EQ(anew.received("signal kept"), 1U);
  EXPECT_EQ(alice.received("reconnected"), 1U);
}

TEST_P(LostRace, RetriedEndIsSentOnce) {
  const CallId call = ring();
  tablet_rings_on_second_server(call);
  first_server_loses([&] { world.cancel(alice, call); });
  EXPECT_TRUE(succeeded());
  for (int twice = 0; twice < 2; ++twice) {
    for (const Phone& phone : {alice, bob}) EXPECT_EQ(phone.received("cancelled"), 1U) << phone.name;
    first_server_catches_up(call);
  }
}

//
TEST_P(LostRace, EndByTheOtherServerIsSentOnceAndItsOutboxEntrySettled) {
  const CallId call = ring();
  on_second_server([&] { world.cancel(world.rest(1, 1), call); });
  first_server_loses([&] { world.accept(bob, call); });
  EXPECT_EQ(refusal(), Refusal::not_ringing);
  EXPECT_EQ(alice.received("accepted"), 0U);
  for (int twice = 0; twice < 2; ++twice) {
    for (const Phone& phone : {alice, bob}) EXPECT_EQ(phone.received("cancelled"), 1U) << phone.name;
    EXPECT_THAT(outbox(), IsEmpty());
    first_server_catches_up(call);
  }
}

TEST_P(LostRace, DeadlineHandledByTheOtherServerFirstIsSentOnce) {
  const CallId call = ring();
  tablet_rings_on_second_server(call);
  world.clock.pass(30s);
  world.nodes[1]->calls[0]->on_time(world.clock.now());
  settle();
  first_server_loses([&] { world.nodes[0]->calls[0]->on_time(world.clock.now()); });
  for (const Phone& phone : {alice, bob, tablet}) EXPECT_EQ(phone.received("missed"), 1U) << phone.name;
}

INSTANTIATE_TEST_SUITE_P(On, LostRace, ValuesIn(backends()), name_of);
INSTANTIATE_TEST_SUITE_P(On, RaceWhileRinging,
                         Combine(ValuesIn(backends()), Values(Loses::device_rings, Loses::caller_is_lost, Loses::caller_returns,
                                                              Loses::callee_returns)),
                         name_of_race);

}  // namespace
}  // namespace belfry::calls::testing
