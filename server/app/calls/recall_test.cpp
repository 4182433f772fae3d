// A start by somebody who is in a call already: it replaces a call that was left behind (recall), repeats one, or meets the call
// of the one who is dialled (glare).
#include "app/calls/calls_stage_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

using call::Dialect;
using call::Status;

class Recall : public CallsStage {};

// T-25
TEST_F(Recall, FromANewSessionEndsTheOldCallAndStartsANewOne) {
  const Phone first = world.phone(3, Dialect::signaling);
  const CallId old = world.start(first, 2);
  settle();
  world.accept(bob, old);
  settle();
  world.disconnect(first, Departure::lost);
  settle();
  const Phone anew = world.rest(3);
  Phone dialer = anew;
  dialer.me.at = {0, 0, 900, 1};
  world.nodes[0]->sessions.enter(dialer.me.user, "carol", {.id = dialer.me.session, .at = dialer.me.at});
  const CallId fresh_call = world.start(dialer, 2);
  settle();
  EXPECT_EQ(world.row(old).end_reason, call::EndReason::superseded);
  EXPECT_EQ(world.row(fresh_call).status, Status::calling);
}

// T-25: found by black-box acceptance.
TEST_F(Recall, OfALostPeerEndsTheOldCall) {
  const CallId old = connected_call();
  world.start(alice, 2);
  settle();
  EXPECT_EQ(refusal().why, Refusal::caller_busy) << "the peer is not lost yet";
  world.disconnect(bob, Departure::lost);
  settle();
  const CallId anew = world.start(alice, 2);
  settle();
  EXPECT_EQ(world.row(old).end_reason, call::EndReason::superseded);
  EXPECT_EQ(world.row(anew).status, Status::calling);
}

// T-25, X-26: the key belongs to the call that is made, not to the end of the old one.
TEST_F(Recall, OfALostPeerStoresItsKeyWithTheNewCall) {
  connected_call();
  world.disconnect(bob, Departure::lost);
  settle();
  const CallId anew = world.start(alice, 2, [](StartCall& request) {
    request.claim = store::IdempotencyClaim{.owner = request.caller.user, .key = "k", .fingerprint = "f"};
  });
  settle();
  ASSERT_TRUE(succeeded());
  EXPECT_EQ(world.store.claims["k"].call, anew);
}

TEST_F(Recall, ByRestEndsTheOldCallOnceTheCallersSocketIsLost) {
  const CallId old = connected_call();
  const CallId refused = world.start(world.rest(1), 2);
  settle();
  EXPECT_EQ(refusal().why, Refusal::caller_busy) << "the socket is still there";
  EXPECT_FALSE(world.store.calls.contains(refused));
  world.disconnect(alice, Departure::lost);
  settle();
  world.start(world.rest(1), 2);
  settle();
  EXPECT_EQ(world.row(old).end_reason, call::EndReason::superseded);
  EXPECT_TRUE(succeeded());
}

// T-13, T-25: found by black-box acceptance. The call of a page that is loaded again rings on, until the page dials anew.
TEST_F(Recall, PageThatRegistersAgainKeepsItsCallUntilItDialsAgain) {
  const Phone page = world.phone(3, Dialect::signaling);
  const CallId call = world.start(page, 2);
  settle();
  world.suspend(page);
  settle();
  const Phone again = world.phone(3, Dialect::signaling);
  world.pass(10s);
  EXPECT_EQ(world.row(call).status, Status::calling);
  const CallId next = world.start(again, 2);
  settle();
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::superseded);
  EXPECT_EQ(world.row(next).status, Status::calling);
  world.start(again, 2);
  settle();
  EXPECT_EQ(world.answers.back().front()->call->row.id, next) << "the same page's repeat is no new call";
}

