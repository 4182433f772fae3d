// Signals between the people of a call: order, who may, and what waits.
#include "app/calls/calls_stage_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsSupersetOf;
using ::testing::Not;

// R-001-32, R-003-31, X-31
TEST_F(CallsTest, SignalsArriveInOrderBehindTheCallAndTheCalleesWaitForTheAnswer) {
  world.store.later = true;
  const CallId call = world.start(alice, 2);
  for (int i = 0; i < 3; ++i) world.signal(alice, call, std::to_string(i));
  settle();
  EXPECT_THAT(bob.heard(), ElementsAre("incoming", "signal 0", "signal 1", "signal 2"));
  world.signal(bob, call, "early");
  settle();
  EXPECT_THAT(alice.heard(), Not(Contains("signal early")));
  world.accept(bob, call);
  settle();
  EXPECT_THAT(alice.heard(), ElementsAre("created", "accepted", "signal early"));
}

//
TEST_F(CallsTest, SignalOfAnOlderGenerationIsDropped) {
  const CallId call = connected_call();
  world.signal(alice, call, "new", 2);
  world.signal(alice, call, "old", 1);
  settle();
  EXPECT_THAT(bob.heard(), Contains("signal new"));
  EXPECT_THAT(bob.heard(), Not(Contains("signal old")));
}

// R-001-33, 2.8.14
TEST_F(CallsTest, SignalToAnAbsentPeerIsRefusedAndLoggedButWaitsDuringTheirGrace) {
  world.log.keep = true;
  const CallId lonely = world.start(alice, 5);
  settle();
  world.signal(alice, lonely, "x");
  settle();
  EXPECT_EQ(refusal().why, Refusal::peer_offline);
  EXPECT_THAT(world.log.lines, Contains("WebRTC signal target offline"));
  world.end(alice, lonely);
  settle();
  const CallId call = connected_call();
  world.suspends(bob);
  settle();
  world.signal(alice, call, "held");
  settle();
  EXPECT_TRUE(world.answers.back().front()->queued);
  world.recovers(bob);
  settle();
  EXPECT_THAT(bob.heard(), Contains("signal held"));
}

TEST_F(CallsTest, TooManySignalsWaitingAreRefused) {
  const CallId call = ring();
  for (std::size_t i = 0; i <= kMaxHeldSignals; ++i) world.signal(bob, call, "x");
  settle();
  EXPECT_EQ(refusal().why, Refusal::too_many_signals);
}

TEST_F(CallsTest, SignalAfterTheEndReachesNobody) {
  const CallId call = connected_call();
  world.end(alice, call);
  settle();
  world.signal(alice, call, "late");
  settle();
  EXPECT_EQ(refusal().why, Refusal::not_active);
  EXPECT_THAT(bob.heard(), Not(Contains("signal late")));
}

// found by black-box acceptance. An answer may come as a signal, after the accept.
TEST_F(CallsTest, CandidatesWaitForAnAnswerThatComesAsASignal) {
  const CallId call = ring();
  world.signal(bob, call, "early candidate");
  world.accept(bob, call, "");
  settle();
  world.signal(bob, call, "candidate");
  settle();
  EXPECT_THAT(alice.heard(), Not(Contains("signal early candidate")));
  world.calls(bob).signal(bob.me, call, {"answer", "the answer"}, world.keep());
  settle();
  world.signal(bob, call, "late candidate");
  settle();
  EXPECT_THAT(fresh(alice),
              IsSupersetOf({"signal the answer", "signal early candidate", "signal candidate", "signal late candidate"}));
  const auto heard = alice.heard();
  const auto answer = std::find(heard.begin(), heard.end(), "signal the answer");
  EXPECT_LT(answer, std::find(heard.begin(), heard.end(), "signal early candidate"));
}

// Found in review: the leg which the answer went through may be gone; its successor must not wait for another one.
TEST_F(CallsTest, CandidatesOfACalleeWhoCameBackWaitForNoSecondAnswer) {
  const CallId call = ring();
  world.accept(bob, call, "");
  settle();
  world.calls(bob).signal(bob.me, call, {"answer", "the answer"}, world.keep());
  settle();
  world.suspends(bob);
  settle();
  world.recovers(bob);
  settle();
  world.signal(bob, call, "after the return");
  settle();
  EXPECT_EQ(alice.heard("signal after the return"), 1U);
}

