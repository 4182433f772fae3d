// A start sent right after a hang-up, before the hang-up is committed: the user's slot is still taken when the start reaches the
// store (R-003-34). The start then waits at the host of the call that holds the slot. The order in which a peer of both calls is
// notified of them is not decided here: sockets keep such a start back (gateway/dialects).
#include "app/calls/calls_stage_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

struct Scene {
  World world;
  Phone alice = world.phone(1, call::Dialect::signaling), bob = world.phone(2, call::Dialect::signaling),
        carol = world.phone(3, call::Dialect::signaling);

  /// Alice and Bob are in a call, ringing or connected; tasks and commits go in an order of chance from then on.
  explicit Scene(std::uint64_t seed) : world({.shards = 3, .seed = seed}) {}
  CallId call(bool connected) {
    const CallId call = world.start(alice, 2);
    world.settle();
    if (connected) world.accept(bob, call);
    world.settle();
    world.store.later = true;
    return call;
  }
};

constexpr std::uint64_t kSeeds = 300;

TEST(StartAfterHangUp, SucceedsInAnyOrderOfTasksAndCommits) {
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    Scene scene(seed);
    World& world = scene.world;
    const CallId old = scene.call(seed % 2 != 0);
    const bool by_caller = seed % 4 < 2;
    const Phone& leaver = by_caller ? scene.alice : scene.bob;
    world.cancel(leaver, old);
    const CallId next = world.start(leaver, 3);
    world.settle();
    ASSERT_TRUE(call::is_final(world.row(old).status)) << "seed " << seed;
    ASSERT_EQ(world.row(next).status, call::Status::calling) << "seed " << seed;
    ASSERT_EQ(scene.carol.received("incoming"), 1U) << "seed " << seed;
  }
}

}  // namespace
}  // namespace belfry::calls::testing
