// One call and its refusals, on one shard and on three, with a store that answers at once and one that answers later.
#include "app/switchboard.hpp"

#include <gmock/gmock.h>

#include "app/lines.hpp"
#include "app/stage.hpp"

namespace belfry::app::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Heard = std::vector<std::string>;

class Calling : public ::testing::TestWithParam<StageOptions> {
 protected:
  Stage stage{GetParam()};
  Phone alice = stage.phone("alice");
  Phone bob = stage.phone("bob");
  Phone carol = stage.phone("carol");

  void connect() {
    alice.calls("bob");
    stage.settle();
    bob.answers("alice");
    stage.settle();
  }
  void TearDown() override { EXPECT_THAT(stage.breaches, IsEmpty()); }
  [[nodiscard]] std::int64_t active() { return stage.exchange().stats().active; }
};

INSTANTIATE_TEST_SUITE_P(Shards, Calling,
                         ::testing::Values(StageOptions{}, StageOptions{.finish = StageStore::Finish::later},
                                           StageOptions{.shards = 3, .seed = 3},
                                           StageOptions{.shards = 3, .seed = 4, .finish = StageStore::Finish::later}));

// R-003-14, R-003-15, R-003-17
TEST_P(Calling, RingsIsAnsweredAndEnds) {
  connect();
  EXPECT_EQ(active(), 1);
  bob.hangs_up("alice");
  stage.settle();
  EXPECT_THAT(bob.heard(), ElementsAre("incoming alice offer"));
  EXPECT_THAT(alice.heard(), ElementsAre("answered bob answer", "ended bob hangup"));
  EXPECT_EQ(active(), 0);
  EXPECT_THAT(stage.store.slots, IsEmpty());
}

// R-003-16
TEST_P(Calling, DeclineIsToldToTheCaller) {
  alice.calls("bob");
  stage.settle();
  bob.declines("alice");
  stage.settle();
  EXPECT_THAT(alice.heard(), ElementsAre("declined bob"));
}

// R-003-18, R-003-19, R-003-29
TEST_P(Calling, RingingTimesOutForBothAtThirtySeconds) {
  alice.calls("bob");
  stage.pass(30s - 1ms);
  EXPECT_THAT(alice.heard(), IsEmpty());
  stage.pass(1ms);
  EXPECT_THAT(alice.heard(), ElementsAre("timeout bob"));
  EXPECT_THAT(bob.heard(), ElementsAre("incoming alice offer", "ended alice timeout"));
}

// R-003-30
TEST_P(Calling, AnsweredCallNeverTimesOut) {
  connect();
  stage.pass(60s);
  EXPECT_THAT(alice.heard(), ElementsAre("answered bob answer"));
}

// R-003-20, R-003-21
TEST_P(Calling, SomebodyInACallRingingOrDialingIsBusyAndNoticesNothing) {
  alice.calls("bob");
  stage.settle();
  carol.calls("bob");
  carol.calls("alice");
  stage.settle();
  bob.answers("alice");
  stage.settle();
  carol.calls("bob");
  stage.settle();
  EXPECT_THAT(carol.heard(), ElementsAre(::testing::StartsWith("busy"), ::testing::StartsWith("busy"), "busy bob"));
  EXPECT_THAT(bob.heard(), ElementsAre("incoming alice offer"));
  EXPECT_THAT(alice.heard(), ElementsAre("answered bob answer"));
}

// T-02
TEST_P(Calling, SomebodyInACallCannotStartAnother) {
  connect();
  alice.calls("carol");
  stage.settle();
  EXPECT_THAT(alice.heard(), Contains("failed carol already_in_call"));
  EXPECT_THAT(carol.heard(), IsEmpty());
}

// R-003-22, C-10
TEST_P(Calling, OfflineCalleeFailsAtOnceAndNoCallIsMade) {
  alice.calls("zoe");
  stage.settle();
  EXPECT_THAT(alice.heard(), ElementsAre("failed zoe offline"));
  EXPECT_EQ(stage.store.commits, 0U);
}

// R-003-26
TEST_P(Calling, SimilarNamesAreDifferentPeople) {
  Phone bob2 = stage.phone("bob2");
  alice.calls("bob2");
  stage.settle();
  EXPECT_THAT(bob2.heard(), ElementsAre("incoming alice offer"));
  EXPECT_THAT(bob.heard(), IsEmpty());
}

TEST_P(Calling, RefusalsAreToldNeverSilent) {
  alice.calls("alice");
  alice.answers("bob");
  alice.hangs_up("bob");
  alice.sends("bob", "c1");
  stage.settle();
  EXPECT_THAT(alice.heard(), ::testing::UnorderedElementsAre("failed alice self_call", "failed bob no_such_call",
                                                             "failed bob no_such_call", "failed bob no_such_call"));
}

TEST_P(Calling, CallerCannotAnswerItsOwnCall) {
  alice.calls("bob");
  stage.settle();
  alice.answers("bob");
  stage.settle();
  EXPECT_THAT(alice.heard(), ElementsAre("failed bob not_a_party"));
}

