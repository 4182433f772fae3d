#include "domain/call/closing.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "domain/call/a_call_for_tests.hpp"

namespace belfry::call {
namespace {

using namespace testing;
using rules::still_a_call;

bool goes_on_with(LegState caller, LegState callee) {
  return still_a_call({{.user = kAlice, .role = PartyRole::caller, .state = caller}, {.user = kBob, .state = callee}});
}

const std::vector<LegState> kPending = {LegState::invited, LegState::notified, LegState::ringing};
const std::vector<LegState> kIn = {LegState::joined, LegState::suspended};
const std::vector<LegState> kClosed = {LegState::declined, LegState::busy, LegState::missed, LegState::left, LegState::kicked};

TEST(CallOfTwo, GoesOnWhileItRingsOrBothAreInIt) {
  for (const LegState caller : kIn)
    for (const auto* states : {&kPending, &kIn})
      for (const LegState callee : *states)
        EXPECT_TRUE(goes_on_with(caller, callee)) << to_text(caller) << ", " << to_text(callee);
}

TEST(CallOfTwo, IsOverWhenEitherLegIsClosed) {
  for (const LegState closed : kClosed)
    for (const auto* states : {&kPending, &kIn, &kClosed})
      for (const LegState other : *states) {
        EXPECT_FALSE(goes_on_with(closed, other)) << to_text(closed) << ", " << to_text(other);
        EXPECT_FALSE(goes_on_with(other, closed)) << to_text(other) << ", " << to_text(closed);
      }
}

// T-10, T-11, T-13, T-14, T-16, T-17, T-20, X-28
TEST(CallOfTwo, EndsForBothWhicheverOfThemLeaves) {
  for (const UserId user : {kAlice, kBob}) {
    const SessionId session = user == kAlice ? kDesk : kPhone;
    const CallBuilder away = a_call().without(user, kStart + 8s, 5s);
    for (const Event& goes : {Event{HungUp{user, session}}, Event{Left{user}}, Event{GraceEnded{user}}, Event{Kicked{user}}})
      for (const State& call : {State(away.calling()), State(away.connected())}) {
        const auto step = advance(call, goes, kStart + 20s);
        ASSERT_TRUE(step.has_value());
        EXPECT_TRUE(std::holds_alternative<Ended>(step->next)) << name_of(user) << goes.index() << call.index();
        for (const Leg& leg : legs_of(step->next)) EXPECT_FALSE(is_open(leg.state)) << to_text(leg.state);
        EXPECT_EQ(step->effects.size(), 2U) << "each of the two is notified, once: " << text_of(step->effects);
      }
  }
}

TEST(CallOfTwo, EndsWhenTheOnlyCalleeDeclines) {
  const auto step = advance(a_call().calling(), Declined{kBob, kPhone}, kStart + 2s);
  ASSERT_TRUE(step.has_value());
  EXPECT_TRUE(std::holds_alternative<Ended>(step->next));
}

}  // namespace
}  // namespace belfry::call