// T-25: a page dials twice and hangs up at once. It means the one call that comes of it.
TEST_F(Recall, HangUpAfterARepeatedDialEndsTheOneCall) {
  const Phone page = world.phone(3, call::Dialect::signaling);
  const CallId first = world.start(page, 2);
  settle();
  world.store.later = true;
  const CallId again = world.start(page, 2);
  world.end(page, again);
  settle();
  EXPECT_TRUE(call::is_final(world.row(first).status));
  EXPECT_EQ(bob.received("cancelled") + bob.received("missed"), 1U);
}

TEST_F(Recall, HangUpAfterADialThatReplacesACallEndsTheNewCall) {
  const CallId old = connected_call();
  world.disconnect(bob, Departure::lost);
  settle();
  world.store.later = true;
  const CallId made = world.start(alice, 2);
  world.end(alice, made);
  settle();
  EXPECT_EQ(world.row(old).end_reason, call::EndReason::superseded);
  EXPECT_EQ(world.row(made).end_reason, call::EndReason::cancelled) << "it rings on although its caller hung up";
}

// The call that a page took over by registering (T-13, T-18: it goes on) is hung up when that page dials a third user.
class TakenOver : public Recall {
 protected:
  const Phone lost = world.phone(3, Dialect::signaling);
  CallId call{};
  void SetUp() override {
    call = world.start(lost, 2);
    settle();
  }
  CallId dial_from_a_new_page(OnTakenOver rule) {
    world.suspend(lost);
    settle();
    const Phone page = world.phone(3, Dialect::signaling);
    world.pass(10s);
    const CallId next = world.start(page, 1, [&](StartCall& request) { request.taken_over = rule; });
    settle();
    return next;
  }
};

TEST_F(TakenOver, RingIsCancelledAndTheNewStartFollows) {
  const CallId next = dial_from_a_new_page(OnTakenOver::hang_up);
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::cancelled);
  EXPECT_EQ(bob.received("cancelled"), 1U);
  EXPECT_EQ(world.row(next).status, Status::calling);
  EXPECT_EQ(alice.received("incoming"), 1U);
}

TEST_F(TakenOver, ConversationIsHungUpAndTheNewStartFollows) {
  world.accept(bob, call);
  settle();
  const CallId next = dial_from_a_new_page(OnTakenOver::hang_up);
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::hangup);
  EXPECT_EQ(bob.received("ended"), 1U);
  EXPECT_EQ(world.row(next).status, Status::calling);
  EXPECT_EQ(alice.received("incoming"), 1U);
}

TEST_F(TakenOver, CallGoesOnIfThePageDoesNotAskForItsEnd) {
  world.accept(bob, call);
  settle();
  dial_from_a_new_page(OnTakenOver::fail);
  EXPECT_EQ(refusal().why, Refusal::caller_busy);
  EXPECT_EQ(world.row(call).status, Status::connected);
}

class GlareOfTwoCallers : public CallsStage {};

//
TEST_F(GlareOfTwoCallers, IsRefusedAsBusyInTheSignalingDialectAndRingsAgain) {
  const Phone carol = world.phone(3, Dialect::signaling), dan = world.phone(4, Dialect::signaling);
  world.start(carol, 4);
  settle();
  world.start(dan, 3);
  settle();
  EXPECT_EQ(refusal().why, Refusal::caller_busy);
  EXPECT_TRUE(refusal().glare);
  EXPECT_EQ(dan.received("incoming"), 2U);
  EXPECT_EQ(carol.received("incoming"), 0U);
}

/// As a REST client dials back with an Idempotency-Key.
void dial_back(StartCall& request) {
  request.glare = OnGlare::connect;
  request.claim = store::IdempotencyClaim{.owner = request.caller.user, .key = "k", .fingerprint = "f"};
  request.write_reply = [](const CallResult& answer) {
    return store::GivenAnswer{.status = answer.glare ? 200 : 201, .body = std::to_string(answer.call->row.version)};
  };
}

