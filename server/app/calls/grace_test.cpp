// Losses and returns during a conversation: who takes the place of a lost session, and when the call ends without them.
#include "app/calls/calls_stage_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

using call::Status;
using ::testing::Contains;

class Grace : public CallsStage {};

// T-18, T-19, X-13
TEST_F(Grace, PeerIsNotifiedOfALossAndOfTheReturn) {
  connected_call();
  world.suspend(bob);
  settle();
  EXPECT_EQ(alice.received("reconnecting"), 1U);
  world.pass(20s);
  world.recover(bob);
  settle();
  EXPECT_EQ(alice.received("reconnected"), 1U);
}

// S9
TEST_F(Grace, PageThatSaidItClosesFreesThePeerSooner) {
  const CallId call = connected_call();
  world.page_leaves(bob, call);
  settle();
  world.pass(2s);
  world.disconnect(bob, Departure::lost);
  settle();
  EXPECT_EQ(alice.received("reconnecting"), 1U);
  world.pass(7s);
  EXPECT_EQ(world.row(call).status, Status::connected);
  world.pass(1s);
  settle();
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::connection_lost);
}

// S9: the beacon may be slower than the loss of the connection.
TEST_F(Grace, PageThatSaysItClosesBehindTheLossFreesThePeerSooner) {
  const CallId call = connected_call();
  world.disconnect(bob, Departure::lost);
  settle();
  world.pass(2s);
  world.page_leaves(bob, call);
  settle();
  world.pass(8s);
  settle();
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::connection_lost);
}

// S9
TEST_F(Grace, PageThatStaysOrComesBackInTimeKeepsItsCall) {
  const CallId call = connected_call();
  world.page_leaves(bob, call);
  settle();
  world.pass(30s);
  EXPECT_EQ(world.row(call).status, Status::connected) << "its connection did not end";
  world.suspend(bob);
  settle();
  world.pass(20s);
  EXPECT_EQ(world.row(call).status, Status::connected) << "it was not about this loss";
  world.recover(bob);
  world.page_leaves(bob, call);
  settle();
  world.disconnect(bob, Departure::lost);
  settle();
  world.pass(7s);
  world.phone(2);
  settle();
  world.pass(60s);
  EXPECT_EQ(world.row(call).status, Status::connected);
}

// T-19
TEST_F(Grace, NewSocketReplacesTheLostOne) {
  const CallId call = connected_call();
  world.disconnect(bob, Departure::lost);
  settle();
  const Phone anew = world.phone(2);
  settle();
  EXPECT_EQ(alice.received("reconnected"), 1U);
  world.signal(alice, call, "after");
  settle();
  EXPECT_THAT(anew.received(), Contains("signal after"));
}

// T-19, SPEC 2.4 `session.resume`
TEST_F(Grace, ResumedSessionKeepsItsLegAndReplacesTheOldSocket) {
  const CallId call = connected_call();
  Phone anew = world.phone(2);
  settle();
  EXPECT_TRUE(world.sessions(anew).resume(anew.me.user, anew.me.at, bob.me.session));
  settle();
  EXPECT_EQ(bob.received("replaced"), 1U);
  anew.me.session = bob.me.session;
  world.signal(alice, call, "for the new socket");
  settle();
  EXPECT_THAT(anew.received(), Contains("signal for the new socket"));
  EXPECT_FALSE(world.sessions(anew).resume(anew.me.user, anew.me.at, SessionId(Uuid{9})));
}

// T-19: found by black-box acceptance.
TEST_F(Grace, SessionOnAnotherDeviceDoesNotReplaceTheLostOne) {
  Phone phone = world.phone(3, call::Dialect::native, 0, "phone");
  Phone tablet = world.phone(3, call::Dialect::native, 0, "tablet");
  const CallId call = world.start(alice, 3);
  settle();
  world.accept(phone, call);
  settle();
  world.suspend(phone);
  settle();
  world.suspend(tablet);
  world.recover(tablet);
  world.phone(3, call::Dialect::native, 0, "watch");
  settle();
  EXPECT_EQ(alice.received("reconnected"), 0U);
  world.recover(phone);
  settle();
  EXPECT_EQ(alice.received("reconnected"), 1U);
  world.signal(alice, call, "for the phone");
  settle();
  EXPECT_EQ(phone.received("signal for the phone"), 1U);
}

