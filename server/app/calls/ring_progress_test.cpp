// The caller follows the pushes that ring a callee: pushed, woken, ringing (SPEC J-2.13, S8).
#include "app/calls/group_stage_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

using call::Dialect;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RingProgress : public GroupStage {
 protected:
  /// A provider accepts a push to this user's device; the worker of any server says so on its own shard.
  void accepted(const CallId& call, int user, std::size_t node = 0) {
    Calls& worker = *world.nodes[node]->calls[0];
    worker.ring_pushed(call, user_numbered(user));
  }
  void rings(const Phone& phone, const CallId& call) { world.calls(phone).ringing(phone.me, call, world.reply()); }
  /// alice calls eve, who is away.
  CallId call_eve() {
    const CallId call = world.start(alice, 5);
    settle();
    return call;
  }
  /// Runs until a commit waits for its answer.
  void begin_commit() {
    while (world.store.waiting.empty()) world.step();
  }
};

TEST_F(RingProgress, EachStepIsToldOnceInOrderToAllSessionsOfTheCaller) {
  const Phone tablet = world.phone(1);
  const CallId call = call_eve();
  for (int device = 0; device < 2; ++device) accepted(call, 5);
  settle();
  const Phone eve = world.phone(5), laptop = world.phone(5);
  settle();
  accepted(call, 5);
  for (const Phone& phone : {eve, laptop}) rings(phone, call);
  settle();
  for (const Phone& phone : {alice, tablet}) EXPECT_THAT(phone.received(), ElementsAre("created", "pushed", "woken", "ringing"));
  EXPECT_THAT(eve.received(), ElementsAre("incoming"));
}

TEST_F(RingProgress, PushThatIsAcceptedWhileTheStartIsBeingStoredIsToldBehindCreated) {
  world.store.later = true;
  const CallId call = world.start(alice, 5);
  begin_commit();
  accepted(call, 5);
  settle();
  EXPECT_THAT(alice.received(), ElementsAre("created", "pushed"));
}

// S8
TEST_F(RingProgress, NeitherIsToldBehindRinging) {
  const CallId call = call_eve();
  const Phone eve = world.phone(5);
  settle();
  rings(eve, call);
  settle();
  accepted(call, 5);
  settle();
  static_cast<void>(world.phone(5));
  settle();
  EXPECT_THAT(alice.received(), ElementsAre("created", "ringing"));
}

TEST_F(RingProgress, SessionThatWasThereBeforeThePushIsNotWoken) {
  const Phone eve = world.phone(5);
  const CallId call = call_eve();
  accepted(call, 5);
  settle();
  world.calls(eve).rejoin_calls(eve.me);
  settle();
  EXPECT_THAT(alice.received(), ElementsAre("created", "pushed"));
  static_cast<void>(world.phone(5));
  settle();
  EXPECT_THAT(alice.received(), ElementsAre("created", "pushed", "woken"));
}

// J-8.5
TEST_F(RingProgress, SuspendedSessionThatComesBackIsWoken) {
  Phone eve = world.phone(5);
  world.suspend(eve);
  const CallId call = call_eve();
  accepted(call, 5);
  settle();
  world.recover(eve);
  settle();
  EXPECT_THAT(alice.received(), ElementsAre("created", "pushed", "woken"));
}

TEST_F(RingProgress, EndThatIsCommittedLaterWins) {
  const CallId call = call_eve();
  world.store.later = true;
  world.cancel(alice, call);
  begin_commit();
  accepted(call, 5);
  settle();
  EXPECT_THAT(alice.received(), ElementsAre("created", "cancelled"));
  world.store.later = false;
  const CallId second = call_eve();
  accepted(second, 5);
  settle();
  world.cancel(alice, second);
  settle();
  static_cast<void>(world.phone(5));
  settle();
  EXPECT_THAT(newly_received(alice), ElementsAre("created", "cancelled", "created", "pushed", "cancelled"));
}

// J-2.5, J-2.7
TEST_F(RingProgress, InAGroupItIsToldOfThoseWhoStillRing) {
  open(conversation::Kind::group, {2, 3, 5, 6});
  const CallId call = ring_all();
  world.accept(bob, call);
  world.reject(world.rest(5), call);
  settle();
  newly_received(alice);
  for (const int user : {1, 2, 5, 6, 8}) accepted(call, user);
  settle();
  EXPECT_THAT(newly_received(alice), ElementsAre("pushed")) << "of the sixth user only";
  EXPECT_THAT(newly_received(bob), ::testing::Not(::testing::Contains("pushed")));
}

// J-2.8, S17
TEST_F(RingProgress, CallerWhoHasLeftIsToldNothingMore) {
  open(conversation::Kind::group, {2, 3, 5, 6});
  const CallId call = ring_all();
  accepted(call, 5);
  for (const Phone& phone : {bob, carol}) world.accept(phone, call);
  settle();
  world.leave(alice, call);
  settle();
  newly_received(alice);
  accepted(call, 6);
  const Phone eve = world.phone(5);
  settle();
  EXPECT_THAT(newly_received(alice), IsEmpty());
  EXPECT_THAT(eve.received(), ElementsAre("incoming"));
}

// J-2.12
TEST_F(RingProgress, NothingIsToldBeforeTheRingBegins) {
  const CallId call = world.start(alice, 5, [](StartCall& start) { start.ring = call::RingPolicy::on_caller_ready; });
  settle();
  accepted(call, 5);
  settle();
  EXPECT_THAT(alice.received(), ElementsAre("created"));
}

TEST(RingProgressOfAnotherServer, IsNotTold) {
  World world({.nodes = 2});
  const Phone alice = world.phone(1), elsewhere = world.phone(1, Dialect::native, 1);
  const CallId call = world.start(alice, 2);
  world.settle();
  Calls& other = *world.nodes[1]->calls[0];
  other.ring_pushed(call, user_numbered(2));
  world.settle();
  EXPECT_THAT(elsewhere.received(), IsEmpty());
  other.catch_up(call);
  world.settle();
  other.ring_pushed(call, user_numbered(2));  // it cannot know what the caller was told already
  world.settle();
  EXPECT_EQ(elsewhere.received("pushed"), 0U);
}

}  // namespace
}  // namespace belfry::calls::testing