// Found on reading again: the answer may go by REST while candidates go by socket.
TEST_F(CallsTest, AnswerByRestFreesTheCandidatesOnTheSocket) {
  const CallId call = ring();
  world.accept(bob, call, "");
  settle();
  world.signal(bob, call, "candidate");
  settle();
  ASSERT_EQ(alice.heard("signal candidate"), 0U);
  const Phone rest = world.rest(2);
  world.calls(rest).signal(rest.me, call, {"answer", "the answer"}, world.keep());
  settle();
  EXPECT_EQ(alice.heard("signal candidate"), 1U);
}

// Two clients which describe nothing through us need not: nothing waits then.
TEST_F(CallsTest, CandidatesOfACallWithoutAnOfferWaitForNothing) {
  const CallId call = world.start(alice, 2, [](StartCall& request) { request.offer = {}; });
  settle();
  world.accept(bob, call, "");
  settle();
  world.signal(bob, call, "from bob");
  world.signal(alice, call, "from alice");
  settle();
  EXPECT_THAT(alice.heard(), Contains("signal from bob"));
  EXPECT_THAT(bob.heard(), Contains("signal from alice"));
}

// R-003-31: found by black-box acceptance.
TEST_F(CallsTest, DeviceThatIsRungLaterGetsTheCandidatesTheOthersHad) {
  const CallId call = ring();
  for (const auto* candidate : {"one", "two", "three"}) world.signal(alice, call, candidate);
  settle();
  const Phone tablet = world.phone(2);
  settle();
  EXPECT_THAT(tablet.heard(), ElementsAre("incoming", "signal one", "signal two", "signal three"));
  world.signal(alice, call, "four");
  settle();
  EXPECT_THAT(bob.heard(), ElementsAre("incoming", "signal one", "signal two", "signal three", "signal four"));
  EXPECT_EQ(tablet.heard("signal four"), 1U);
}

TEST_F(CallsTest, DeviceThatComesBackIsSentOnlyTheCandidatesItMissed) {
  const Phone tablet = world.phone(2);
  const CallId call = ring();
  world.signal(alice, call, "before");
  settle();
  world.suspends(bob);
  world.signal(alice, call, "meanwhile");
  settle();
  world.recovers(bob);
  settle();
  EXPECT_EQ(bob.heard("signal before"), 1U);
  EXPECT_EQ(bob.heard("signal meanwhile"), 1U);
  EXPECT_EQ(tablet.heard("signal meanwhile"), 1U);
}

// 2.8.14, X-13: found by black-box acceptance. Lost, back and lost again, all while the store is slow: nothing
// that was taken is lost. The order may change: what follows a moved session goes a longer way than what finds it.
TEST(SignalsToAFlappingPeer, AllArriveOnce) {
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    World world({.shards = static_cast<ShardIndex>(1 + seed % 3), .seed = seed});
    Phone alice = world.phone(1);
    const Phone bob = world.phone(2);
    const CallId call = world.start(alice, 2);
    world.settle();
    world.accept(bob, call);
    world.settle();
    world.store.later = true;
    std::vector<std::string> taken;
    const auto say = [&] {
      world.signal(bob, call, std::to_string(taken.size()));
      taken.push_back("signal " + std::to_string(taken.size()));
    };
    for (int round = 0; round < 3; ++round) {
      say();
      world.suspends(alice);
      for (auto steps = world.chance() % 12; steps > 0; --steps) world.step();
      say();
      world.recovers(alice);
      for (auto steps = world.chance() % 12; steps > 0; --steps) world.step();
    }
    say();
    world.settle();
    std::vector<std::string> heard;
    for (const auto& each : alice.heard())
      if (each.starts_with("signal")) heard.push_back(each);
    ASSERT_THAT(heard, ::testing::UnorderedElementsAreArray(taken)) << "seed " << seed;
  }
}

// R-001-32: found by black-box acceptance.
TEST_F(CallsTest, SignalAddressedToAnybodyButThePeerIsRefused) {
  const CallId call = connected_call();
  const Phone carol = world.phone(3);
  for (const Phone& sender : {alice, world.rest(1)})
    for (const UserId to : {carol.me.user, alice.me.user}) {
      world.calls(sender).signal(sender.me, call, {.kind = "candidate", .payload = "lost", .to = to}, world.keep());
      settle();
      EXPECT_EQ(refusal().why, Refusal::wrong_addressee);
    }
  EXPECT_THAT(bob.heard(), Not(Contains("signal lost")));
  world.calls(alice).signal(alice.me, call, {.kind = "candidate", .payload = "found", .to = bob.me.user}, world.keep());
  settle();
  EXPECT_THAT(bob.heard(), Contains("signal found"));
}

