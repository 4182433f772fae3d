// Ends that nobody was here to hear: kept with the transition, told on return, once, for a day (X-25, R-001-22, SPEC section 0).
#include "app/calls/calls_stage_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

using call::Dialect;

class LateReturnsTest : public CallsTest {
 protected:
  /// Bob is cut off and never comes back; the call ends without him.
  CallId end_without_bob() {
    const CallId call = connected_call();
    world.suspends(bob);
    world.pass(1s);
    world.end(alice, call);
    settle();
    world.goes(bob, Departure::lost);
    settle();
    return call;
  }
  CallId talk_again(const Phone& callee) {
    const CallId call = ring();
    world.accept(callee, call);
    settle();
    return call;
  }
};

TEST_F(LateReturnsTest, UserWhoReturnsAfterHoursIsNotifiedOfTheEndOnce) {
  static_cast<void>(end_without_bob());
  EXPECT_EQ(world.store.outbox.size(), 1U);
  world.pass(5h);
  const Phone page = world.phone(2, Dialect::signaling);
  settle();
  EXPECT_EQ(page.heard("ended"), 1U);
  EXPECT_TRUE(world.store.outbox.empty());
  world.goes(page, Departure::left);
  const Phone again = world.phone(2, Dialect::signaling);
  settle();
  EXPECT_EQ(again.heard("ended"), 0U);
}

TEST_F(LateReturnsTest, UserWhoReturnsAfterMoreThanADayIsNotNotified) {
  static_cast<void>(end_without_bob());
  world.pass(25h);
  const Phone page = world.phone(2, Dialect::signaling);
  settle();
  EXPECT_EQ(page.heard("ended"), 0U);
}

TEST_F(LateReturnsTest, EndIsCommittedTogetherWithItsOutboxEntries) {
  const CallId call = connected_call();
  world.goes(bob, Departure::lost);
  settle();
  world.store.later = true;
  world.end(alice, call);
  while (world.row(call).status == call::Status::connected) world.step();
  EXPECT_TRUE(world.store.outbox.contains({bob.me.user, call})) << "before anybody is told";
  settle();
}

TEST_F(LateReturnsTest, UserWhoReturnsBetweenCommitAndNoticeIsNotifiedOnce) {
  const CallId call = connected_call();
  world.goes(bob, Departure::lost);
  settle();
  world.store.later = true;
  world.end(alice, call);
  while (world.row(call).status == call::Status::connected) world.step();
  const Phone back = world.phone(2);
  settle();
  EXPECT_EQ(back.heard("ended"), 1U);
  EXPECT_TRUE(world.store.outbox.empty());
}

TEST_F(LateReturnsTest, PendingEndsSurviveAServerCrash) {
  static_cast<void>(end_without_bob());
  World again;
  again.clock.pass(world.clock.now() - again.clock.now() + 10min);
  again.store = world.store;
  for (const auto& [key, entry] : again.store.outbox) again.nodes[0]->shared.unheard().remember(entry);
  const Phone page = again.phone(2, Dialect::signaling);
  again.settle();
  EXPECT_EQ(page.heard("ended"), 1U);
  EXPECT_TRUE(again.store.outbox.empty());
}

// found by an attack. Two servers that both remembered an entry told it twice, hours apart.
TEST(LateReturnsToTwoServers, EndDeliveredByOneServerIsNotRepeatedByAnother) {
  World world({.nodes = 2});
  const Phone alice = world.phone(1), bob = world.phone(2);
  const CallId call = world.start(alice, 2);
  world.settle();
  world.accept(bob, call);
  world.settle();
  world.goes(bob, Departure::lost);
  world.settle();
  world.end(alice, call);
  world.settle();
  auto entry = world.store.outbox.at({bob.me.user, call});
  entry.seq = 1;  // as both read it from the store
  for (const auto& node : world.nodes) node->shared.unheard().remember(entry);
  world.pass(1h);
  const Phone first = world.phone(2, Dialect::signaling, 1);
  world.settle();
  EXPECT_EQ(first.heard("ended"), 1U);
  world.goes(first, Departure::left);
  world.settle();
  const Phone second = world.phone(2, Dialect::signaling, 0);
  world.settle();
  EXPECT_EQ(second.heard("ended"), 0U);
}

