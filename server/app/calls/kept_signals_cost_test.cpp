// Of what passes a copy is kept only while a call rings.
#include "app/calls/calls_stage_for_tests.hpp"
#include "base/allocations_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

class KeptSignalsCost : public CallsStage {};

TEST_F(KeptSignalsCost, SignalIsCopiedForLaterDevicesOnlyWhileTheCallRings) {
  const CallId call = ring();
  const std::string candidate(1000, 'c');
  const auto copies_of_one = [&] {
    return belfry::testing::allocations_of(candidate.size(), [&] {
      world.signal(alice, call, candidate);
      settle();
    });
  };
  const std::size_t ringing = copies_of_one();
  world.accept(bob, call);
  settle();
  EXPECT_EQ(copies_of_one() + 1, ringing) << "all but one are what the phones of this test write down";
}

}  // namespace
}  // namespace belfry::calls::testing
