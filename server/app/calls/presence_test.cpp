// Losses and returns, people who leave, and those who never had a socket.
#include <atomic>
#include <thread>

#include "app/calls/calls_stage_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

using call::Status;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// T-13, X-11
TEST_F(CallsTest, CallerLostWhileRingingCancelsAfterTheGraceAndAReturnIsInvisible) {
  const CallId call = ring();
  world.suspends(alice);
  world.pass(4s);
  EXPECT_THAT(bob.heard(), ElementsAre("incoming"));
  world.recovers(alice);
  world.pass(4s);
  EXPECT_EQ(world.row(call).status, Status::calling);
  world.suspends(alice);
  world.pass(6s);
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::caller_disconnected);
  EXPECT_EQ(bob.heard("cancelled"), 1U);
}

// T-14, X-12, 2.8.11
TEST_F(CallsTest, CalleesOtherDevicesKeepRingingUntilTheLastOneLeaves) {
  const Phone tablet = world.phone(2);
  const CallId call = ring();
  world.goes(bob, Departure::left);
  settle();
  EXPECT_EQ(world.row(call).status, Status::calling);
  world.goes(tablet, Departure::left);
  settle();
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::unreachable);
  EXPECT_EQ(alice.heard("missed"), 1U);
}

// R-001-26: found by black-box acceptance. Asking for a snapshot, or resuming, is no reason to ring twice.
TEST_F(CallsTest, SessionIsRungOnceHoweverOftenItReports) {
  ring();
  world.calls(bob).rejoin_calls(bob.me);
  settle();
  EXPECT_EQ(bob.heard("incoming"), 1U);
  const Phone tablet = world.phone(2);
  settle();
  ASSERT_TRUE(world.sessions(tablet).resume(bob.me.user, tablet.me.at, bob.me.session));
  world.calls(tablet).rejoin_calls(tablet.me);
  settle();
  EXPECT_EQ(tablet.heard("incoming"), 1U);
}

// A socket with a credential is native until it speaks a word of the signaling dialect: then it comes again, at the same address.
TEST_F(CallsTest, SocketThatChangesItsDialectIsRungInTheNewOne) {
  ring();
  sessions::ShardSessions& sessions = world.sessions(bob);
  sessions.leave(bob.me.user, bob.me.at, Departure::replaced);
  sessions.come(bob.me.user, bob.name, {.id = bob.me.session, .at = bob.me.at, .dialect = call::Dialect::signaling});
  settle();
  EXPECT_EQ(bob.heard("incoming"), 2U);
}

// T-07: found by black-box acceptance. By REST, the device that is named answers, not all of the login.
TEST_F(CallsTest, AcceptByRestForOneDeviceCountsAsAnotherForTheRestOfThatLogin) {
  const account::LoginId login(Uuid{42});
  Phone tablet = world.phone(2);
  for (auto [phone, device] : {std::pair{&bob, "phone"}, {&tablet, "tablet"}}) {
    auto session = *world.nodes[0]->sessions.session(phone->me.user, phone->me.at);
    session.login = login;
    session.device = device;
    world.nodes[0]->sessions.enter(phone->me.user, phone->name, session);
  }
  const CallId call = ring();
  Phone rest = world.rest(2);
  rest.me.session = SessionId(login.value());
  rest.me.device = "phone";
  world.accept(rest, call);
  settle();
  EXPECT_EQ(bob.heard("accepted"), 1U);
  EXPECT_EQ(tablet.heard("accepted"), 0U);
  EXPECT_EQ(tablet.heard("answered_elsewhere"), 1U);
}

// X-12, R-001-46
TEST_F(CallsTest, DeviceThatComesWhileItRingsIsRungTooAndOneThatComesAfterwardsIsNot) {
  ring();
  const Phone tablet = world.phone(2);
  settle();
  EXPECT_THAT(tablet.heard(), ElementsAre("incoming"));
  world.pass(40s);
  const Phone late = world.phone(2);
  settle();
  EXPECT_THAT(late.heard(), IsEmpty());
}

