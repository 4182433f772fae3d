#include "domain/call/negotiation.hpp"

#include <gtest/gtest.h>

#include "domain/call/leg_for_tests.hpp"

namespace belfry::call {
namespace {

using namespace testing;

const Leg kCaller = alices_leg().joined_from(kPhone), kPending = bobs_leg(), kJoined = bobs_leg().joined_from(kTablet);
const Leg kThird = carols_leg().joined_from(kTablet);

//
TEST(Negotiation, AnswerIsDueAfterAnOfferIsAcceptedWithoutOne) {
  EXPECT_EQ(after_answer(after_start(Enclosed::description), Enclosed::nothing), Negotiation::answer_due);
  EXPECT_EQ(after_answer(after_start(Enclosed::description), Enclosed::description), Negotiation::open);
  EXPECT_EQ(after_answer(after_start(Enclosed::nothing), Enclosed::nothing), Negotiation::open);
}

//
TEST(SignalFlow, OfACalleeWaitUntilItJoinsAndThenForItsAnswer) {
  EXPECT_EQ(flow(kPending, kCaller, Negotiation::offered), Flow::hold);
  EXPECT_EQ(flow(kJoined, kCaller, Negotiation::answer_due), Flow::behind_description);
  EXPECT_EQ(flow(kJoined, kCaller, Negotiation::open), Flow::pass);
}

TEST(SignalFlow, OfTheCallerReachARingingCallee) {
  EXPECT_EQ(flow(kCaller, kPending, Negotiation::offered), Flow::pass);
  EXPECT_EQ(flow(kCaller, kJoined, Negotiation::answer_due), Flow::pass);
}

// 2.8.14
TEST(SignalFlow, AreHeldForAUserWhoIsAway) {
  EXPECT_EQ(flow(kCaller, bobs_leg().away(), Negotiation::offered), Flow::hold);
  EXPECT_EQ(flow(kJoined, alices_leg().joined_from(kPhone).away(), Negotiation::answer_due), Flow::hold);
}

TEST(SignalFlow, PassBetweenJoinedParticipantsOfACallOfThreeOnly) {
  EXPECT_EQ(flow(kThird, kJoined, Negotiation::open), Flow::pass);
  EXPECT_EQ(flow(kThird, kPending, Negotiation::open), Flow::hold);
  EXPECT_EQ(flow(kCaller, carols_leg().in_state(LegState::declined), Negotiation::open), Flow::hold);
}

}  // namespace
}  // namespace belfry::call
