// Ends of calls whose user was away: committed with the step, sent once on return, for a day (X-25, R-001-22, SPEC section 0).
#include "app/calls/calls_stage_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

using call::Dialect;
using call::Status;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class LateReturn : public CallsStage {
 protected:
  /// Bob is cut off and never comes back; the call ends without him.
  CallId end_without_bob() {
    const CallId call = connected_call();
    world.suspend(bob);
    world.pass(1s);
    world.end(alice, call);
    settle();
    world.disconnect(bob, Departure::lost);
    settle();
    return call;
  }
  CallId talk_again(const Phone& callee) {
    const CallId call = ring();
    world.accept(callee, call);
    settle();
    return call;
  }
};

TEST_F(LateReturn, UserWhoReturnsAfterHoursIsNotifiedOfTheEndOnce) {
  static_cast<void>(end_without_bob());
  EXPECT_EQ(world.store.outbox.size(), 1U);
  world.pass(5h);
  const Phone page = world.phone(2, Dialect::signaling);
  settle();
  EXPECT_EQ(page.received("ended"), 1U);
  EXPECT_TRUE(world.store.outbox.empty());
  world.disconnect(page, Departure::left);
  const Phone again = world.phone(2, Dialect::signaling);
  settle();
  EXPECT_EQ(again.received("ended"), 0U);
}

// J-5.5: an app of the token dialect asks for no snapshot either.
TEST_F(LateReturn, AppOfTheTokenDialectIsNotifiedOfTheEndOnce) {
  static_cast<void>(end_without_bob());
  for (const std::size_t times : {1U, 0U}) {
    const Phone app = world.phone(2, Dialect::token);
    settle();
    EXPECT_EQ(app.received("ended"), times);
    world.disconnect(app, Departure::left);
  }
}

// K14: it would show the end to somebody who sees no call. One that is back still shows the call.
TEST_F(LateReturn, PageThatIsNewIsToldNoEndAndOneThatIsBackIs) {
  static_cast<void>(end_without_bob());
  const Phone fresh = world.blank_page(2);
  settle();
  EXPECT_EQ(fresh.received("ended"), 0U);
  const Phone page = world.phone(2, Dialect::chat);
  settle();
  EXPECT_EQ(page.received("ended"), 1U);
  EXPECT_EQ(fresh.received("ended"), 0U);
}

// SPEC 0, K14: a page of seed 004 whose socket is back still shows the call; hours later it would show the end as new.
TEST_F(LateReturn, PageOfTheChatDialectIsNotifiedOfAnEndThatIsNews) {
  for (const auto& [later, times] : {std::pair<Duration, std::size_t>{30s, 1U}, {5h, 0U}}) {
    static_cast<void>(end_without_bob());
    world.pass(later);
    const Phone page = world.phone(2, Dialect::chat);
    settle();
    EXPECT_EQ(page.received("ended"), times);
    EXPECT_TRUE(world.store.outbox.empty()) << "either way it is done with";
    world.disconnect(page, Departure::left);
    bob = world.phone(2);
    settle();
  }
}

// SPEC 0: its client takes any end for that of the call that it is in
TEST_F(LateReturn, PageOfTheChatDialectThatTalksAgainIsToldNoOlderEnd) {
  static_cast<void>(end_without_bob());
  const Phone tablet = world.phone(2);
  static_cast<void>(talk_again(tablet));
  const Phone page = world.phone(2, Dialect::chat);
  settle();
  EXPECT_EQ(page.received("ended"), 0U);
}

// J-5.5: found by an attack. Only a caller who dialled by a socket counted as aware of the call.
class CallByRest : public LateReturn {
 protected:
  CallId start_by_rest() {
    const CallId call = world.start(world.rest(3), 2);
    settle();
    return call;
  }
};

TEST_F(CallByRest, AppThatWasSentItIsNotifiedOfTheEndOnReturn) {
  const Phone app = world.phone(3, Dialect::token);
  const CallId call = start_by_rest();
  ASSERT_EQ(app.received("created"), 1U);
  world.disconnect(app, Departure::lost);
  settle();
  world.reject(bob, call);
  settle();
  const Phone back = world.phone(3, Dialect::token);
  settle();
  EXPECT_EQ(back.received("rejected"), 1U);
}