// T-18, T-19, X-13
TEST_F(CallsTest, PeerHearsOfALossAndOfTheReturn) {
  connected_call();
  world.suspends(bob);
  settle();
  EXPECT_EQ(alice.heard("reconnecting"), 1U);
  world.pass(20s);
  world.recovers(bob);
  settle();
  EXPECT_EQ(alice.heard("reconnected"), 1U);
}

// I-5, X-16: found by the random worlds. What is told to a session while it moves from shard to shard goes after it.
TEST(MovingSession, ReceivesNoticesSentToItsOldAddress) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    World world({.shards = 3, .seed = seed});
    Phone alice = world.phone(1);
    const Phone bob = world.phone(2);
    const CallId call = world.start(alice, 2);
    world.settle();
    world.accept(bob, call);
    world.settle();
    world.suspends(alice);
    world.settle();
    world.end(bob, call);
    world.recovers(alice);  // while the end is decided and told
    world.settle();
    ASSERT_EQ(alice.heard("ended"), 1U) << "seed " << seed;
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
    world.recovers(alice);  // back before anybody saw it go
    world.settle();
    ASSERT_EQ(alice.heard("signal on its way"), 1U) << "seed " << seed;
  }
}

// SPEC section 0, R-001-22: found by black-box acceptance. A page of the signaling dialect that comes back anew, without its log,
// is told how its call ended meanwhile, once.
TEST(ReloadedPage, HearsHowItsCallEndedMeanwhile) {
  struct Case {
    const char* heard;
    std::function<void(World&, const Phone&, const CallId&)> meanwhile;
    bool caller_is_away;
  };
  const Case cases[] = {
      {"ended",
       [](World& world, const Phone& other, const CallId& call) {
         world.accept(other, call);
         world.settle();
         world.end(other, call);
       },
       true},
      {"rejected", [](World& world, const Phone& other, const CallId& call) { world.reject(other, call); }, true},
      {"cancelled", [](World& world, const Phone& other, const CallId& call) { world.cancel(other, call); }, false},
      {"cancelled", [](World& world, const Phone&, const CallId&) { world.pass(6s); }, false},  // T-14
  };
  for (const auto& each : cases) {
    World world;
    const Phone caller = world.phone(1, call::Dialect::signaling), callee = world.phone(2, call::Dialect::signaling);
    const CallId call = world.start(caller, 2);
    world.settle();
    const Phone& away = each.caller_is_away ? caller : callee;
    world.suspends(away);
    world.settle();
    each.meanwhile(world, each.caller_is_away ? callee : caller, call);
    world.settle();
    const int user = each.caller_is_away ? 1 : 2;
    const Phone back = world.phone(user, call::Dialect::signaling);
    world.settle();
    EXPECT_EQ(back.heard(each.heard), 1U) << each.heard;
    EXPECT_EQ(back.heard("incoming"), 0U) << each.heard;
    world.goes(back, Departure::lost);
    const Phone again = world.phone(user, call::Dialect::signaling);
    world.settle();
    EXPECT_THAT(again.heard(), IsEmpty()) << each.heard;
  }
}

// Found in review: who left a call knows that it is over.
TEST_F(CallsTest, UserWhoLeftACallIsNotNotifiedOfItsEndOnReturn) {
  const Phone page = world.phone(3, call::Dialect::signaling);
  const CallId call = world.start(page, 2);
  settle();
  world.accept(bob, call);
  settle();
  world.goes(page, Departure::left);
  settle();
  EXPECT_EQ(world.row(call).status, Status::ended);
  const Phone back = world.phone(3, call::Dialect::signaling);
  settle();
  EXPECT_THAT(back.heard(), IsEmpty());
}

// X-23, found by black-box acceptance: ringing over a restart, and cancelled before the callee is back.
TEST_F(CallsTest, CalleeWhoIsAwayDuringARestartHearsOfTheCancelOnReturn) {
  const CallId call = ring();
  World again;
  again.clock.pass(world.clock.now() - again.clock.now());
  again.store = world.store;
  again.nodes[0]->calls[0]->restore({{world.store.calls.at(call), again.clock.wall()}});
  const Phone caller = again.phone(1);
  again.settle();
  again.cancel(caller, call);
  again.settle();
  const Phone callee = again.phone(2, call::Dialect::signaling);
  again.settle();
  EXPECT_THAT(callee.heard(), ElementsAre("cancelled"));
}

