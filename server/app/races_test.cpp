// The races of SPEC 2.6 which one server can have, each by its number.
#include <gmock/gmock.h>

#include "app/stage.hpp"

namespace belfry::app::testing {
namespace {

using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

class Race : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  Stage stage{{.shards = static_cast<ShardIndex>(GetParam() % 3 + 1),
               .seed = GetParam(),
               .finish = GetParam() % 2 == 0 ? StageStore::Finish::at_once : StageStore::Finish::later}};
  Phone alice = stage.phone("alice");
  Phone bob = stage.phone("bob");

  void ring() {
    alice.calls("bob");
    stage.settle();
  }
  void connect() {
    ring();
    bob.answers("alice");
    stage.settle();
  }
  void TearDown() override {
    EXPECT_THAT(stage.breaches, IsEmpty());
    stage.pass(60s);
    alice.hangs_up("bob");
    bob.hangs_up("alice");
  }
};

INSTANTIATE_TEST_SUITE_P(Seeds, Race, ::testing::Range<std::uint64_t>(0, 24));

//
TEST_P(Race, X02AnswerAgainstCancelEndsBothInOneWay) {
  ring();
  bob.answers("alice");
  alice.hangs_up("bob");
  stage.settle();
  const bool answered = !alice.heard().empty();
  EXPECT_THAT(bob.heard(), Contains(answered ? "ended alice hangup" : "ended alice cancelled"));
  EXPECT_THAT(bob.heard(), AnyOf(Contains("failed alice no_such_call"), Contains("ended alice hangup")));
}

//
TEST_P(Race, X03AnswerReceivedBeforeTheDeadlineWinsOverTheTimer) {
  ring();
  stage.pass(30s - 1ms);
  bob.answers("alice");
  stage.set_time(stage.now() + 1ms);
  stage.settle();
  EXPECT_THAT(alice.heard(), ElementsAre("answered bob answer"));
}

//
TEST_P(Race, X07GlareRingsTheFirstCallAgainAndConnectsNoTwo) {
  ring();
  bob.calls("alice");
  stage.settle();
  EXPECT_THAT(bob.heard(), ElementsAre("incoming alice offer", "busy alice", "incoming alice offer"));
  EXPECT_THAT(alice.heard(), IsEmpty());
  bob.answers("alice");
  stage.settle();
  EXPECT_THAT(alice.heard(), ElementsAre("answered bob answer"));
}

//
TEST_P(Race, X08GlareWithBothStartsInFlightRingsOneOfThem) {
  alice.calls("bob");
  bob.calls("alice");
  stage.settle();
  const auto& loser = alice.heard().empty() ? bob : alice;
  const auto& winner = alice.heard().empty() ? alice : bob;
  EXPECT_THAT(winner.heard(), IsEmpty());
  EXPECT_THAT(loser.heard(), Contains("busy " + winner.name()));
  EXPECT_THAT(loser.heard(), Contains("incoming " + winner.name() + " offer"));
  EXPECT_EQ(stage.exchange().stats().active, 1);
}

// X-11, R-003-33
TEST_P(Race, X11LostCallerEndsTheRingAfterItsGrace) {
  ring();
  alice.goes(Departure::lost);
  stage.pass(5s - 1ms);
  EXPECT_THAT(bob.heard(), ElementsAre("incoming alice offer"));
  stage.pass(1ms);
  EXPECT_THAT(bob.heard(), ElementsAre("incoming alice offer", "ended alice caller_disconnected"));
}

//
TEST_P(Race, X11CallerWhoReturnsInTimeIsNotMissed) {
  ring();
  alice.goes(Departure::lost);
  stage.pass(4s);
  alice.returns();
  stage.pass(4s);
  EXPECT_THAT(bob.heard(), ElementsAre("incoming alice offer"));
  bob.answers("alice");
  stage.settle();
  EXPECT_THAT(alice.heard(), ElementsAre("answered bob answer"));
}

// X-11, C-21
TEST_P(Race, X11CallerWhoLeavesEndsTheRingAtOnce) {
  ring();
  alice.goes(Departure::left);
  stage.settle();
  EXPECT_THAT(bob.heard(), ElementsAre("incoming alice offer", "ended alice caller_disconnected"));
}

// the caller goes while the start is being committed
TEST_P(Race, X11CallerWhoLeavesBeforeTheCommitLeavesNoGhost) {
  alice.calls("bob");
  alice.goes(Departure::left);
  stage.settle();
  EXPECT_THAT(bob.heard(), AnyOf(IsEmpty(), ElementsAre("incoming alice offer", "ended alice caller_disconnected")));
  EXPECT_THAT(stage.store.slots, IsEmpty());
}

//
TEST_P(Race, X12LostCalleeRingsAgainOnReturnWithTheRemainingTime) {
  ring();
  stage.pass(3s);
  bob.goes(Departure::lost);
  stage.pass(4s);
  Phone again = stage.phone("bob");
  stage.settle();
  EXPECT_THAT(again.heard(), ElementsAre("incoming alice offer"));
  stage.pass(23s);
  EXPECT_THAT(again.heard(), ElementsAre("incoming alice offer", "ended alice timeout"));
}

// X-12, R-003-33
TEST_P(Race, X12CalleeWhoStaysAwayIsUnreachable) {
  ring();
  bob.goes(Departure::lost);
  stage.pass(5s);
  EXPECT_THAT(alice.heard(), ElementsAre("ended bob unreachable"));
}

// the callee goes while the start is being committed
TEST_P(Race, X12CalleeWhoGoesBeforeTheCommitIsFoundOut) {
  alice.calls("bob");
  bob.goes(Departure::lost);
  stage.pass(6s);
  EXPECT_THAT(alice.heard(), AnyOf(ElementsAre("ended bob unreachable"), ElementsAre("failed bob offline")));
}

// X-13, R-003-32
TEST_P(Race, X13LostPartyEndsTheConversationAfterItsGrace) {
  connect();
  alice.goes(Departure::lost);
  stage.pass(3s);
  EXPECT_THAT(bob.heard(), ElementsAre("incoming alice offer", "ended alice connection_lost"));
  EXPECT_EQ(stage.exchange().stats().active, 0);
}

// X-13, R-003-31
TEST_P(Race, X13CandidatesForAnAbsentPeerArriveInOrderWhenItReturns) {
  connect();
  alice.goes(Departure::lost);
  stage.settle();
  bob.sends("alice", "1");
  bob.sends("alice", "2");
  stage.pass(1s);
  Phone again = stage.phone("alice");
  stage.settle();
  bob.sends("alice", "3");
  stage.settle();
  EXPECT_THAT(again.heard(), ElementsAre("candidate bob 1", "candidate bob 2", "candidate bob 3"));
  stage.pass(10s);
  EXPECT_THAT(bob.heard(), ElementsAre("incoming alice offer"));
}

//
TEST_P(Race, X14BothLostEndOnce) {
  connect();
  alice.goes(Departure::lost);
  stage.pass(1s);
  bob.goes(Departure::lost);
  stage.pass(3s);
  EXPECT_EQ(stage.exchange().stats().lost, 1);
  EXPECT_THAT(stage.store.slots, IsEmpty());
}

// X-16, R-003-27, R-003-28
TEST_P(Race, X16LateCloseOfTheOldSocketTouchesNothing) {
  Phone newer = stage.phone("alice");
  stage.settle();
  EXPECT_THAT(alice.heard(), ElementsAre("replaced"));
  alice.goes(Departure::lost);
  alice.goes(Departure::replaced);
  stage.pass(5s);
  EXPECT_EQ(stage.directory.find("alice"), newer.at());
}

// X-17, R-003-24, R-003-27
TEST_P(Race, X17NewDeviceTakesTheCallBySignalingForIt) {
  connect();
  Phone newer = stage.phone("alice");
  newer.sends("bob", "1");
  newer.sends("bob", "2");
  stage.settle();
  newer.sends("bob", "3");
  bob.sends("alice", "b");
  stage.pass(10s);
  EXPECT_THAT(bob.heard(), ElementsAre("incoming alice offer", "candidate alice 1", "candidate alice 2", "candidate alice 3"));
  EXPECT_THAT(newer.heard(), ElementsAre("candidate bob b"));
  EXPECT_THAT(alice.heard(), ElementsAre("answered bob answer", "replaced"));
  newer.hangs_up("bob");
  stage.settle();
  EXPECT_THAT(bob.heard(), Contains("ended alice hangup"));
}

//
TEST_P(Race, X17NewDeviceThatIsSilentLosesTheCallAfterTheGrace) {
  connect();
  Phone newer = stage.phone("alice");
  stage.pass(3s);
  EXPECT_THAT(bob.heard(), ElementsAre("incoming alice offer", "ended alice connection_lost"));
  EXPECT_THAT(newer.heard(), IsEmpty());
}

//
TEST_P(Race, X17NewDeviceOfARingingCalleeRings) {
  ring();
  Phone newer = stage.phone("bob");
  stage.settle();
  EXPECT_THAT(newer.heard(), ElementsAre("incoming alice offer"));
  newer.answers("alice");
  stage.settle();
  EXPECT_THAT(alice.heard(), ElementsAre("answered bob answer"));
}

//
TEST_P(Race, X18EndByBothIsOneEndAndNoMistake) {
  connect();
  alice.hangs_up("bob");
  bob.hangs_up("alice");
  stage.settle();
  EXPECT_THAT(alice.heard(), Not(Contains(::testing::HasSubstr("failed"))));
  EXPECT_THAT(bob.heard(), Not(Contains(::testing::HasSubstr("failed"))));
  EXPECT_EQ(stage.exchange().stats().hung_up, 1);
}

// T-25
TEST_P(Race, T25ReloadedCallerDialsTheSamePersonAnew) {
  connect();
  alice.goes(Departure::lost);
  Phone reloaded = stage.phone("alice");
  stage.settle();
  reloaded.calls("bob", "second");
  stage.settle();
  EXPECT_THAT(bob.heard(), ElementsAre("incoming alice offer", "ended alice superseded", "incoming alice second"));
}

}  // namespace
}  // namespace belfry::app::testing
