// Signals between the people of a call: order, who may, and what waits.
#include "app/calls/calls_stage_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

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

TEST_F(CallsTest, SignalAfterTheEndReachesNobody) {
  const CallId call = talk();
  world.end(alice, call);
  settle();
  world.signal(alice, call, "late");
  settle();
  EXPECT_EQ(refusal().why, Refusal::not_active);
  EXPECT_THAT(bob.heard(), Not(Contains("signal late")));
}

}  // namespace
}  // namespace belfry::calls::testing
