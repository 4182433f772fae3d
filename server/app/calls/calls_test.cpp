// R-001-92: who hears what of a call, one behaviour at a time.
#include "app/calls/calls_stage_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

using call::Status;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

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

// R-000-39
TEST_F(CallsTest, StartLooksUpItsParticipantsOnce) {
  const auto before = world.nodes[0]->sessions.look_ups();
  ring();
  EXPECT_THAT(bob.heard(), ElementsAre("incoming"));
  EXPECT_EQ(world.nodes[0]->sessions.look_ups(), before + 1);
}

// X-01, SPEC 0 "Terminal events"
TEST_F(CallsTest, OtherDevicesHearThatItWasAnsweredOrDeclinedElsewhere) {
  const Phone tablet = world.phone(2);
  world.accept(tablet, ring());
  settle();
  EXPECT_THAT(bob.heard(), ElementsAre("incoming", "answered_elsewhere"));
  EXPECT_THAT(tablet.heard(), ElementsAre("incoming", "accepted"));
  world.end(alice, world.store.calls.begin()->first);
  settle();
  EXPECT_EQ(bob.heard("ended"), 1U) << "every session of every party";
  world.reject(bob, ring());
  settle();
  EXPECT_EQ(tablet.heard("declined_elsewhere"), 1U);
  EXPECT_EQ(bob.heard("declined_elsewhere"), 0U);
  EXPECT_EQ(alice.heard("rejected"), 1U);
}

// T-21: clients report their media again and again; only the first sign of life is news.
TEST_F(CallsTest, MediaReportThatChangesNothingStoresNothing) {
  const CallId call = ring();
  world.accept(bob, call);
  settle();
  world.media(bob, call, {.alive = true});
  settle();
  const std::size_t commits = world.store.commits;
  const auto version = world.row(call).version;
  for (const bool alive : {true, false, true, false}) world.media(bob, call, {.alive = alive});
  settle();
  EXPECT_EQ(world.store.commits, commits);
  EXPECT_EQ(world.row(call).version, version);
}

// T-10, SPEC 0
TEST_F(CallsTest, CancelNotifiesEverySessionOfBothParties) {
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
TEST_F(CallsTest, UnansweredCallIsMissedByBoth) {
  const CallId call = ring();
  world.pass(31s);
  EXPECT_EQ(alice.heard("missed"), 1U);
  EXPECT_EQ(bob.heard("missed"), 1U);
  EXPECT_EQ(world.row(call).ended, world.row(call).ring_expires);
  EXPECT_TRUE(world.store.slots.empty());
}

// T-05
TEST_F(CallsTest, CallerIsNotifiedOnceThatADeviceRings) {
  const CallId call = ring();
  for (int i = 0; i < 2; ++i) world.calls(bob).ringing(bob.me, call, world.keep());
  settle();
  EXPECT_EQ(alice.heard("ringing"), 1U);
  EXPECT_EQ(callee_leg(world.row(call)).state, call::LegState::ringing);
}

// T-06, C-05
TEST_F(CallsTest, CalleeIsRungWhenTheCallerIsReadyIfTheStartAsksForThat) {
  const CallId call = world.start(alice, 2, [](StartCall& request) { request.ring = call::Ring::on_caller_ready; });
  settle();
  EXPECT_THAT(bob.heard(), IsEmpty());
  world.calls(alice).ready(alice.me, call, world.keep());
  settle();
  EXPECT_THAT(bob.heard(), ElementsAre("incoming"));
}

// R-001-57, R-001-58, R-001-59
TEST_F(CallsTest, EachCallLogsItsStartItsAnswerAndItsEnd) {
  world.log.keep = true;
  const CallId call = connected_call();
  world.end(alice, call);
  settle();
  EXPECT_THAT(world.log.lines, ElementsAre("Call initiated", "Call response", "Call ended"));
}

//
TEST_F(CallsTest, IdempotencyClaimIsCommittedWithTheCall) {
  std::optional<store::IdempotencyClaim> claim{{alice.me.user, "key", "print"}};
  world.start(alice, 2, [&](StartCall& request) { request.claim = claim; });
  settle();
  EXPECT_TRUE(succeeded());
}

}  // namespace
}  // namespace belfry::calls::testing
