// Signals between the people of a call: their order, whom they reach, which are refused, and why the
// callee's candidates wait for its answer (a caller can use none before).
#include "app/calls/calls_stage_for_tests.hpp"
#include "app/calls/signal_relay.hpp"

namespace belfry::calls::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsSupersetOf;
using ::testing::Not;

class Signals : public CallsStage {};

// R-001-32, R-003-31, X-31
TEST_F(Signals, FollowTheCallInOrderAndThoseOfTheCalleeWaitForTheAnswer) {
  world.store.later = true;
  const CallId call = world.start(alice, 2);
  for (int i = 0; i < 3; ++i) world.signal(alice, call, std::to_string(i));
  settle();
  EXPECT_THAT(bob.received(), ElementsAre("incoming", "signal 0", "signal 1", "signal 2"));
  world.signal(bob, call, "early");
  settle();
  EXPECT_THAT(alice.received(), Not(Contains("signal early")));
  world.accept(bob, call);
  settle();
  EXPECT_THAT(alice.received(), ElementsAre("created", "accepted", "signal early"));
}

// W-001-05
TEST_F(Signals, AboutAParticipantItselfDoNotWaitForTheDescription) {
  const CallId call = ring();
  world.accept(bob, call, "");
  settle();
  world.signal(bob, call, "early");
  world.calls(bob).signal(bob.me, call, {SignalKind::mute, "muted"}, world.reply());
  settle();
  EXPECT_THAT(alice.received(), Contains("signal muted"));
  EXPECT_THAT(alice.received(), Not(Contains("signal early"))) << "its answer is still to come";
}

//
TEST_F(Signals, OfAnOlderGenerationAreDropped) {
  const CallId call = connected_call();
  world.signal(alice, call, "new", 2);
  world.signal(alice, call, "old", 1);
  settle();
  EXPECT_THAT(bob.received(), Contains("signal new"));
  EXPECT_THAT(bob.received(), Not(Contains("signal old")));
}

TEST_F(Signals, BeyondTheNumberThatMayWaitAreRefused) {
  const CallId call = ring();
  for (std::size_t i = 0; i <= kMaxHeldSignals; ++i) world.signal(bob, call, "x");
  settle();
  EXPECT_EQ(refusal().why, Refusal::too_many_signals);
}

// A signal that is too long to wait for its route is answered all the same.
TEST_F(Signals, TooLongToWaitAreRefused) {
  const CallId call = connected_call();
  const Phone tablet = world.phone(1, call::Dialect::native, 0, "tablet");
  settle();
  world.signal(tablet, call, std::string(kMaxHeldBytes + 1, 'x'));
  settle();
  ASSERT_EQ(world.answers.back().size(), 1U);
  EXPECT_EQ(refusal().why, Refusal::too_many_signals);
}

TEST_F(Signals, AfterTheEndAreRefused) {
  const CallId call = connected_call();
  world.end(alice, call);
  settle();
  world.signal(alice, call, "late");
  settle();
  EXPECT_EQ(refusal().why, Refusal::not_active);
  EXPECT_THAT(bob.received(), Not(Contains("signal late")));
}

// R-001-32: found by black-box acceptance.
TEST_F(Signals, AddressedToAnybodyButThePeerAreRefused) {
  const CallId call = connected_call();
  const Phone carol = world.phone(3);
  for (const Phone& sender : {alice, world.rest(1)})
    for (const UserId to : {carol.me.user, alice.me.user}) {
      world.calls(sender).signal(sender.me, call, {.kind = SignalKind::candidate, .payload = "lost", .to = to}, world.reply());
      settle();
      EXPECT_EQ(refusal().why, Refusal::wrong_addressee);
    }
  EXPECT_THAT(bob.received(), Not(Contains("signal lost")));
  world.calls(alice).signal(alice.me, call, {.kind = SignalKind::candidate, .payload = "found", .to = bob.me.user},
                            world.reply());
  settle();
  EXPECT_THAT(bob.received(), Contains("signal found"));
}

// 2.8.14: by REST too only the device that is in the call receives signals.
TEST_F(Signals, ByRestReachOnlyTheDeviceInTheCall) {
  const Phone tablet = world.phone(2);
  const CallId call = connected_call();
  world.signal(world.rest(1), call, "restart");
  settle();
  EXPECT_EQ(bob.received("signal restart"), 1U);
  EXPECT_EQ(tablet.received("signal restart"), 0U);
}

