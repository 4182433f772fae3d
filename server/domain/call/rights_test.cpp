#include "domain/call/rights.hpp"

#include <gtest/gtest.h>

#include "domain/call/a_call_for_tests.hpp"

namespace belfry::call {
namespace {

using namespace testing;
using enum Action;

// 2.8.15, R-001-48
TEST(Rights, DifferForTheCallerACalleeAndAStranger) {
  const State call = a_call().calling();
  struct Case {
    Action action;
    Right callers, callees, strangers;
  };
  constexpr auto granted = Right::granted, unknown = Right::call_not_found, refused = Right::not_participant;
  for (const auto& [action, callers, callees, strangers] :
       {Case{answer, unknown, granted, unknown}, Case{decline, unknown, granted, unknown},
        Case{report_ringing, unknown, granted, unknown}, Case{report_ready, granted, refused, refused},
        Case{hang_up, granted, granted, refused}, Case{report_media, granted, granted, refused},
        Case{signal, granted, granted, refused}}) {
    EXPECT_EQ(right_to(action, call, kAlice), callers) << static_cast<int>(action);
    EXPECT_EQ(right_to(action, call, kBob), callees) << static_cast<int>(action);
    EXPECT_EQ(right_to(action, call, kCarol), strangers) << static_cast<int>(action);
  }
}

// C-08, J-2.5, S17
TEST(Rights, CallerMayAnswerOnlyAGroupCallThatTheyHaveLeft) {
  const State rings = a_call_of_three().calling(), all = a_call_of_three().with(kCarol).connected();
  const State left = advance(all, HungUp{kAlice, kDesk, HungUp::Verb::leave}, kStart + 9s)->next;
  const State back = advance(left, answers(kAlice), kStart + 10s)->next;
  const State over = advance(back, HungUp{kBob, kPhone}, kStart + 11s)->next;
  for (const State& state : {rings, all, over, State(a_call().ended(EndReason::timeout, std::nullopt))})
    EXPECT_EQ(right_to(answer, state, kAlice), Right::call_not_found) << to_text(status_of(state));
  for (const State& state : {left, back}) {
    EXPECT_EQ(right_to(answer, state, kAlice), Right::granted);
    EXPECT_EQ(right_to(decline, state, kAlice), Right::call_not_found);
  }
}

}  // namespace
}  // namespace belfry::call
