// A call from its start to its end: what each device is notified of, what is logged and stored, and who may act.
#include <thread>

#include "app/calls/calls_stage_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

using call::Status;
using ::testing::ElementsAre;

class WholeCall : public CallsStage {};

// T-01, T-07, T-16, R-001-26, R-001-29, R-001-31
TEST_F(WholeCall, RingsIsAnsweredAndEndsOnceForBoth) {
  const CallId call = ring();
  EXPECT_THAT(newly_received(alice), ElementsAre("created"));
  EXPECT_THAT(newly_received(bob), ElementsAre("incoming"));
  world.accept(bob, call);
  settle();
  EXPECT_THAT(newly_received(alice), ElementsAre("accepted"));
  EXPECT_THAT(newly_received(bob), ElementsAre("accepted"))
      << "the device that answered too, since the answer may have gone by REST";
  world.end(alice, call);
  settle();
  EXPECT_THAT(newly_received(alice), ElementsAre("ended"));
  EXPECT_THAT(newly_received(bob), ElementsAre("ended"));
  EXPECT_EQ(world.row(call).status, Status::ended);
}

// R-001-57, R-001-58, R-001-59
TEST_F(WholeCall, LogsItsStartItsAnswerAndItsEnd) {
  world.log.keep = true;
  const CallId call = connected_call();
  world.end(alice, call);
  settle();
  EXPECT_THAT(world.log.lines, ElementsAre("Call initiated", "Call response", "Call ended"));
}

// T-21: clients report their media again and again; only the first sign of life is news.
TEST_F(WholeCall, MediaReportThatChangesNothingIsNotStored) {
  const CallId call = ring();
  world.accept(bob, call);
  settle();
  world.media(bob, call, {.alive = true});
  settle();
  const std::size_t commits = world.store.commits;
  const auto version = world.row(call).version;
  for (const bool alive : {true, false, true, false}) world.media(bob, call, {.alive = alive});
  settle();
  EXPECT_EQ(world.store.commits, commits);
  EXPECT_EQ(world.row(call).version, version);
}

// S5
TEST_F(WholeCall, PeerIsShownWhatIsSentWhenThatChangesAndWhenTheyJoinOrComeBack) {
  const CallId call = ring();
  world.media(alice, call, {.sent = SentMedia{.audio = true}});
  settle();
  EXPECT_EQ(bob.received("media audio"), 0U) << "it rings";
  world.accept(bob, call);
  settle();
  EXPECT_EQ(bob.received("media audio"), 1U);
  for (int i = 0; i < 2; ++i) world.media(alice, call, {.alive = true, .sent = SentMedia{.audio = true, .video = true}});
  settle();
  EXPECT_EQ(bob.received("media audio video"), 1U) << "once for each change";
  EXPECT_EQ(alice.received("media audio video"), 0U);
  world.media(alice, call, {.alive = true});
  settle();
  EXPECT_EQ(bob.received("media"), 0U) << "a report without it changes nothing";
  world.suspend(bob);
  settle();
  world.recover(bob);
  settle();
  EXPECT_EQ(bob.received("media audio video"), 2U);
}

// S5: the socket of who accepted over REST speaks for them, another device of who accepted on a socket does not.
TEST_F(WholeCall, WhatIsSentIsReportedByTheSocketOfWhoAcceptedOverRest) {
  const CallId call = ring();
  const Phone request = world.rest(2);
  world.accept(request, call);
  settle();
  world.media(bob, call, {.sent = SentMedia{.video = true}});
  settle();
  EXPECT_EQ(alice.received("media video"), 1U);
  const Phone other = world.phone(1);
  world.media(other, call, {.sent = SentMedia{.audio = true}});
  settle();
  EXPECT_EQ(bob.received("media audio"), 0U);
}

// S5: for who reads the call, or joins it later; a later step and a reload of the call keep it.
TEST_F(WholeCall, WhatIsSentStandsInTheCallUntilItIsOver) {
  const CallId call = ring();
  const auto shown = [&] {
    store::CallRow row = world.row(call);
    row.status = Status::connected;                     // also when it has ended
    for (store::Leg& leg : row.legs) leg.sent.reset();  // the scripted store keeps whole rows
    world.nodes[0]->shared.media().add_to(row);
    return find_leg(row, alice.me.user)->sent;
  };
  const SentMedia sent{.audio = true, .screen = true};
  world.media(alice, call, {.sent = sent});
  settle();
  EXPECT_EQ(shown(), sent);
  world.accept(bob, call);
  settle();
  EXPECT_EQ(find_leg(world.answers.back().front()->call->row, alice.me.user)->sent, sent);
  EXPECT_EQ(find_leg(world.answers.back().front()->call->row, bob.me.user)->sent, std::nullopt);
  world.end(bob, call);
  settle();
  EXPECT_EQ(shown(), std::nullopt);
}

// R-003-12: peers that know each other by name only.
TEST_F(WholeCall, IsFoundByTheNameOfThePeerOnBothSides) {
  const CallId call = connected_call();
  EXPECT_EQ(world.calls(alice).call_between(alice.me.user, "bob"), call);
  EXPECT_EQ(world.calls(bob).call_between(bob.me.user, "alice"), call);
  EXPECT_EQ(world.calls(bob).call_between(bob.me.user, "carol"), std::nullopt);
  EXPECT_EQ(world.calls(alice).call_between(alice.me.user, bob.me.user), call);
  EXPECT_EQ(world.calls(bob).call_between(bob.me.user, alice.me.user), call);
  EXPECT_EQ(world.calls(bob).call_between(bob.me.user, user_numbered(3)), std::nullopt);
  world.end(bob, call);
  settle();
  EXPECT_EQ(world.calls(alice).call_between(alice.me.user, "bob"), std::nullopt);
  EXPECT_EQ(world.calls(alice).call_between(alice.me.user, bob.me.user), std::nullopt);
}