// SPEC 2.3: notified once a session has been told, invited until then.
TEST_F(CallsTest, CalleesLegIsNotifiedOnceADeviceIsRung) {
  EXPECT_EQ(callee_leg(world.row(ring())).state, call::LegState::notified);
  world.cancel(alice, world.store.calls.begin()->first);
  settle();
  const CallId unheard = world.start(alice, 5);
  settle();
  EXPECT_EQ(callee_leg(world.row(unheard)).state, call::LegState::invited);
  const Phone eve = world.phone(5);
  world.suspends(alice);
  settle();
  EXPECT_EQ(callee_leg(world.row(unheard)).state, call::LegState::notified);
}

TEST_F(CallsTest, UserWhoNeverHeardOfACallIsNotNotifiedOfItsEnd) {
  world.start(alice, 5);  // eve is nowhere
  world.pass(31s);
  const Phone eve = world.phone(5, call::Dialect::signaling);
  settle();
  EXPECT_THAT(eve.heard(), IsEmpty());
}

// T-19: found by black-box acceptance.
TEST_F(CallsTest, SessionOnAnotherDeviceIsNoReturnOfTheLostOne) {
  Phone phone = world.phone(3, call::Dialect::native, 0, "phone");
  Phone tablet = world.phone(3, call::Dialect::native, 0, "tablet");
  const CallId call = world.start(alice, 3);
  settle();
  world.accept(phone, call);
  settle();
  world.suspends(phone);
  settle();
  world.suspends(tablet);
  world.recovers(tablet);
  world.phone(3, call::Dialect::native, 0, "watch");
  settle();
  EXPECT_EQ(alice.heard("reconnected"), 0U);
  world.recovers(phone);
  settle();
  EXPECT_EQ(alice.heard("reconnected"), 1U);
  world.signal(alice, call, "for the phone");
  settle();
  EXPECT_EQ(phone.heard("signal for the phone"), 1U);
}

// T-19, 2.8.12: found by stores.test.mjs. Without a device id each session is its own device.
TEST_F(CallsTest, AnySessionIsAReturnOfALostOneThatNamedNoDevice) {
  Phone carol = world.phone(3);
  carol.me.device = to_text(carol.me.session.value());
  const CallId call = world.start(alice, 3);
  settle();
  world.accept(carol, call);
  settle();
  world.goes(carol, Departure::lost);
  settle();
  EXPECT_EQ(alice.heard("reconnecting"), 1U);
  world.phone(3, call::Dialect::native, 0, "another session's id");
  settle();
  EXPECT_EQ(alice.heard("reconnected"), 1U);
}

// T-07: found by black-box acceptance.
TEST_F(CallsTest, AcceptByRestCountsAsAnotherDeviceForASignalingPage) {
  const account::LoginId login(Uuid{42});
  const Phone page = world.phone(3, call::Dialect::signaling);
  auto session = *world.nodes[0]->sessions.session(page.me.user, page.me.at);
  session.login = login;
  world.nodes[0]->sessions.enter(page.me.user, page.name, session);
  const CallId call = world.start(alice, 3);
  settle();
  Phone rest = world.rest(3);
  rest.me.session = SessionId(login.value());
  world.accept(rest, call);
  settle();
  EXPECT_EQ(page.heard("answered_elsewhere"), 1U);
  EXPECT_EQ(page.heard("accepted"), 0U);
}

// T-19
TEST_F(CallsTest, NewSocketReplacesTheLostOne) {
  const CallId call = connected_call();
  world.goes(bob, Departure::lost);
  settle();
  const Phone anew = world.phone(2);
  settle();
  EXPECT_EQ(alice.heard("reconnected"), 1U);
  world.signal(alice, call, "after");
  settle();
  EXPECT_THAT(anew.heard(), Contains("signal after"));
}

