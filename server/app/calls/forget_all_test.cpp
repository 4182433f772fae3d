// POST /test/reset empties the world while commands are on their way: whoever asked still gets an answer.
#include "app/calls/calls_stage_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

class ForgetAll : public CallsStage {
 protected:
  /// Until the store is asked something.
  void run_until_asked() {
    while (world.store.waiting.empty()) ASSERT_TRUE(world.step());
  }
  /// The oldest task of the shard that hosts this call.
  void run_task_of(const CallId& call) {
    Node& node = *world.nodes[0];
    auto& box = node.post.boxes[node.shared.host_of(call)];
    ASSERT_FALSE(box.empty());
    const auto task = std::move(box.front());
    box.pop_front();
    task();
  }
  void forget_all() {
    world.store.later = false;
    for (auto& calls : world.nodes[0]->calls) calls->forget_all();
    settle();
  }
};

// Bob's start meets Alice's call, and his hang-up waits behind it.
TEST_F(ForgetAll, CommandThatWaitsBehindACollisionIsAnswered) {
  ring();
  world.store.later = true;
  const CallId made = world.start(bob, 1);
  run_until_asked();
  world.store.waiting.front()();
  world.store.waiting.clear();
  world.cancel(bob, made);
  const std::size_t asked = world.answers.size() - 1;
  run_task_of(made);  // his slot is taken: now Alice's call is asked
  run_task_of(made);  // the hang-up waits for what that says
  forget_all();
  ASSERT_EQ(world.answers[asked].size(), 1U);
  EXPECT_EQ(world.answers[asked].front().error().why, Refusal::store_unavailable);
  EXPECT_EQ(world.answers[asked - 1].size(), 1U);
}

TEST_F(ForgetAll, CommandThatWaitsBehindACommitIsAnswered) {
  const CallId call = ring();
  world.store.later = true;
  world.accept(bob, call);
  run_until_asked();
  world.end(alice, call);
  forget_all();
  EXPECT_EQ(world.answers.back().size(), 1U);
  EXPECT_EQ(world.answers[world.answers.size() - 2].size(), 1U);
}

// With one shard each reply runs at once, and a client whose hang-up is refused asks for the next thing within it.
TEST(ForgetAllOnOneShard, CommandsThatAReplyBringsAreAnsweredAndTheirCallStays) {
  World world({.shards = 1});
  const Phone alice = world.phone(1), bob = world.phone(2), carol = world.phone(3), dan = world.phone(4);
  world.start(alice, 2);
  world.settle();
  world.store.later = true;
  const CallId made = world.start(bob, 1);
  ASSERT_TRUE(world.step());                  // the store is asked,
  ASSERT_TRUE(world.step());                  // and answers that his slot is taken: his start becomes the answer to Alice's call
  ASSERT_EQ(world.store.waiting.size(), 1U);  // which is being stored
  CallId next{};
  world.calls(bob).cancel(bob.me, made, [&](const Result& refused) {
    EXPECT_EQ(refused.error().why, Refusal::store_unavailable);
    world.cancel(bob, made);
    for (int i = 0; i < 40; ++i) world.cancel(bob, world.calls(bob).new_call_id());  // makes the map of the calls grow
    next = world.start(carol, 4);
  });
  world.store.later = false;
  world.nodes[0]->calls[0]->forget_all();
  world.settle();
  for (const auto& answers : world.answers) EXPECT_EQ(answers.size(), 1U);
  EXPECT_EQ(dan.received("incoming"), 1U);
  world.pass(31s);
  ASSERT_TRUE(world.store.calls.contains(next));
  EXPECT_EQ(world.row(next).status, call::Status::missed) << "the shard still hosts it";
}

}  // namespace
}  // namespace belfry::calls::testing