// found in review. A retry after a crash must not end the call that the first try answered.
TEST_F(GlareOfTwoCallers, StartThatAnswersACallStoresItsKeyAndAnswerWithTheStep) {
  const CallId call = ring();
  world.start(bob, 1, dial_back);
  settle();
  ASSERT_TRUE(succeeded());
  EXPECT_TRUE(world.answers.back().front()->kept);
  ASSERT_TRUE(world.store.claims.contains("k"));
  EXPECT_EQ(world.store.claims["k"].call, call);
  EXPECT_EQ(world.store.claims["k"].answer, (store::GivenAnswer{.status = 200, .body = "2"}));
}

//
TEST_F(GlareOfTwoCallers, StartWhoseKeyIsTakenAnswersNoCall) {
  const CallId call = ring();
  world.store.claims["k"] = {};
  world.start(bob, 1, dial_back);
  settle();
  EXPECT_EQ(refusal().why, Refusal::idempotency_conflict);
  EXPECT_EQ(world.row(call).status, Status::calling);
  world.accept(bob, call);
  settle();
  EXPECT_TRUE(succeeded());
}

// a page closes its dialog when it is refused, so the ring that opens it again must come behind.
TEST(GlareOrder, RefusalComesBeforeTheSecondRingOnAnyShards) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    World world({.shards = 3, .seed = seed});
    const Phone carol = world.phone(3, Dialect::signaling), dan = world.phone(4, Dialect::signaling);
    world.start(carol, 4);
    world.settle();
    std::size_t rings = 0;
    world.notices.when_notified = [&](const std::string& what) {
      if (what != "incoming") return;
      ++rings;
      EXPECT_FALSE(world.answers.back().empty()) << "seed " << seed;
    };
    world.start(dan, 3);
    world.settle();
    EXPECT_EQ(rings, 1U);
  }
}

// C-05: until the caller is ready nobody is notified of the call, not even somebody who calls back.
TEST_F(GlareOfTwoCallers, IsRefusedAsBusyWhileTheOtherCallHasNotRungYet) {
  world.start(alice, 2, [](StartCall& request) { request.ring = call::RingPolicy::on_caller_ready; });
  settle();
  world.start(bob, 1);
  settle();
  EXPECT_EQ(refusal().why, Refusal::caller_busy);
  EXPECT_TRUE(bob.received().empty());
}

// T-12: found in review. B's start joins A's call while it rings; after that it is a call of its own, whether the
// alarm has come or not.
TEST_F(GlareOfTwoCallers, StartToTheCallerOfACallWhoseRingIsOverIsACallOfItsOwn) {
  const auto glare = [](StartCall& request) { request.glare = OnGlare::connect; };
  const CallId call = ring();
  world.clock.pass(30s + 1ms);
  const CallId anew = world.start(bob, 1, glare);
  settle();
  ASSERT_TRUE(succeeded());
  EXPECT_EQ(world.row(call).status, Status::missed);
  EXPECT_EQ(world.row(call).ended, world.row(call).ring_expires);
  EXPECT_EQ(world.row(anew).status, Status::calling);
  EXPECT_EQ(alice.received("missed"), 1U);
  EXPECT_EQ(alice.received("incoming"), 1U);
}

TEST_F(GlareOfTwoCallers, StartThatIsReceivedAtTheDeadlineOfTheRingStillJoinsIt) {
  const CallId call = ring();
  world.clock.pass(30s);
  world.start(bob, 1, [](StartCall& request) { request.glare = OnGlare::connect; });
  settle();
  EXPECT_TRUE(world.answers.back().front()->glare);
  EXPECT_EQ(world.row(call).status, Status::connected);
}

TEST_F(GlareOfTwoCallers, StartPastTheRingWhoseEndCannotBeStoredIsAnsweredSo) {
  const CallId call = ring();
  world.clock.pass(30s + 1ms);
  world.store.later = true;
  world.start(bob, 1);
  while (world.store.waiting.empty()) world.step();
  world.step();  // his slot is taken
  world.store.later = false;
  world.store.down = true;
  settle();
  EXPECT_EQ(refusal().why, Refusal::store_unavailable);
  world.store.down = false;
  world.pass(1s);
  EXPECT_EQ(world.row(call).status, Status::missed);
}

}  // namespace
}  // namespace belfry::calls::testing