class CallAnswer : public CallsStage {};

// X-01, SPEC 0 "Terminal events"
TEST_F(CallAnswer, OtherDevicesAreNotifiedThatTheCallWasAnsweredOrDeclinedElsewhere) {
  const Phone tablet = world.phone(2);
  world.accept(tablet, ring());
  settle();
  EXPECT_THAT(bob.received(), ElementsAre("incoming", "answered_elsewhere"));
  EXPECT_THAT(tablet.received(), ElementsAre("incoming", "accepted"));
  world.end(alice, world.store.calls.begin()->first);
  settle();
  EXPECT_EQ(bob.received("ended"), 1U) << "every session of every party";
  world.reject(bob, ring());
  settle();
  EXPECT_EQ(tablet.received("declined_elsewhere"), 1U);
  EXPECT_EQ(bob.received("declined_elsewhere"), 0U);
  EXPECT_EQ(alice.received("rejected"), 1U);
}

// T-07: found by black-box acceptance. By REST, the device that is named answers, not all of the login.
TEST_F(CallAnswer, AcceptByRestForOneDeviceStopsTheOthersOfThatLogin) {
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
  EXPECT_EQ(bob.received("accepted"), 1U);
  EXPECT_EQ(tablet.received("accepted"), 0U);
  EXPECT_EQ(tablet.received("answered_elsewhere"), 1U);
}

// K21: which may be another socket of the page that answered
TEST_F(CallAnswer, SessionOfTheSameLoginAndDialectIsToldThatASiblingAnswered) {
  const account::LoginId login(Uuid{42}), another(Uuid{43});
  const auto with_login = [&](call::Dialect dialect, const account::LoginId& its) {
    const Phone made = world.phone(3, dialect);
    auto session = *world.nodes[0]->sessions.session(made.me.user, made.me.at);
    session.login = its;
    world.nodes[0]->sessions.enter(made.me.user, made.name, session);
    return made;
  };
  const Phone page = with_login(call::Dialect::chat, login), sibling = with_login(call::Dialect::chat, login);
  const Phone other_login = with_login(call::Dialect::chat, another), app = with_login(call::Dialect::native, login);
  const Phone without = world.phone(3, call::Dialect::chat);
  const CallId call = world.start(alice, 3);
  settle();
  world.accept(page, call);
  settle();
  EXPECT_EQ(page.received("accepted"), 1U);
  EXPECT_EQ(sibling.received("answered_by_sibling"), 1U);
  for (const Phone& other : {other_login, app, without}) EXPECT_EQ(other.received("answered_elsewhere"), 1U);
}

// T-07: found by black-box acceptance.
TEST_F(CallAnswer, AcceptByRestStopsASignalingPageOfTheSameLogin) {
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
  EXPECT_EQ(page.received("answered_elsewhere"), 1U);
  EXPECT_EQ(page.received("accepted"), 0U);
}

class CallRights : public CallsStage {};

// 2.8.15, R-001-48, R-001-51
TEST_F(CallRights, StrangersCanNeitherAnswerNorEndACall) {
  const CallId call = ring();
  const Phone carol = world.phone(3);
  world.accept(carol, call);
  settle();
  EXPECT_EQ(refusal().why, Refusal::call_not_found);
  world.accept(alice, call);
  settle();
  EXPECT_EQ(refusal().why, Refusal::call_not_found) << "the caller cannot answer (R-001-66)";
  world.end(carol, call);
  settle();
  EXPECT_EQ(refusal().why, Refusal::not_participant);
  world.signal(carol, call, "x");
  settle();
  EXPECT_EQ(refusal().why, Refusal::not_participant);
}

// 2.8.1, T-26
TEST_F(CallRights, RepeatSucceedsForTheSameSessionOnly) {
  const CallId call = connected_call();
  world.accept(bob, call);
  settle();
  EXPECT_TRUE(succeeded());
  world.accept(world.rest(2), call);
  settle();
  EXPECT_EQ(refusal().why, Refusal::not_ringing);
  world.end(alice, call);
  settle();
  world.end(alice, call);
  settle();
  EXPECT_TRUE(succeeded());
  world.end(bob, call);
  settle();
  EXPECT_EQ(refusal().why, Refusal::not_active);
  EXPECT_EQ(refusal().call->row.status, Status::ended);
}

#ifndef BELFRY_UNCHECKED_THREADS
TEST(CallsDeathTest, UseByAnotherThreadThanTheShardsAborts) {
  World world;
  const Phone alice = world.phone(1);
  Calls& calls = world.calls(alice);
  ASSERT_FALSE(calls.is_in_a_call(alice.me.user));
  EXPECT_DEATH(std::thread([&] { static_cast<void>(calls.is_in_a_call(alice.me.user)); }).join(),
               "used by the thread that used it first only");
  EXPECT_DEATH(std::thread([&] { calls.drain(); }).join(), "used by the thread that used it first only");
}
#endif

}  // namespace
}  // namespace belfry::calls::testing
