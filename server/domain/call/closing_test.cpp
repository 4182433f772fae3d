#include "domain/call/closing.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "domain/call/leg_for_tests.hpp"

namespace belfry::call {
namespace {

using namespace testing;
using rules::still_a_call;

bool goes_on_with(LegState caller, LegState callee) {
  return still_a_call({{.user = kAlice, .role = Role::caller, .state = caller}, {.user = kBob, .state = callee}});
}

const std::vector<LegState> kPending = {LegState::invited, LegState::notified, LegState::ringing};
const std::vector<LegState> kIn = {LegState::joined, LegState::suspended};
const std::vector<LegState> kClosed = {LegState::declined, LegState::busy, LegState::missed, LegState::left, LegState::kicked};

TEST(CallOfTwo, GoesOnWhileOneWaitsForTheOtherToAnswerOrBothAreInIt) {
  for (const LegState caller : kIn)
    for (const auto* states : {&kPending, &kIn})
      for (const LegState callee : *states)
        EXPECT_TRUE(goes_on_with(caller, callee)) << to_text(caller) << ", " << to_text(callee);
}

TEST(CallOfTwo, IsOverWhenEitherIsOutOfIt) {
  for (const LegState closed : kClosed)
    for (const auto* states : {&kPending, &kIn, &kClosed})
      for (const LegState other : *states) {
        EXPECT_FALSE(goes_on_with(closed, other)) << to_text(closed) << ", " << to_text(other);
        EXPECT_FALSE(goes_on_with(other, closed)) << to_text(other) << ", " << to_text(closed);
      }
}

}  // namespace
}  // namespace belfry::call