// T-19, 2.8.12: found by stores.test.mjs. Without a device id each session is its own device.
TEST_F(Grace, AnySessionReplacesALostOneThatNamedNoDevice) {
  Phone carol = world.phone(3);
  carol.me.device = to_text(carol.me.session.value());
  const CallId call = world.start(alice, 3);
  settle();
  world.accept(carol, call);
  settle();
  world.disconnect(carol, Departure::lost);
  settle();
  EXPECT_EQ(alice.received("reconnecting"), 1U);
  world.phone(3, call::Dialect::native, 0, "another session's id");
  settle();
  EXPECT_EQ(alice.received("reconnected"), 1U);
}

// T-20, C-21
TEST_F(Grace, LossBeyondTheGraceEndsTheCallAsOfTheMomentOfLoss) {
  const CallId call = connected_call();
  world.pass(10s);
  const WallTime lost = world.clock.wall();
  world.disconnect(bob, Departure::lost);
  world.pass(31s);
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::connection_lost);
  EXPECT_EQ(world.row(call).ended, lost);
  EXPECT_EQ(alice.received("ended"), 1U);
}

// 2.8.10
TEST_F(Grace, UserWithoutASocketIsNeverLost) {
  const Phone rest = world.rest(3);
  const CallId call = world.start(rest, 2);
  settle();
  world.accept(bob, call);
  settle();
  world.pass(10min);
  EXPECT_EQ(world.row(call).status, Status::connected);
  const Phone socket = world.phone(3);
  settle();
  world.disconnect(socket, Departure::lost);
  world.pass(31s);
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::connection_lost) << "but one who had a socket is";
}

// T-18, T-20: a loss was forgotten when the first attempt to store it failed.
TEST_F(Grace, LossWhoseCommitFailedIsStoredLater) {
  const CallId call = connected_call();
  world.store.fail = 1;
  world.suspend(alice);
  settle();
  world.pass(31s);
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::connection_lost);
  EXPECT_EQ(bob.received("ended"), 1U);
}

// T-18, T-20: a return whose commit failed was stored later, although the session had been lost again meanwhile.
TEST_F(Grace, FailedReturnIsDroppedWhenTheSessionIsLostAgain) {
  const CallId call = connected_call();
  world.suspend(alice);
  settle();
  world.store.fail = 1;
  world.recover(alice);
  settle();
  world.suspend(alice);
  settle();
  world.pass(1s);
  EXPECT_EQ(caller_leg(world.row(call)).state, call::LegState::suspended);
  world.pass(30s);
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::connection_lost);
}

// I-5, X-16: found by the random worlds. A notice to a session that moves between shards is forwarded to its new address.
TEST(MovingSession, ReceivesNoticesSentToItsOldAddress) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    World world({.shards = 3, .seed = seed});
    Phone alice = world.phone(1);
    const Phone bob = world.phone(2);
    const CallId call = world.start(alice, 2);
    world.settle();
    world.accept(bob, call);
    world.settle();
    world.suspend(alice);
    world.settle();
    world.end(bob, call);
    world.recover(alice);  // while the end is decided and sent
    world.settle();
    ASSERT_EQ(alice.received("ended"), 1U) << "seed " << seed;
    ASSERT_EQ(broken_invariant(world), "") << "seed " << seed;
  }
}

TEST(MovingSession, ReceivesSignalsThatArriveDuringTheMove) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    World world({.shards = 3, .seed = seed});
    Phone alice = world.phone(1);
    const Phone bob = world.phone(2);
    const CallId call = world.start(alice, 2);
    world.settle();
    world.accept(bob, call);
    world.settle();
    world.signal(bob, call, "on its way");
    world.recover(alice);  // back before anybody saw it go
    world.settle();
    ASSERT_EQ(alice.received("signal on its way"), 1U) << "seed " << seed;
  }
}

}  // namespace
}  // namespace belfry::calls::testing
