#include "domain/call/rights.hpp"

#include <gtest/gtest.h>

#include "domain/call/leg_for_tests.hpp"

namespace belfry::call {
namespace {

using namespace testing;
using enum Action;

// 2.8.15, R-001-48
TEST(Rights, DifferForTheCallerACalleeAndAStranger) {
  const Legs legs{alices_leg(), bobs_leg()};
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
    EXPECT_EQ(right_to(action, legs, kAlice), callers) << static_cast<int>(action);
    EXPECT_EQ(right_to(action, legs, kBob), callees) << static_cast<int>(action);
    EXPECT_EQ(right_to(action, legs, kCarol), strangers) << static_cast<int>(action);
  }
}

}  // namespace
}  // namespace belfry::call