// S6: by another device the peer knows that the page was loaded again.
TEST_F(Signals, NameTheDeviceOfTheirSender) {
  const std::string name = "a device with a name that is too long for a short string";
  const Phone laptop = world.phone(1, call::Dialect::native, 0, name);
  const CallId call = world.start(laptop, 2);
  world.signal(laptop, call, "before the start is stored");
  settle();
  const Phone tablet = world.phone(2);
  settle();
  world.accept(bob, call);
  settle();
  world.signal(laptop, call, "connected");
  Phone rest = world.rest(1);
  rest.me.device = "by REST";
  world.signal(rest, call, "restart");
  world.signal(world.rest(1), call, "by nobody knows what");
  settle();
  EXPECT_THAT(bob.devices(), ElementsAre(name, name, "by REST", ""));
  EXPECT_THAT(tablet.devices(), ElementsAre(name)) << "a device that was rung later";
}

class SignalsToDevices : public CallsStage {};

// R-003-31: found by black-box acceptance.
TEST_F(SignalsToDevices, DeviceThatIsRungLaterReceivesTheEarlierCandidates) {
  const CallId call = ring();
  for (const auto* candidate : {"one", "two", "three"}) world.signal(alice, call, candidate);
  settle();
  const Phone tablet = world.phone(2);
  settle();
  EXPECT_THAT(tablet.received(), ElementsAre("incoming", "signal one", "signal two", "signal three"));
  world.signal(alice, call, "four");
  settle();
  EXPECT_THAT(bob.received(), ElementsAre("incoming", "signal one", "signal two", "signal three", "signal four"));
  EXPECT_EQ(tablet.received("signal four"), 1U);
}

TEST_F(SignalsToDevices, DeviceThatReturnsReceivesOnlyTheCandidatesItMissed) {
  const Phone tablet = world.phone(2);
  const CallId call = ring();
  world.signal(alice, call, "before");
  settle();
  world.suspend(bob);
  world.signal(alice, call, "meanwhile");
  settle();
  world.recover(bob);
  settle();
  EXPECT_EQ(bob.received("signal before"), 1U);
  EXPECT_EQ(bob.received("signal meanwhile"), 1U);
  EXPECT_EQ(tablet.received("signal meanwhile"), 1U);
}

class HeldCandidates : public CallsStage {};

// found by black-box acceptance. An answer may come as a signal, after the accept.
TEST_F(HeldCandidates, AreReleasedByAnAnswerThatComesAsASignal) {
  const CallId call = ring();
  world.signal(bob, call, "early candidate");
  world.accept(bob, call, "");
  settle();
  world.signal(bob, call, "candidate");
  settle();
  EXPECT_THAT(alice.received(), Not(Contains("signal early candidate")));
  world.calls(bob).signal(bob.me, call, {SignalKind::answer, "the answer"}, world.reply());
  settle();
  world.signal(bob, call, "late candidate");
  settle();
  EXPECT_THAT(newly_received(alice),
              IsSupersetOf({"signal the answer", "signal early candidate", "signal candidate", "signal late candidate"}));
  const auto received = alice.received();
  const auto answer = std::find(received.begin(), received.end(), "signal the answer");
  EXPECT_LT(answer, std::find(received.begin(), received.end(), "signal early candidate"));
}

// found by reading. The answer of an older generation is dropped, so what waits for an answer must wait for the next one.
TEST_F(HeldCandidates, AreNotReleasedByAnOutdatedAnswer) {
  const CallId call = ring();
  world.accept(bob, call, "");
  settle();
  const auto answer = [&](const std::string& payload, std::uint32_t generation) {
    world.calls(bob).signal(bob.me, call, {SignalKind::answer, payload, generation}, world.reply());
    settle();
  };
  world.signal(bob, call, "candidate", 2);
  answer("old answer", 1);
  EXPECT_EQ(alice.received("signal old answer"), 0U);
  EXPECT_EQ(alice.received("signal candidate"), 0U);
  answer("new answer", 2);
  EXPECT_EQ(alice.received("signal new answer"), 1U);
  EXPECT_EQ(alice.received("signal candidate"), 1U);
}

