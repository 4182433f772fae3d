// Calls in their conversations (SPEC K27, K43).
#include "app/calls/calls_stage_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

class CallPlace : public CallsStage {
 protected:
  CallPlace() { world.store.has_places = true; }
  const chat::Message& entry() const { return world.store.entries.at(0).message; }
};

// K27: what the store decides is what everybody is told.
TEST_F(CallPlace, CallOfTwoStandsInTheConversationThatTheStoreNames) {
  const CallId call = ring();
  ASSERT_TRUE(world.answers.front().front().has_value());
  const auto told = world.answers.front().front()->call->row.conversation;
  EXPECT_TRUE(told.has_value());
  world.accept(bob, call);
  settle();
  EXPECT_EQ(world.row(call).conversation, told) << "each later step bears it";
}

// K43
TEST_F(CallPlace, EndOfACallWritesOneEntryOfItsCaller) {
  const CallId call = connected_call();
  EXPECT_TRUE(world.store.entries.empty());
  world.end(bob, call);
  settle();
  ASSERT_EQ(world.store.entries.size(), 1U);
  EXPECT_EQ(entry().kind, chat::Kind::call);
  EXPECT_EQ(entry().sender, alice.me.user);
  EXPECT_EQ(entry().conversation, world.row(call).conversation);
  EXPECT_EQ(entry().call, summary_of(world.row(call)));
}

// K43
TEST_F(CallPlace, CallThatNobodyAnsweredIsMissedInItsConversation) {
  world.cancel(alice, ring());
  settle();
  ASSERT_EQ(world.store.entries.size(), 1U);
  EXPECT_EQ(entry().text.substr(0, 6), "Missed");
  EXPECT_EQ(world.store.entries[0].receiver, (chat::MemberPointers{.user = bob.me.user})) << "K18";
}

// K43: a failed commit leaves neither.
TEST_F(CallPlace, EndThatCouldNotBeStoredHasNoEntry) {
  const CallId call = connected_call();
  world.store.fail = 1;
  world.end(bob, call);
  settle();
  EXPECT_TRUE(world.store.entries.empty());
  world.end(bob, call);
  settle();
  EXPECT_EQ(world.store.entries.size(), 1U);
}

// K43: attempts write none.
TEST_F(CallPlace, BusyAttemptHasNoEntry) {
  (void)connected_call();
  const Phone carol = world.phone(3);
  world.start(carol, 2);
  settle();
  EXPECT_TRUE(world.store.entries.empty());
}

}  // namespace
}  // namespace belfry::calls::testing
