// The end of a call is stored, but its entry in the outbox for somebody who was away only afterwards is not (X-25, decision
// 0017).
#include "app/calls/calls_stage_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

using call::Dialect;

/// The end is committed; then both lose their sessions, and the store fails, before they are notified.
class EndNotStored : public CallsStage {
 protected:
  EndNotStored() {
    call_ = connected_call();
    world.store.later = true;
    world.nodes[0]->calls[0]->force_end(call_, call::EndReason::admin, {});
    while (world.row(call_).status == call::Status::connected) world.step();
    world.store.later = false;
    world.disconnect(alice, Departure::lost);
    world.disconnect(bob, Departure::lost);
    world.store.down = true;
    world.pass(1s);
  }
  /// Bob's, so that the host of the call hears of it by mail only.
  Phone page_on_another_shard() {
    Phone page = world.rest(2);
    page.me.dialect = Dialect::signaling;
    page.me.at = {static_cast<ShardIndex>(1 - world.nodes[0]->shared.host_of(call_)), 0, 99, 1};
    world.connected_at[page.me.at] = world.store.commits;
    world.sessions(page).come(page.me.user, page.name, {.id = page.me.session, .at = page.me.at, .dialect = page.me.dialect});
    return page;
  }
  [[nodiscard]] bool all_announced() const { return world.nodes[0]->shared.all_announced(); }
  void store_is_back() {
    world.store.down = false;
    world.pass(1s);
  }
  CallId call_{};
};

// X-25, decision 0017: found by reading. The write had no answer, so an end that the store did not take was lost with the server.
TEST_F(EndNotStored, IsStoredOnceTheStoreIsBack) {
  EXPECT_TRUE(world.store.outbox.empty());
  EXPECT_FALSE(all_announced()) << "a server that stops now must look for the end when it starts";
  store_is_back();
  EXPECT_EQ(world.store.outbox.size(), 2U);
  EXPECT_TRUE(all_announced());
}

TEST_F(EndNotStored, IsNotStoredAnyMoreForAUserWhoWasNotifiedMeanwhile) {
  const Phone page = world.phone(2, Dialect::signaling);
  settle();
  EXPECT_EQ(page.received("ended"), 1U);
  store_is_back();
  EXPECT_EQ(world.store.outbox.size(), 1U) << "Alice's";
  EXPECT_TRUE(world.store.outbox.contains({alice.me.user, call_}));
  EXPECT_TRUE(all_announced());
}

// The session took the end from memory, so the next try found none, and was gone before it was notified.
TEST_F(EndNotStored, IsStoredForAUserWhoCameAndWentMeanwhile) {
  const Phone page = page_on_another_shard();
  world.clock.pass(500ms);
  world.tick();
  world.disconnect(page, Departure::lost);
  world.pass(2s);
  EXPECT_EQ(page.received("ended"), 0U);
  EXPECT_FALSE(all_announced());
  store_is_back();
  EXPECT_TRUE(world.store.outbox.contains({bob.me.user, call_}));
  EXPECT_TRUE(all_announced());
}

// The session took the end from memory, and its call, which was forgotten, cannot be read.
TEST_F(EndNotStored, CountsWhileItWaitsForItsCallToBeRead) {
  const Phone hers = world.phone(1, Dialect::signaling);
  settle();
  EXPECT_EQ(hers.received("ended"), 1U);
  world.pass(2s);
  const Phone page = world.phone(2, Dialect::signaling);
  world.pass(1s);
  EXPECT_EQ(page.received("ended"), 0U);
  EXPECT_FALSE(all_announced());
  store_is_back();
  EXPECT_EQ(page.received("ended"), 1U);
  EXPECT_TRUE(all_announced());
}

}  // namespace
}  // namespace belfry::calls::testing