TEST_F(CallByRest, AppThatCameInTimeForTheAnswerIsNotifiedOfTheEndOnReturn) {
  const CallId call = start_by_rest();
  const Phone app = world.phone(3, Dialect::token);
  settle();
  world.accept(bob, call);
  settle();
  ASSERT_EQ(app.received("accepted"), 1U);
  world.disconnect(app, Departure::lost);
  settle();
  world.end(bob, call);
  settle();
  const Phone back = world.phone(3, Dialect::token);
  settle();
  EXPECT_EQ(back.received("ended"), 1U);
}

TEST_F(CallByRest, AppThatComesOnlyAfterTheEndIsNotNotified) {
  world.reject(bob, start_by_rest());
  settle();
  const Phone app = world.phone(3, Dialect::token);
  settle();
  EXPECT_THAT(app.received(), IsEmpty());
}

TEST_F(CallByRest, AppIsNotifiedOfTheEndAfterARestart) {
  const Phone app = world.phone(3, Dialect::token);
  const CallId call = start_by_rest();
  World again;
  again.clock.pass(world.clock.now() - again.clock.now() + 1s);
  again.store = world.store;
  again.nodes[0]->calls[0]->restore({{again.store.calls.at(call), again.clock.wall()}});
  again.settle();
  again.reject(again.rest(2), call);
  again.settle();
  const Phone back = again.phone(3, Dialect::token);
  again.settle();
  EXPECT_EQ(back.received("rejected"), 1U);
}

TEST_F(LateReturn, UserWhoReturnsAfterMoreThanADayIsNotNotified) {
  static_cast<void>(end_without_bob());
  world.pass(25h);
  const Phone page = world.phone(2, Dialect::signaling);
  settle();
  EXPECT_EQ(page.received("ended"), 0U);
}

TEST_F(LateReturn, EndIsCommittedTogetherWithItsOutboxEntries) {
  const CallId call = connected_call();
  world.disconnect(bob, Departure::lost);
  settle();
  world.store.later = true;
  world.end(alice, call);
  while (world.row(call).status == call::Status::connected) world.step();
  EXPECT_TRUE(world.store.outbox.contains({bob.me.user, call})) << "before anybody is notified";
  settle();
}

TEST_F(LateReturn, UserWhoReturnsBetweenCommitAndNoticeIsNotifiedOnce) {
  const CallId call = connected_call();
  world.disconnect(bob, Departure::lost);
  settle();
  world.store.later = true;
  world.end(alice, call);
  while (world.row(call).status == call::Status::connected) world.step();
  const Phone back = world.phone(2);
  settle();
  EXPECT_EQ(back.received("ended"), 1U);
  EXPECT_TRUE(world.store.outbox.empty());
}

TEST_F(LateReturn, PendingEndsSurviveAServerCrash) {
  static_cast<void>(end_without_bob());
  World again;
  again.clock.pass(world.clock.now() - again.clock.now() + 10min);
  again.store = world.store;
  for (const auto& [key, entry] : again.store.outbox) again.nodes[0]->shared.unheard().remember(entry);
  const Phone page = again.phone(2, Dialect::signaling);
  again.settle();
  EXPECT_EQ(page.received("ended"), 1U);
  EXPECT_TRUE(again.store.outbox.empty());
}

// T-06: found by reading. After a restart a callee who had no session when the ring began passed for one who was rung.
TEST_F(LateReturn, AfterARestartOnlyACalleeWhoWasRungIsNotifiedOfTheEnd) {
  std::vector<std::size_t> ends;
  for (const int callee : {2, 5}) {
    const CallId call = world.start(alice, callee, [](StartCall& start) { start.ring = call::RingPolicy::on_caller_ready; });
    settle();
    world.ready(alice, call);
    settle();
    World again;
    again.clock.pass(world.clock.now() - again.clock.now() + 1s);
    again.store = world.store;
    again.cancel(again.phone(1), call);
    again.settle();
    const Phone page = again.phone(callee, Dialect::signaling);
    again.settle();
    ends.push_back(ends_received(page, call));
    world.cancel(alice, call);
    settle();
  }
  EXPECT_THAT(ends, ElementsAre(1, 0)) << "bob had a session, and the other none";
}

