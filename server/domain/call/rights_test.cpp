#include "domain/call/rights.hpp"

#include <gtest/gtest.h>

#include "domain/call/leg_for_tests.hpp"

namespace belfry::call {
namespace {

using namespace testing;
using enum Deed;

// 2.8.15, R-001-48
TEST(Rights, AreThoseOfTheCallerOfACalleeAndOfAStranger) {
  const Legs legs{alices_leg(), bobs_leg()};
  struct Case {
    Deed deed;
    Right callers, callees, strangers;
  };
  constexpr auto granted = Right::granted, unknown = Right::call_not_found, refused = Right::not_participant;
  for (const auto& [deed, callers, callees, strangers] :
       {Case{answer, unknown, granted, unknown}, Case{decline, unknown, granted, unknown},
        Case{tell_that_it_rings, unknown, granted, unknown}, Case{tell_that_they_are_ready, granted, refused, refused},
        Case{hang_up, granted, granted, refused}, Case{report_media, granted, granted, refused},
        Case{signal, granted, granted, refused}}) {
    EXPECT_EQ(right_to(deed, legs, kAlice), callers) << static_cast<int>(deed);
    EXPECT_EQ(right_to(deed, legs, kBob), callees) << static_cast<int>(deed);
    EXPECT_EQ(right_to(deed, legs, kCarol), strangers) << static_cast<int>(deed);
  }
}

}  // namespace
}  // namespace belfry::call
