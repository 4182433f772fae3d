// Signals to somebody who is away wait during their grace and arrive once (SPEC 2.8.14).
#include "app/calls/calls_stage_for_tests.hpp"
#include "app/calls/waiting_signals.hpp"

namespace belfry::calls::testing {
namespace {

using ::testing::Contains;

class SignalsInGrace : public CallsStage {};

// R-001-33, 2.8.14
TEST_F(SignalsInGrace, SignalToAnAbsentPeerIsRefusedAndLoggedButWaitsDuringTheirGrace) {
  world.log.keep = true;
  const CallId lonely = world.start(alice, 5);
  settle();
  world.signal(alice, lonely, "x");
  settle();
  EXPECT_EQ(refusal().why, Refusal::peer_offline);
  EXPECT_THAT(world.log.lines, Contains("WebRTC signal target offline"));
  world.end(alice, lonely);
  settle();
  const CallId call = connected_call();
  world.suspend(bob);
  settle();
  world.signal(alice, call, "held");
  settle();
  EXPECT_TRUE(world.answers.back().front()->queued);
  world.recover(bob);
  settle();
  EXPECT_THAT(bob.received(), Contains("signal held"));
}

// 2.8.14: by REST too a signal to somebody in grace waits, also for a session that they do not have yet.
TEST_F(SignalsInGrace, SignalByRestReachesTheNewSession) {
  const CallId call = connected_call();
  Phone away = bob;
  world.disconnect(bob, Departure::lost);
  settle();
  Phone rest = world.rest(1);
  rest.me.device = "laptop";
  world.signal(rest, call, "restart");
  settle();
  EXPECT_TRUE(world.answers.back().front()->queued);
  const Phone back = world.phone(2);
  settle();
  EXPECT_EQ(back.received("signal restart"), 1U);
  EXPECT_EQ(back.devices(), std::vector<std::string>{"laptop"});
}

// 2.8.14: and one that recovers has it in its log, once.
TEST_F(SignalsInGrace, SignalByRestReachesARecoveredSessionOnce) {
  const CallId call = connected_call();
  world.suspend(bob);
  settle();
  world.signal(world.rest(1), call, "restart");
  settle();
  world.recover(bob);
  settle();
  EXPECT_EQ(bob.received("signal restart"), 1U);
}

// 2.8.14: what waits for somebody in grace is bounded in bytes too.
TEST_F(SignalsInGrace, SignalsByRestAreRefusedWhenTheyAreTooLongTogether) {
  const CallId call = connected_call();
  world.disconnect(bob, Departure::lost);
  settle();
  const Phone rest = world.rest(1);
  world.signal(rest, call, std::string(kMaxHeldBytes, 'x'));
  settle();
  EXPECT_TRUE(succeeded());
  world.signal(rest, call, "x");
  settle();
  ASSERT_FALSE(succeeded());
  EXPECT_EQ(refusal().why, Refusal::too_many_signals);
}

// 2.8.14, X-13: found by black-box acceptance. Lost, back and lost again, all while the store is slow: nothing
// that was taken is lost. The order may change: a signal that is forwarded takes longer than one to the new address.
TEST(SignalsToAFlappingPeer, AllArriveOnce) {
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    World world({.shards = static_cast<ShardIndex>(1 + seed % 3), .seed = seed});
    Phone alice = world.phone(1);
    const Phone bob = world.phone(2);
    const CallId call = world.start(alice, 2);
    world.settle();
    world.accept(bob, call);
    world.settle();
    world.store.later = true;
    std::vector<std::string> taken;
    const auto say = [&] {
      world.signal(bob, call, std::to_string(taken.size()));
      taken.push_back("signal " + std::to_string(taken.size()));
    };
    for (int round = 0; round < 3; ++round) {
      say();
      world.suspend(alice);
      for (auto steps = world.chance() % 12; steps > 0; --steps) world.step();
      say();
      world.recover(alice);
      for (auto steps = world.chance() % 12; steps > 0; --steps) world.step();
    }
    say();
    world.settle();
    std::vector<std::string> received;
    for (const auto& each : alice.received())
      if (each.starts_with("signal")) received.push_back(each);
    ASSERT_THAT(received, ::testing::UnorderedElementsAreArray(taken)) << "seed " << seed;
  }
}

}  // namespace
}  // namespace belfry::calls::testing