// A signal that is too long to wait for its route is answered all the same.
TEST_F(CallsTest, SignalThatIsTooLongToWaitIsRefusedAndAnswered) {
  const CallId call = connected_call();
  const Phone tablet = world.phone(1, call::Dialect::native, 0, "tablet");
  settle();
  world.signal(tablet, call, std::string(kMaxHeldBytes + 1, 'x'));
  settle();
  ASSERT_EQ(world.answers.back().size(), 1U);
  EXPECT_EQ(refusal().why, Refusal::too_many_signals);
}

// 2.8.14: by REST too a signal to somebody in grace waits, also for a session that they do not have yet.
TEST_F(CallsTest, SignalByRestToSomebodyInGraceReachesTheirNewSession) {
  const CallId call = connected_call();
  Phone away = bob;
  world.goes(bob, Departure::lost);
  settle();
  world.signal(world.rest(1), call, "restart");
  settle();
  EXPECT_TRUE(world.answers.back().front()->queued);
  const Phone back = world.phone(2);
  settle();
  EXPECT_EQ(back.heard("signal restart"), 1U);
}

// 2.8.14: and one that recovers has it in its log, once.
TEST_F(CallsTest, SignalByRestToASuspendedSessionIsHeardOnceOnRecovery) {
  const CallId call = connected_call();
  world.suspends(bob);
  settle();
  world.signal(world.rest(1), call, "restart");
  settle();
  world.recovers(bob);
  settle();
  EXPECT_EQ(bob.heard("signal restart"), 1U);
}

// 2.8.14: what waits for somebody in grace is bounded in bytes too.
TEST_F(CallsTest, SignalsByRestToSomebodyInGraceAreRefusedWhenTheyAreTooLongTogether) {
  const CallId call = connected_call();
  world.goes(bob, Departure::lost);
  settle();
  const Phone rest = world.rest(1);
  world.signal(rest, call, std::string(kMaxHeldBytes, 'x'));
  settle();
  EXPECT_TRUE(succeeded());
  world.signal(rest, call, "x");
  settle();
  ASSERT_FALSE(succeeded());
  EXPECT_EQ(refusal().why, Refusal::too_many_signals);
}

// 2.8.14, A4: a call that another server took over is read anew, and what waits for somebody in grace waits on.
TEST(TwoServers, SignalByRestToSomebodyInGraceWaitsWhileTheCallIsReadAnew) {
  World world({.nodes = 2});
  const Phone alice = world.phone(1), bob = world.phone(2);
  const CallId call = world.start(alice, 2);
  world.settle();
  world.accept(bob, call);
  world.settle();
  world.goes(bob, Departure::lost);
  world.settle();
  world.signal(world.rest(1), call, "restart");
  world.settle();
  ASSERT_TRUE(world.answers.back().front()->queued);
  world.nodes[1]->calls[0]->restore({{world.store.calls.at(call), world.clock.wall()}});
  world.settle();
  world.nodes[0]->calls[0]->catch_up_all();
  world.settle();
  const Phone back = world.phone(2);
  world.settle();
  EXPECT_EQ(back.heard("signal restart"), 1U);
}

// 2.8.14: by REST too only the device that is in the call hears the other side.
TEST_F(CallsTest, SignalByRestReachesNoDeviceThatIsNotInTheCall) {
  const Phone tablet = world.phone(2);
  const CallId call = connected_call();
  world.signal(world.rest(1), call, "restart");
  settle();
  EXPECT_EQ(bob.heard("signal restart"), 1U);
  EXPECT_EQ(tablet.heard("signal restart"), 0U);
}

//
TEST_F(CallsTest, SecondDeviceOfTheCalleeDoesNotFreeCandidatesThatWaitForTheAnswer) {
  const CallId call = ring();
  world.accept(bob, call, "");
  settle();
  world.signal(bob, call, "early");
  const Phone tablet = world.phone(2);
  settle();
  EXPECT_EQ(alice.heard("signal early"), 0U);
}

}  // namespace
}  // namespace belfry::calls::testing