// Found in review: the leg which the answer went through may be gone; its successor must not wait for another one.
TEST_F(HeldCandidates, DoNotWaitForASecondAnswerAfterTheCalleeReturns) {
  const CallId call = ring();
  world.accept(bob, call, "");
  settle();
  world.calls(bob).signal(bob.me, call, {SignalKind::answer, "the answer"}, world.reply());
  settle();
  world.suspend(bob);
  settle();
  world.recover(bob);
  settle();
  world.signal(bob, call, "after the return");
  settle();
  EXPECT_EQ(alice.received("signal after the return"), 1U);
}

// Found on reading again: the answer may go by REST while candidates go by socket.
TEST_F(HeldCandidates, AreReleasedByAnAnswerByRest) {
  const CallId call = ring();
  world.accept(bob, call, "");
  settle();
  world.signal(bob, call, "candidate");
  settle();
  ASSERT_EQ(alice.received("signal candidate"), 0U);
  const Phone rest = world.rest(2);
  world.calls(rest).signal(rest.me, call, {SignalKind::answer, "the answer"}, world.reply());
  settle();
  EXPECT_EQ(alice.received("signal candidate"), 1U);
}

// Two clients which describe nothing through us need not: nothing waits then.
TEST_F(HeldCandidates, DoNotWaitInACallWithoutAnOffer) {
  const CallId call = world.start(alice, 2, [](StartCall& request) { request.offer = {}; });
  settle();
  world.accept(bob, call, "");
  settle();
  world.signal(bob, call, "from bob");
  world.signal(alice, call, "from alice");
  settle();
  EXPECT_THAT(alice.received(), Contains("signal from bob"));
  EXPECT_THAT(bob.received(), Contains("signal from alice"));
}

//
TEST_F(HeldCandidates, AreNotReleasedByASecondDeviceOfTheCallee) {
  const CallId call = ring();
  world.accept(bob, call, "");
  settle();
  world.signal(bob, call, "early");
  const Phone tablet = world.phone(2);
  settle();
  EXPECT_EQ(alice.received("signal early"), 0U);
}

// found in review. What waited behind a refused signal of a session without a route went with it, although its sender was
// answered that it waits.
TEST_F(Signals, SignalThatWaitsBehindARefusedOneIsDelivered) {
  const CallId call = world.start(alice, 2, [&](StartCall& request) {
    const auto host = [&] { return world.nodes[0]->shared.host_of(*request.id); };
    while (host() == bob.me.at.shard) request.id = world.calls(alice).new_call_id();
  });
  settle();
  world.accept(bob, call);
  settle();
  world.calls(bob).on_unreachable(bob.me.at);  // its shard has forgotten the route
  world.signal(bob, call, "for carol", 0, user_numbered(3));
  world.signal(bob, call, "two", 0, alice.me.user);
  world.signal(bob, call, "three");
  settle();
  EXPECT_EQ(world.answers[world.answers.size() - 3].front().error().why, Refusal::wrong_addressee);
  EXPECT_TRUE(world.answers.back().front()->queued);
  EXPECT_EQ(alice.received("signal for carol"), 0U);
  EXPECT_EQ(alice.received("signal two"), 1U);
  EXPECT_EQ(alice.received("signal three"), 1U);
}

// A stranger's signals are refused one after the other, and nothing of them stays.
TEST_F(Signals, SignalsOfAStrangerThatWaitForARouteAreAllDropped) {
  const CallId call = connected_call();
  const Phone carol = world.phone(3);
  for (const auto* payload : {"one", "two", "three"}) world.signal(carol, call, payload);
  settle();
  world.signal(carol, call, "four");
  settle();
  EXPECT_EQ(refusal().why, Refusal::not_participant) << "it waits behind nothing";
}

// R-001-32: found in review. It was held until the call existed, and then sent to the peer.
TEST_F(Signals, ForAStrangerWhileTheStartIsBeingStoredReachesNobody) {
  world.store.later = true;
  const CallId call = world.start(alice, 2);
  world.signal(alice, call, "for carol", 0, user_numbered(3));
  world.signal(alice, call, "for bob", 0, bob.me.user);
  settle();
  EXPECT_EQ(bob.received("signal for carol"), 0U);
  EXPECT_EQ(bob.received("signal for bob"), 1U);
}

}  // namespace
}  // namespace belfry::calls::testing