TEST(LateReturnsToTwoServers, EndIsDeliveredOnceTheStoreConfirmsThatItIsStillPending) {
  World world({.nodes = 2});
  const Phone alice = world.phone(1);
  const CallId call = world.start(alice, 2);
  world.settle();
  world.accept(world.rest(2), call);
  world.settle();
  world.end(alice, call);
  world.settle();
  store::OutboxEntry entry{.to = user_numbered(2), .call = call, .at = world.clock.wall(), .seq = 1};
  world.store.outbox.insert({{entry.to, entry.call}, entry});
  world.nodes[1]->shared.unheard().remember(entry);
  world.store.down = true;
  const Phone bob = world.phone(2, Dialect::signaling, 1);
  world.pass(1s);
  EXPECT_EQ(bob.heard("ended"), 0U);
  world.store.down = false;
  world.pass(1s);
  EXPECT_EQ(bob.heard("ended"), 1U);
  EXPECT_TRUE(world.store.outbox.empty());
}

TEST_F(LateReturnsTest, EndIsNotTakenForTheEndOfANewCallWithTheSamePeer) {
  static_cast<void>(end_without_bob());
  const auto owed = world.store.outbox;
  const Phone native = world.phone(2);
  const CallId second = talk_again(native);
  for (const auto& [key, entry] : owed) world.nodes[0]->shared.unheard().remember(entry);
  const Phone page = world.phone(2, Dialect::signaling);
  settle();
  EXPECT_EQ(page.heard("ended"), 0U);
  EXPECT_EQ(world.row(second).status, call::Status::connected);
}

TEST_F(LateReturnsTest, SnapshotThatShowsTheEndSettlesItsOutboxEntry) {
  const CallId call = end_without_bob();
  const Phone native = world.phone(2);
  settle();
  EXPECT_EQ(world.store.outbox.size(), 1U) << "nothing was shown yet";
  world.calls(native).end_shown(native.me.user, call);
  settle();
  EXPECT_TRUE(world.store.outbox.empty());
}

TEST_F(LateReturnsTest, RecoveredSessionFindsTheEndInItsRecoveryLog) {
  const CallId call = connected_call();
  world.suspends(bob);
  settle();
  world.end(alice, call);
  settle();
  EXPECT_EQ(world.store.outbox.size(), 1U);
  world.recovers(bob);
  settle();
  EXPECT_EQ(bob.heard("ended"), 1U);
  EXPECT_TRUE(world.store.outbox.empty());
}

TEST_F(LateReturnsTest, UserWhoEndsACallGetsNoOutboxEntry) {
  static_cast<void>(connected_call());
  world.goes(alice, Departure::left);
  settle();
  EXPECT_EQ(bob.heard("ended"), 1U);
  EXPECT_TRUE(world.store.outbox.empty());
}

// a server that was silent too long reads its calls again; the store may fail once more just then.
TEST(CatchUp, IsTriedAgainWhileTheStoreIsDown) {
  World world({.nodes = 2});
  const Phone alice = world.phone(1), bob = world.phone(2);
  const CallId call = world.start(alice, 2);
  world.settle();
  world.accept(bob, call);
  world.settle();
  const Phone admin = world.rest(5, 1);
  world.calls(admin).force_end(call, call::EndReason::admin, world.keep());
  world.settle();
  world.store.down = true;
  for (auto& shard : world.nodes[0]->calls) shard->catch_up_all();
  world.settle();
  world.store.down = false;
  world.pass(1s);
  EXPECT_EQ(alice.heard("ended"), 1U);
  EXPECT_EQ(bob.heard("ended"), 1U);
}

}  // namespace
}  // namespace belfry::calls::testing