TEST_F(LateReturn, OldEndIsNotSentDuringANewCallWithTheSamePeer) {
  static_cast<void>(end_without_bob());
  const auto owed = world.store.outbox;
  const Phone native = world.phone(2);
  const CallId second = talk_again(native);
  for (const auto& [key, entry] : owed) world.nodes[0]->shared.unheard().remember(entry);
  const Phone page = world.phone(2, Dialect::signaling);
  settle();
  EXPECT_EQ(page.received("ended"), 0U);
  EXPECT_EQ(world.row(second).status, call::Status::connected);
}

// J-5.5: the events of this dialect name the call, too.
TEST_F(LateReturn, AppIsNotifiedOfAnEndDuringANewCallOnAnotherDevice) {
  static_cast<void>(end_without_bob());
  const auto owed = world.store.outbox;
  static_cast<void>(talk_again(world.phone(2)));
  for (const auto& [key, entry] : owed) world.nodes[0]->shared.unheard().remember(entry);
  const Phone app = world.phone(2, Dialect::token);
  settle();
  EXPECT_EQ(app.received("ended"), 1U);
}

// SPEC section 0, J-5.5: found by an attack. Only the ring of the next call with the same peer was sent; an end behind it would
// have ended that. `stored`: the end was read from the store, which is asked before it is sent.
enum class EndWas : std::uint8_t { remembered, stored };
std::vector<std::string> received_while_called_again(Dialect dialect, EndWas end, std::uint64_t seed) {
  World world({.shards = 3, .seed = seed});
  const Phone alice = world.phone(1), gone = world.phone(2, dialect);
  const CallId first = world.start(alice, 2);
  world.settle();
  world.accept(gone, first);
  world.settle();
  world.disconnect(gone, Departure::lost);
  world.settle();
  world.end(alice, first);
  world.settle();
  world.start(alice, 2);
  world.settle();
  if (end == EndWas::stored)
    for (auto& [key, entry] : world.store.outbox) {
      entry.seq = 1;
      world.nodes[0]->shared.unheard().remember(entry);
    }
  world.store.later = true;
  const Phone back = world.phone(2, dialect);
  world.settle();
  EXPECT_TRUE(world.store.outbox.empty());
  return back.received();
}

TEST(ReturnDuringTheNextRing, EndIsSentBeforeTheRing) {
  for (const Dialect dialect : {Dialect::token, Dialect::signaling})
    for (const EndWas end : {EndWas::remembered, EndWas::stored})
      for (std::uint64_t seed = 1; seed <= 10; ++seed)
        EXPECT_THAT(received_while_called_again(dialect, end, seed), ElementsAre("ended", "incoming")) << seed;
}

TEST_F(LateReturn, SnapshotThatShowsTheEndSettlesItsOutboxEntry) {
  const CallId call = end_without_bob();
  const Phone native = world.phone(2);
  settle();
  EXPECT_EQ(world.store.outbox.size(), 1U) << "nothing was shown yet";
  world.calls(native).end_shown(native.me.user, call);
  settle();
  EXPECT_TRUE(world.store.outbox.empty());
}

TEST_F(LateReturn, RecoveredSessionFindsTheEndInItsRecoveryLog) {
  const CallId call = connected_call();
  world.suspend(bob);
  settle();
  world.end(alice, call);
  settle();
  EXPECT_EQ(world.store.outbox.size(), 1U);
  world.recover(bob);
  settle();
  EXPECT_EQ(bob.received("ended"), 1U);
  EXPECT_TRUE(world.store.outbox.empty());
}

TEST_F(LateReturn, UserWhoEndsACallGetsNoOutboxEntry) {
  static_cast<void>(connected_call());
  world.disconnect(alice, Departure::left);
  settle();
  EXPECT_EQ(bob.received("ended"), 1U);
  EXPECT_TRUE(world.store.outbox.empty());
}