// T-19, SPEC 2.4 `session.resume`
TEST_F(CallsTest, ResumedSessionKeepsItsLegAndReplacesTheOldSocket) {
  const CallId call = connected_call();
  Phone anew = world.phone(2);
  settle();
  EXPECT_TRUE(world.sessions(anew).resume(anew.me.user, anew.me.at, bob.me.session));
  settle();
  EXPECT_EQ(bob.heard("replaced"), 1U);
  anew.me.session = bob.me.session;
  world.signal(alice, call, "for the new socket");
  settle();
  EXPECT_THAT(anew.heard(), Contains("signal for the new socket"));
  EXPECT_FALSE(world.sessions(anew).resume(anew.me.user, anew.me.at, SessionId(Uuid{9})));
}

// T-20, C-21
TEST_F(CallsTest, LossBeyondTheGraceEndsTheCallAtTheMomentOfLoss) {
  const CallId call = connected_call();
  world.pass(10s);
  const WallTime lost = world.clock.wall();
  world.goes(bob, Departure::lost);
  world.pass(31s);
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::connection_lost);
  EXPECT_EQ(world.row(call).ended, lost);
  EXPECT_EQ(alice.heard("ended"), 1U);
}

// T-16, 2.8.11
TEST_F(CallsTest, LeavingOnPurposeEndsAConversationAtOnce) {
  const CallId call = connected_call();
  world.goes(bob, Departure::left);
  settle();
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::hangup);
  EXPECT_EQ(world.row(call).ended_by, bob.me.user);
}

// T-15, T-22, X-28
TEST_F(CallsTest, ExpellingAUserEndsTheirCallAndTheirSessions) {
  const CallId call = connected_call();
  world.expel(alice, bob);
  settle();
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::user_deactivated);
  EXPECT_EQ(bob.heard("login_ended"), 1U);
  EXPECT_EQ(alice.heard("ended"), 1U);
  EXPECT_FALSE(world.nodes[0]->sessions.online(bob.me.user));
}

// 2.8.10
TEST_F(CallsTest, PersonWithoutASocketIsNeverLost) {
  const Phone rest = world.rest(3);
  const CallId call = world.start(rest, 2);
  settle();
  world.accept(bob, call);
  settle();
  world.pass(10min);
  EXPECT_EQ(world.row(call).status, Status::connected);
  const Phone socket = world.phone(3);
  settle();
  world.goes(socket, Departure::lost);
  world.pass(31s);
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::connection_lost) << "but one who had a socket is";
}

// R-004-06
TEST_F(CallsTest, EndedLoginTakesOnlyItsOwnSessions) {
  const account::LoginId login(Uuid{42});
  auto theirs = *world.nodes[0]->sessions.session(bob.me.user, bob.me.at);
  theirs.login = login;
  world.nodes[0]->sessions.enter(bob.me.user, bob.name, theirs);
  const Phone tablet = world.phone(2);
  world.sessions(alice).end_login(login, bob.me.user);
  settle();
  EXPECT_EQ(bob.heard("login_ended"), 1U);
  EXPECT_EQ(tablet.heard("login_ended"), 0U);
  EXPECT_EQ(world.nodes[0]->sessions.of(bob.me.user).size(), 1U);
}

// R-003-12: peers that know each other by name only.
TEST_F(CallsTest, ActiveCallIsFoundByItsPeersNameFromBothSides) {
  const CallId call = connected_call();
  EXPECT_EQ(world.calls(alice).call_between(alice.me.user, "bob"), call);
  EXPECT_EQ(world.calls(bob).call_between(bob.me.user, "alice"), call);
  EXPECT_EQ(world.calls(bob).call_between(bob.me.user, "carol"), std::nullopt);
  world.end(bob, call);
  settle();
  EXPECT_EQ(world.calls(alice).call_between(alice.me.user, "bob"), std::nullopt);
}

// the start is committed before the status changes, and joins nobody's list before the list is read.
TEST_F(CallsTest, UserExpelledDuringTheCommitOfAStartIsNotLeftInTheCall) {
  world.store.later = true;
  const CallId call = world.start(alice, 2);
  world.expel(alice, bob);
  settle();
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::user_deactivated);
}

}  // namespace
}  // namespace belfry::calls::testing
