// What the caller is told of whether anybody can be reached (SPEC J-2.13, R-000-57), and that nobody who is here waits for it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/calls/world_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

using call::Dialect;
using ::testing::ElementsAre;

class Reachable : public ::testing::Test {
 protected:
  static CallSettings with_pushes() {
    CallSettings settings = test_settings();
    settings.push = PushTo::absent;
    return settings;
  }
  bool answered_reachable() {
    world.settle();
    return world.answers.back().front()->reachable;
  }
  void start_and_cancel(int callee, const std::function<void(StartCall&)>& more = {}) {
    const CallId call = world.start(alice, callee, more);
    answers.push_back(answered_reachable());
    world.cancel(alice, call);
    world.settle();
  }
  static void when_ready(StartCall& start) { start.ring = call::RingPolicy::on_caller_ready; }
  World world{{.shards = 2, .settings = with_pushes()}};
  Phone alice = world.phone(1);
  std::vector<bool> answers;
};

TEST_F(Reachable, CalleeWithADeviceThatCanBePushedIsReachable) {
  world.store.pushable = {user_numbered(3)};
  start_and_cancel(3);
  start_and_cancel(2);
  start_and_cancel(2, [](StartCall& start) { start.more = {user_numbered(3)}; });
  EXPECT_THAT(answers, ElementsAre(true, false, true)) << "the last calls both";
  EXPECT_EQ(alice.reachable(), answers) << "created says the same";
}

TEST_F(Reachable, StartIsAnsweredWhenTheStoreHasSaidWhoHasDevices) {
  world.store.pushable = {user_numbered(2)};
  world.store.later = true;
  const auto before = world.nodes[0]->sessions.look_ups();
  world.start(alice, 2);
  EXPECT_TRUE(answered_reachable());
  EXPECT_EQ(world.store.asked_for_devices, 1U);
  EXPECT_EQ(world.nodes[0]->sessions.look_ups(), before + 1) << "R-000-39";
}

TEST_F(Reachable, CallThatRingsSomebodyAsksForNoDevices) {
  const Phone bob = world.phone(2);
  start_and_cancel(2);
  start_and_cancel(2, [](StartCall& start) { start.more = {user_numbered(3)}; });
  EXPECT_THAT(answers, ElementsAre(true, true));
  EXPECT_EQ(world.store.asked_for_devices, 0U);
}

// J-1.5
TEST_F(Reachable, CallThatRingsSessionsOnlyCountsSessionsOnly) {
  world.store.pushable = {user_numbered(2)};
  const CallId call = world.start(alice, 2, [](StartCall& start) {
    start.ring_targets = RingTargets::online;
    start.ring = call::RingPolicy::on_caller_ready;
  });
  EXPECT_FALSE(answered_reachable());
  world.ready(alice, call);
  world.settle();
  EXPECT_EQ(alice.reachable(), (std::vector<bool>{false, false}));
  EXPECT_EQ(world.store.asked_for_devices, 0U);
}

// C-10, T-04
TEST_F(Reachable, SignalingClientRingsACalleeWithADeviceAndIsRefusedOneWithout) {
  world.store.pushable = {user_numbered(2)};
  const Phone page = world.phone(3, Dialect::signaling);
  const CallId call = world.start(page, 2);
  EXPECT_TRUE(answered_reachable());
  EXPECT_EQ(world.row(call).status, call::Status::calling);
  const Phone bob = world.phone(2);
  world.settle();
  EXPECT_THAT(bob.received(), ElementsAre("incoming")) << "once the push has woken the app";
  world.cancel(page, call);
  world.disconnect(bob, Departure::left);
  world.settle();
  world.store.pushable = {};
  world.start(page, 2);
  world.settle();
  EXPECT_EQ(world.answers.back().front().error().why, Refusal::unreachable);
  EXPECT_EQ(world.store.asked_for_devices, 2U);
  world.start(page, 2, [](StartCall& request) { request.callee.reset(); });
  world.settle();
  EXPECT_EQ(world.answers.back().front().error().why, Refusal::unreachable);
  EXPECT_EQ(world.store.asked_for_devices, 2U) << "no user has that name";
}

TEST_F(Reachable, IsToldAgainWhenTheRingBeginsAsItIsThen) {
  world.store.pushable = {user_numbered(2)};
  const Phone bob = world.phone(2);
  const CallId call = world.start(alice, 2, when_ready);
  world.settle();
  EXPECT_EQ(world.store.asked_for_devices, 0U);
  world.disconnect(bob, Departure::lost);
  world.ready(alice, call);
  world.settle();
  EXPECT_EQ(alice.reachable(), (std::vector<bool>{true, true}));
  EXPECT_EQ(world.store.asked_for_devices, 1U) << "the start did not need to";
}

TEST_F(Reachable, ReadyDoesNotAskWhatTheStartHasAsked) {
  const CallId call = world.start(alice, 2, when_ready);
  world.settle();
  world.ready(alice, call);
  world.settle();
  EXPECT_EQ(alice.reachable(), (std::vector<bool>{false, false}));
  EXPECT_EQ(world.store.asked_for_devices, 1U);
}

TEST_F(Reachable, SessionThatComesWhileTheStoreIsAskedIsRung) {
  world.store.later = true;
  world.start(alice, 2);
  while (world.store.asked_for_devices == 0) world.step();
  const Phone bob = world.phone(2);
  EXPECT_FALSE(answered_reachable()) << "as planned, so that the answer could be stored with the call";
  EXPECT_THAT(bob.received(), ElementsAre("incoming"));
}

TEST_F(Reachable, CallerWhoLeavesWhileTheStoreIsAskedLeavesNoRing) {
  world.store.later = true;
  const CallId call = world.start(alice, 2);
  while (world.store.asked_for_devices == 0) world.step();
  world.disconnect(alice, Departure::left);
  world.settle();
  EXPECT_EQ(world.row(call).status, call::Status::missed);
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::caller_disconnected);
}

TEST_F(Reachable, StoreThatIsDownMakesNoCall) {
  world.store.down = true;
  world.start(alice, 2);
  world.settle();
  EXPECT_EQ(world.answers.back().front().error().why, Refusal::store_unavailable);
}

// J-2.4
TEST_F(Reachable, RepeatedStartIsAnsweredAsTheFirst) {
  Phone app = world.phone(5, Dialect::token);
  for (int i = 0; i < 2; ++i) {
    world.start(app, 2);
    EXPECT_FALSE(answered_reachable());
  }
  EXPECT_EQ(world.store.calls.size(), 1U);
}

}  // namespace
}  // namespace belfry::calls::testing