// Found in review: a user who left a call needs no notice that it is over.
TEST_F(LateReturn, UserWhoLeftACallIsNotNotifiedOfItsEndOnReturn) {
  const Phone page = world.phone(3, call::Dialect::signaling);
  const CallId call = world.start(page, 2);
  settle();
  world.accept(bob, call);
  settle();
  world.disconnect(page, Departure::left);
  settle();
  EXPECT_EQ(world.row(call).status, Status::ended);
  const Phone back = world.phone(3, call::Dialect::signaling);
  settle();
  EXPECT_THAT(back.received(), IsEmpty());
}

TEST_F(LateReturn, UserWhoWasNeverRungIsNotNotifiedOfTheEnd) {
  world.start(alice, 5);  // eve is nowhere
  world.pass(31s);
  const Phone eve = world.phone(5, call::Dialect::signaling);
  settle();
  EXPECT_THAT(eve.received(), IsEmpty());
}

// SPEC section 0, R-001-22: found by black-box acceptance. A page of the signaling dialect that comes back anew, without its log,
// is notified once how its call ended meanwhile.
enum class Away : std::uint8_t { caller, callee };
template <class Meanwhile>
void expect_one_notice_on_return(Away who, const char* notice, Meanwhile meanwhile) {
  World world;
  const Phone caller = world.phone(1, Dialect::signaling), callee = world.phone(2, Dialect::signaling);
  const CallId call = world.start(caller, 2);
  world.settle();
  world.suspend(who == Away::caller ? caller : callee);
  world.settle();
  meanwhile(world, who == Away::caller ? callee : caller, call);
  world.settle();
  const int user = who == Away::caller ? 1 : 2;
  const Phone back = world.phone(user, Dialect::signaling);
  world.settle();
  EXPECT_EQ(back.received(notice), 1U);
  EXPECT_EQ(back.received("incoming"), 0U);
  world.disconnect(back, Departure::lost);
  const Phone again = world.phone(user, Dialect::signaling);
  world.settle();
  EXPECT_THAT(again.received(), IsEmpty());
}

TEST(ReloadedPage, IsNotifiedOnceThatItsCallWasAnsweredAndEnded) {
  expect_one_notice_on_return(Away::caller, "ended", [](World& world, const Phone& callee, const CallId& call) {
    world.accept(callee, call);
    world.settle();
    world.end(callee, call);
  });
}
TEST(ReloadedPage, IsNotifiedOnceThatItsCallWasRejected) {
  expect_one_notice_on_return(Away::caller, "rejected",
                              [](World& world, const Phone& callee, const CallId& call) { world.reject(callee, call); });
}
TEST(ReloadedPage, IsNotifiedOnceThatItsCallWasCancelled) {
  expect_one_notice_on_return(Away::callee, "cancelled",
                              [](World& world, const Phone& caller, const CallId& call) { world.cancel(caller, call); });
}
// T-14
TEST(ReloadedPage, IsNotifiedOnceThatItsCallEndedForItsOwnLoss) {
  expect_one_notice_on_return(Away::callee, "cancelled", [](World& world, const Phone&, const CallId&) { world.pass(6s); });
}

// found in review. Between the moment in which an ended call leaves the list of its people's calls and the one in which
// the end is remembered for them, a session would find neither.
TEST_F(LateReturn, UserWhoReturnsWhileTheEndIsBeingRememberedIsNotifiedOnce) {
  const CallId call = connected_call();
  world.store.later = true;
  world.nodes[0]->calls[0]->force_end(call, call::EndReason::admin, {});
  while (world.row(call).status == call::Status::connected) world.step();
  world.disconnect(alice, Departure::lost);
  world.disconnect(bob, Departure::lost);
  std::vector<Phone> back;
  world.store.when_put = [&] {  // one of the two is remembered, and the other not yet
    for (const int user : {1, 2}) back.push_back(world.phone(user, Dialect::signaling));
  };
  settle();
  ASSERT_EQ(back.size(), 2U);
  for (const Phone& phone : back) EXPECT_EQ(phone.received("ended"), 1U) << phone.name;
  EXPECT_TRUE(world.store.outbox.empty());
}

}  // namespace
}  // namespace belfry::calls::testing