TEST_P(Calling, DrainingRefusesStartsAndLetsCallsGoOn) {
  connect();
  for (ShardIndex shard = 0; shard < GetParam().shards; ++shard) stage.board(shard).drain();
  carol.calls("bob");
  bob.hangs_up("alice");
  stage.settle();
  EXPECT_THAT(carol.heard(), ElementsAre("failed bob draining"));
  EXPECT_THAT(alice.heard(), Contains("ended bob hangup"));
}

// R-003-34
TEST_P(Calling, OneWhoHungUpCallsSomebodyElseInTheSameBreath) {
  connect();
  alice.hangs_up("bob");
  alice.calls("carol");
  alice.sends("carol", "c1");
  stage.settle();
  EXPECT_THAT(carol.heard(), ElementsAre("incoming alice offer", "candidate alice c1"));
  EXPECT_THAT(alice.heard(), ElementsAre("answered bob answer"));
}

// R-003-34
TEST_P(Calling, OneWhoHungUpCallsTheSamePersonAgain) {
  connect();
  alice.hangs_up("bob");
  alice.calls("bob", "second");
  alice.sends("bob", "c1");
  stage.settle();
  EXPECT_THAT(bob.heard(),
              ElementsAre("incoming alice offer", "ended alice hangup", "incoming alice second", "candidate alice c1"));
}

// R-003-23, R-003-31
TEST_P(Calling, CandidatesSentRightAfterTheOfferAllArriveInOrder) {
  alice.calls("bob");
  Heard expected{"incoming alice offer"};
  for (int i = 0; i < 20; ++i) {
    alice.sends("bob", std::to_string(i));
    expected.push_back("candidate alice " + std::to_string(i));
    if (i % 3 == 0) stage.step();
  }
  stage.settle();
  EXPECT_EQ(bob.heard(), expected);
}

//
TEST_P(Calling, CalleesCandidatesWaitForTheAnswer) {
  alice.calls("bob");
  stage.settle();
  bob.sends("alice", "b1");
  bob.sends("alice", "b2");
  stage.settle();
  EXPECT_THAT(alice.heard(), IsEmpty());
  bob.answers("alice");
  bob.sends("alice", "b3");
  stage.settle();
  EXPECT_THAT(alice.heard(), ElementsAre("answered bob answer", "candidate bob b1", "candidate bob b2", "candidate bob b3"));
}

TEST_P(Calling, HeldCandidatesAreBounded) {
  alice.calls("bob");
  stage.settle();
  for (std::size_t i = 0; i <= kMaxHeldCandidates; ++i) bob.sends("alice", "c");
  bob.sends("alice", std::string(kMaxHeldBytes, 'c'));
  EXPECT_THAT(bob.heard(),
              ElementsAre("incoming alice offer", "failed alice too_many_candidates", "failed alice too_many_candidates"));
}

TEST_P(Calling, CandidatesReachNobodyOutsideTheCall) {
  connect();
  carol.sends("alice", "evil");
  stage.settle();
  EXPECT_THAT(carol.heard(), ElementsAre("failed alice no_such_call"));
  EXPECT_THAT(alice.heard(), ElementsAre("answered bob answer"));
}

// 2.8.1: every command sent twice
TEST_P(Calling, RepeatOfEachCommandChangesNothing) {
  const auto twice = [&](auto command) {
    command();
    command();
    stage.settle();
    command();
    stage.settle();
  };
  twice([&] { alice.calls("bob"); });
  twice([&] { bob.answers("alice"); });
  twice([&] { alice.hangs_up("bob"); });
  EXPECT_THAT(bob.heard(), ElementsAre("incoming alice offer", "ended alice hangup"));
  // A start of a call that is connected is no repeat; all of ours came while it rang.
  EXPECT_THAT(alice.heard(), ElementsAre("answered bob answer"));
}

TEST_P(Calling, CandidatesBehindARepeatedStartStillArriveInOrder) {
  alice.calls("bob");
  alice.sends("bob", "1");
  alice.calls("bob");
  alice.sends("bob", "2");
  stage.settle();
  alice.sends("bob", "3");
  stage.settle();
  EXPECT_THAT(bob.heard(), ElementsAre("incoming alice offer", "candidate alice 1", "candidate alice 2", "candidate alice 3"));
}

// R-003-47
TEST(StartLimit, SixthCallWithinTheWindowIsRefused) {
  Stage stage({.starts = {.max = 5, .window = 60s}});
  Phone alice = stage.phone("alice");
  for (int i = 0; i < 6; ++i) alice.calls("zoe");
  EXPECT_EQ(alice.heard().back(), "failed zoe rate_limited");
  stage.pass(60s);
  alice.calls("zoe");
  EXPECT_EQ(alice.heard().back(), "failed zoe offline");
}

}  // namespace
}  // namespace belfry::app::testing
