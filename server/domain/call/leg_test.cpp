#include "domain/call/leg.hpp"

#include <gtest/gtest.h>

#include "domain/call/leg_for_tests.hpp"

namespace belfry::call {
namespace {

using namespace testing;
using enum LegState;

constexpr LegState kAll[] = {invited, notified, ringing, joined, suspended, declined, busy, missed, left, kicked};

// SPEC 2.6: invited, notified, ringing, joined, suspended and back, left.
TEST(Leg, GoesFromTheInvitationToTheEndOfTheConversation) {
  LegState leg = invited;
  const std::pair<LegStep, LegState> way[] = {
      {LegStep::notified, notified}, {LegStep::rings, ringing},  {LegStep::joins, joined}, {LegStep::lost, suspended},
      {LegStep::returns, joined},    {LegStep::lost, suspended}, {LegStep::closes, left}};
  for (const auto& [step, then] : way) {
    leg = after(leg, step);
    EXPECT_EQ(leg, then) << to_text(step);
  }
}

TEST(Leg, OfAUserWhoDidNotAnswerClosesAsMissed) {
  for (const LegState pending : {invited, notified, ringing}) EXPECT_EQ(after(pending, LegStep::closes), missed);
}

TEST(Leg, LossBeforeTheAnswerChangesNothing) {
  for (const LegState pending : {invited, notified, ringing}) {
    EXPECT_EQ(after(pending, LegStep::lost), pending);
    EXPECT_EQ(after(pending, LegStep::returns), pending);
  }
}

//
TEST(Leg, ThatWasMissedOrLeftMayBeJoinedAgainButNotOneDeclinedOrKicked) {
  for (const LegState state : {declined, kicked}) EXPECT_EQ(after(state, LegStep::joins), state);
  for (const LegState state : {busy, missed, left}) EXPECT_EQ(after(state, LegStep::joins), joined);
}

TEST(Leg, IsEitherPendingOrInTheCallOrClosed) {
  for (const LegState state : kAll) {
    EXPECT_FALSE(is_pending(state) && is_in(state)) << to_text(state);
    EXPECT_EQ(is_open(state), is_pending(state) || is_in(state)) << to_text(state);
  }
}

TEST(Leg, TreatsARepeatedStepAsOne) {
  for (const LegState state : kAll)
    for (const LegStep step : kLegSteps) {
      const LegState once = after(state, step);
      EXPECT_EQ(after(once, step), once) << to_text(state) << to_text(step);
    }
}

}  // namespace
}  // namespace belfry::call
