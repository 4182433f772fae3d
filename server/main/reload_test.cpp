// When a call is loaded again after a lost race, what memory holds beyond its row is kept.
#include "main/two_servers_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

using ::testing::Combine;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::Values;
using ::testing::ValuesIn;

class ReloadWhileRinging : public RaceWhileRinging {};

// R-003-31
TEST_P(ReloadWhileRinging, CandidatesReachTheDeviceThatWasRungAtOnce) {
  const CallId call = ring();
  EXPECT_EQ(candidate(alice, call, "before"), SignalOutcome::passed);
  lose_the_race(call);
  EXPECT_EQ(candidate(alice, call, "after"), SignalOutcome::passed);
  EXPECT_EQ(bob.received("signal before"), 1U);
  EXPECT_EQ(bob.received("signal after"), 1U);
}

TEST_P(ReloadWhileRinging, DeviceThatWasRungIsNotRungAgain) {
  const CallId call = ring();
  lose_the_race(call);
  rejoin(bob);
  EXPECT_EQ(bob.received("incoming"), rings_of_bob());
}

// The callee's candidates of before the answer; but what a lost session had still to say is lost with it.
TEST_P(ReloadWhileRinging, SignalsOfTheCalleeWaitForTheAnswer) {
  const CallId call = ring();
  candidate(bob, call, "early");
  lose_the_race(call);
  world.accept(bob, call);
  settle();
  EXPECT_EQ(alice.received("signal early"), loses() == Loses::callee_returns ? 0U : 1U);
}

class Reload : public TwoServersTest {};

TEST_P(Reload, DuringAnAnswerKeepsTheSignalsOfTheCallee) {
  const CallId call = ring();
  candidate(bob, call, "early");
  tablet_rings_on_second_server(call);
  first_server_loses([&] { world.accept(bob, call); });
  EXPECT_EQ(alice.received("signal early"), 1U);
}

// first it is rung, then its return loses the race.
TEST_P(Reload, DuringTheReturnOfADeviceRingsItOnce) {
  const CallId call = ring();
  suspend(bob);
  tablet_rings_on_second_server(call);
  Phone anew;
  first_server_loses([&] { anew = world.phone(2); });
  EXPECT_EQ(anew.received("incoming"), 1U);
}

// the server was silent for too long, and loads all its calls again.
TEST_P(Reload, AfterASilenceRingsNobodyAgain) {
  const CallId call = ring();
  first_server_catches_up(call);
  EXPECT_EQ(bob.received("incoming"), 1U);
  EXPECT_EQ(candidate(alice, call, "after"), SignalOutcome::passed);
}

// T-06: the second server could ring its own sessions only.
TEST_P(Reload, RingsTheDevicesHereIfTheOtherServerHasBegunToRing) {
  const Phone other = world.phone(1, call::Dialect::native, 1);
  const CallId call = start_quiet_call();
  on_second_server([&] { report_ready(other, call); });
  EXPECT_EQ(tablet.received("incoming"), 1U);
  first_server_loses([&] { report_ready(alice, call); });
  EXPECT_EQ(bob.received("incoming"), 1U);
  EXPECT_EQ(candidate(alice, call, "hers"), SignalOutcome::passed);
}

// the second server lost a device of hers, and could not know that she is here.
TEST_P(Reload, KeepsAConnectedCallerInTheCall) {
  const Phone other = world.phone(1, call::Dialect::native, 1);
  const CallId call = start_quiet_call();
  alice_loses_on_second_server(other, call);
  first_server_loses([&] { report_ready(alice, call); });
  world.pass(6s);
  EXPECT_EQ(world.row(call).status, call::Status::calling) << "the grace of one who is here ended her call";
}

// one who came while it rang is known to have been notified; the row says so only with the next step.
TEST_P(Reload, NoticesTheLossOfACalleeWhoConnectedDuringTheRing) {
  const Phone other = world.phone(1, call::Dialect::native, 1);
  const CallId call = world.start(alice, 3);
  settle();
  const Phone carol = carol_connects();
  first_server_catches_up(call);
  world.disconnect(carol, Departure::lost);
  settle();
  world.pass(10s);
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::unreachable);
}

//
TEST_P(Reload, KeepsCandidatesWaitingForTheAnswer) {
  const CallId call = connected_call("");
  EXPECT_EQ(candidate(bob, call, "first"), SignalOutcome::held);
  media_flows_on_second_server(call);
  first_server_loses([&] { world.media(bob, call, {true}); });
  EXPECT_EQ(candidate(bob, call, "second"), SignalOutcome::held);
  EXPECT_EQ(alice.received("signal first") + alice.received("signal second"), 0U);
  send_answer(bob, call);
  std::vector<std::string> signals;
  for (const auto& each : alice.received())
    if (each.starts_with("signal")) signals.push_back(each);
  EXPECT_THAT(signals, ElementsAre("signal sdp", "signal first", "signal second"));
}

// 2.8.1, X-01: the answer came by REST, and a socket has taken its place since.
TEST_P(Reload, KeepsTheLoginThatMayRepeatTheAnswer) {
  const CallId call = ring();
  const Phone login = world.rest(2);
  world.accept(login, call);
  settle();
  const Phone anew = world.phone(2);
  settle();
  ASSERT_EQ(callee_leg(world.row(call)).session, anew.me.session);
  world.accept(login, call);
  settle();
  ASSERT_TRUE(succeeded());
  media_flows_on_second_server(call);
  first_server_loses([&] { world.media(anew, call, {true}); });
  world.accept(login, call);
  settle();
  EXPECT_TRUE(succeeded());
}

// a dialect without snapshots notifies of an end only those who were notified of the call.
TEST_P(Reload, MarksTheOutboxEntryOfARungCalleeAsAware) {
  const Phone other = world.phone(1, call::Dialect::native, 1);
  const CallId call = world.start(alice, 3);
  settle();
  const Phone carol = carol_connects();
  alice_loses_on_second_server(other, call);
  first_server_loses([&] { report_ringing(carol, call); });
  suspend(carol);
  world.cancel(alice, call);
  settle();
  EXPECT_THAT(outbox(),
              ElementsAre(AllOf(Field(&store::OutboxEntry::to, carol.me.user), Field(&store::OutboxEntry::aware, true))));
}

// X-25, I-5: an end that waits in the log of a suspended session.
TEST_P(Reload, SendsNoEndTwice) {
  const CallId call = connected_call();
  suspend(bob);
  media_flows_on_second_server(call);
  first_server_loses([&] { world.end(alice, call); });
  EXPECT_EQ(bob.received("ended"), 1U);
  first_server_catches_up(call);
  EXPECT_EQ(bob.received("ended"), 1U);
}

INSTANTIATE_TEST_SUITE_P(On, Reload, ValuesIn(backends()), name_of);
INSTANTIATE_TEST_SUITE_P(On, ReloadWhileRinging,
                         Combine(ValuesIn(backends()), Values(Loses::device_rings, Loses::caller_is_lost, Loses::caller_returns,
                                                              Loses::callee_returns)),
                         name_of_race);

}  // namespace
}  // namespace belfry::calls::testing
