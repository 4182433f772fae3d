// What is different in a call of three, and what is not (T-08, T-09, T-16, T-17, T-20).
#include <gmock/gmock.h>

#include "domain/call/a_call_for_tests.hpp"

namespace belfry::call {
namespace {

using namespace testing;
using ::testing::IsEmpty;

Step must(const State& state, const Event& event, TimePoint now) {
  const auto step = advance(state, event, now);
  EXPECT_TRUE(step.has_value());
  return *step;
}
std::optional<EndReason> reason_of(const Step& step) {
  const auto* over = std::get_if<Ended>(&step.next);
  return over == nullptr ? std::nullopt : std::optional(over->reason);
}
LegState leg(const Step& step, UserId user) { return leg_of(legs_of(step.next), user).state; }

TEST(GroupCall, RingsEveryCalleeAndTheFirstAnswerConnects) {
  const Step begun = begin(a_policy(), alice_dials(), a_call_of_three().callees, kStart);
  EXPECT_EQ(text_of(begun.effects), "bob: incoming, carol: incoming");
  const Step answered = must(begun.next, answers(kBob), kStart + 4s);
  EXPECT_EQ(text_of(answered.effects), "alice: accepted(bob), bob: accepted(bob)");
  EXPECT_EQ(leg(answered, kCarol), LegState::notified);
  EXPECT_TRUE(std::holds_alternative<RingDeadlinePassed>(next_alarm(answered.next)->event)) << "carol's phone goes on ringing";
}

TEST(GroupCall, NotifiesTheOthersOfAUserWhoJoinsLater) {
  const Step third = must(a_call_of_three().connected(), answers(kCarol, kTablet), kStart + 9s);
  EXPECT_EQ(text_of(third.effects), "alice: accepted(carol), carol: accepted(carol), bob: joined(carol)");
  EXPECT_EQ(std::get<Connected>(third.next).answered, kStart + 4s) << "it began with the first";
  EXPECT_EQ(advance(third.next, answers(kCarol, kPhone), kStart + 10s).error(), Rejection::not_ringing);
  EXPECT_THAT(must(third.next, answers(kCarol, kTablet), kStart + 10s).effects, IsEmpty());
}

// T-09, T-08
TEST(GroupCall, RingsOnAfterADeclineAndEndsWithTheLastOne) {
  const Step one = must(a_call_of_three().calling(), Declined{kBob, kPhone}, kStart + 2s);
  EXPECT_EQ(text_of(one.effects), "alice: rejected(bob), bob: declined_elsewhere");
  EXPECT_EQ(status_of(one.next), Status::calling);
  EXPECT_THAT(must(one.next, Declined{kBob, kPhone}, kStart + 3s).effects, IsEmpty());
  EXPECT_EQ(advance(one.next, answers(kBob), kStart + 3s).error(), Rejection::not_ringing);
  const Step both = must(one.next, Declined{kCarol, kTablet}, kStart + 4s);
  EXPECT_EQ(reason_of(both), EndReason::declined);
  EXPECT_EQ(status_of(both.next), Status::rejected);
  EXPECT_EQ(text_of(both.effects), "alice: rejected(carol), carol: declined_elsewhere") << "bob is not notified again";
  EXPECT_EQ(must(both.next, Declined{kBob, kPhone}, kStart + 5s).next, both.next) << "a repeat, of his own";
}

// T-10
TEST(GroupCall, IsCancelledForAllRingingUsers) {
  const Step over = must(a_call_of_three().declined_by(kBob).calling(), HungUp{kAlice}, kStart + 2s);
  EXPECT_EQ(text_of(over.effects), "alice: cancelled, carol: cancelled");
}

// T-11, T-14
TEST(GroupCall, RingsOnWithoutACalleeWhoLeaves) {
  for (const Event& event : {Event{HungUp{kBob, kPhone}}, Event{Left{kBob}}}) {
    const Step step = must(a_call_of_three().calling(), event, kStart + 2s);
    EXPECT_EQ(text_of(step.effects), "bob: cancelled, alice: left(bob)");
    EXPECT_EQ(leg(step, kBob), LegState::missed);
  }
}

// T-12
TEST(GroupCall, GoesOnWithoutUsersWhoDidNotAnswerInTime) {
  const Step none = must(a_call_of_three().calling(), RingDeadlinePassed{}, kStart + 30s);
  EXPECT_EQ(text_of(none.effects), "alice: missed, bob: missed, carol: missed");
  const Step some = must(a_call_of_three().connected(), RingDeadlinePassed{}, kStart + 30s);
  EXPECT_EQ(text_of(some.effects), "carol: missed");
  EXPECT_EQ(leg(some, kCarol), LegState::missed);
  EXPECT_TRUE(must(some.next, answers(kCarol), kStart + 60s).next != some.next) << "but she may come in later";
}

// T-17, T-16
TEST(GroupCall, GoesOnAfterALeaveAndEndsWhenOnlyOneUserIsLeft) {
  const State all = a_call_of_three().with(kCarol).connected();
  const Step one = must(all, HungUp{kBob, kPhone}, kStart + 20s);
  EXPECT_EQ(text_of(one.effects), "bob: ended, alice: left(bob), carol: left(bob)");
  EXPECT_EQ(status_of(one.next), Status::connected);
  const Step last = must(one.next, HungUp{kCarol, kPhone}, kStart + 30s);
  EXPECT_EQ(reason_of(last), EndReason::hangup);
  EXPECT_EQ(text_of(last.effects), "alice: ended, carol: ended") << "bob was notified when he left";
  EXPECT_EQ(reason_of(must(one.next, HungUp{kAlice}, kStart + 30s)), EndReason::hangup);
}

// T-22: the others go on.
TEST(GroupCall, RevokedLoginEndsOnlyTheLegOfItsUser) {
  const State all = a_call_of_three().with(kCarol).connected();
  const Step one = must(all, Left{kBob, Left::Cause::token_revoked}, kStart + 20s);
  EXPECT_EQ(status_of(one.next), Status::connected);
  EXPECT_EQ(reason_of(must(one.next, Left{kCarol, Left::Cause::token_revoked}, kStart + 30s)), EndReason::token_revoked);
}

TEST(GroupCall, WaitsForARingingUserAlthoughTheCallerIsAlone) {
  const Step alone = must(a_call_of_three().connected(), HungUp{kBob, kPhone}, kStart + 9s);
  EXPECT_EQ(status_of(alone.next), Status::connected);
  const Step late = must(alone.next, RingDeadlinePassed{}, kStart + 30s);
  EXPECT_EQ(text_of(late.effects), "alice: ended, carol: missed");
  EXPECT_EQ(status_of(late.next), Status::ended);
}

// T-16
TEST(GroupCall, EndsForAllWhenTheCallerHangsUp) {
  const Step step = must(a_call_of_three().connected(), HungUp{kAlice, kDesk}, kStart + 20s);
  EXPECT_EQ(text_of(step.effects), "alice: ended, bob: ended, carol: cancelled") << "who still rings has not been in it";
}

TEST(GroupCall, CanBeRejoinedByAUserWhoLeft) {
  const Step left = must(a_call_of_three().with(kCarol).connected(), HungUp{kBob, kPhone}, kStart + 20s);
  const Step again = must(left.next, answers(kBob, kTablet), kStart + 25s);
  EXPECT_EQ(text_of(again.effects), "alice: accepted(bob), bob: accepted(bob), carol: joined(bob)");
}

// T-18, T-20
TEST(GroupCall, GoesOnAfterTheLossOfItsCaller) {
  const State all = a_call_of_three().with(kCarol).connected();
  const Step lost = must(all, Lost{kAlice}, kStart + 20s);
  EXPECT_EQ(text_of(lost.effects), "bob: reconnecting(alice), carol: reconnecting(alice)");
  const Step gone = must(lost.next, next_alarm(lost.next)->event, kStart + 23s);
  EXPECT_EQ(text_of(gone.effects), "alice: ended, bob: left(alice), carol: left(alice)");
  EXPECT_EQ(leg(gone, kAlice), LegState::left);
  EXPECT_EQ(reason_of(must(gone.next, HungUp{kBob, kPhone}, kStart + 30s)), EndReason::hangup);
}

// T-07: found by reading. One notice named whoever comes first by user id.
TEST(GroupCall, CallerWhoReturnsIsNotifiedOfEachWhoHasJoinedMeanwhile) {
  const State away = a_call_of_three().without(kAlice, kStart + 3s, 5s).calling();
  const Step one = must(away, answers(kCarol), kStart + 4s);
  EXPECT_EQ(text_of(one.effects), "carol: accepted(carol)");
  const Step both = must(one.next, answers(kBob), kStart + 5s);
  const Step back = must(both.next, returns(kAlice, kDesk), kStart + 6s);
  EXPECT_EQ(text_of(back.effects),
            "alice: accepted_late(bob), alice: accepted_late(carol), bob: reconnected(alice), carol: reconnected(alice)");
  EXPECT_EQ(text_of(must(must(back.next, Lost{kAlice}, kStart + 7s).next, returns(kAlice, kDesk), kStart + 8s).effects),
            "bob: reconnected(alice), carol: reconnected(alice)");
}

// The caller was here when bob joined, and is not notified of him again.
TEST(GroupCall, CallerWhoWasLostLaterIsNotifiedOfThoseOnlyWhoHaveJoinedSince) {
  const State away = must(a_call_of_three().connected(), Lost{kAlice}, kStart + 8s).next;
  const State joined = must(away, answers(kCarol), kStart + 9s).next;
  EXPECT_EQ(text_of(must(joined, returns(kAlice, kDesk), kStart + 10s).effects),
            "alice: accepted_late(carol), bob: reconnected(alice), carol: reconnected(alice)");
  const State left = must(joined, HungUp{kCarol, kPhone}, kStart + 9s + 500ms).next;
  EXPECT_EQ(text_of(must(left, returns(kAlice, kDesk), kStart + 10s).effects), "bob: reconnected(alice)");
}

// Found by the random histories: the caller has left, and carol's phone still rings.
TEST(GroupCall, DoesNotNotifyACallerWhoHasLeft) {
  const Step gone = must(a_call_of_three().connected(), Left{kAlice}, kStart + 9s);
  EXPECT_EQ(text_of(gone.effects), "alice: ended, bob: left(alice)");
  EXPECT_THAT(must(gone.next, DeviceRang{kCarol}, kStart + 10s).effects, IsEmpty());
  EXPECT_EQ(text_of(must(gone.next, answers(kCarol), kStart + 11s).effects), "carol: accepted(carol), bob: joined(carol)");
}

//
TEST(GroupCall, LossOfAllEndsItAfterTheLatestGraceAsOfTheSecondLoss) {
  const State away = a_call_of_three()
                         .with(kCarol)
                         .without(kAlice, kStart + 20s, 3s)
                         .without(kBob, kStart + 22s, 3s)
                         .without(kCarol, kStart + 21s, 3s)
                         .connected();
  EXPECT_EQ(next_alarm(away)->at, kStart + 25s);
  EXPECT_EQ(must(away, GraceEnded{kAlice}, kStart + 23s).next, away);
  const Step over = must(away, next_alarm(away)->event, kStart + 25s);
  EXPECT_EQ(reason_of(over), EndReason::connection_lost);
  EXPECT_EQ(std::get<Ended>(over.next).ended, kStart + 21s) << "from then on bob had nobody to talk to";
}

//
TEST(GroupCall, GoesOnWithoutAKickedUserWhoMayNotRejoin) {
  const Step kicked = must(a_call_of_three().with(kCarol).connected(), Kicked{kBob}, kStart + 20s);
  EXPECT_EQ(text_of(kicked.effects), "bob: ended, alice: left(bob), carol: left(bob)");
  EXPECT_EQ(advance(kicked.next, answers(kBob), kStart + 21s).error(), Rejection::not_ringing);
  EXPECT_EQ(reason_of(must(kicked.next, Kicked{kAlice}, kStart + 22s)), EndReason::kicked) << "but not without its caller";
  const Step unanswered = must(a_call().calling(), Kicked{kBob, EndReason::user_deactivated}, kStart + 2s);
  EXPECT_EQ(text_of(unanswered.effects), "alice: missed, bob: cancelled");
  EXPECT_EQ(leg(unanswered, kBob), LegState::kicked);
  EXPECT_EQ(reason_of(must(a_call().calling(), Kicked{kBob}, kStart + 2s)), EndReason::admin) << "J-2.10";
}

// J-2.5, X-29
TEST(GroupCall, UserWhoIsRemovedAfterLeavingMayNotRejoin) {
  const State left = must(a_call_of_three().with(kCarol).connected(), HungUp{kBob, kPhone}, kStart + 9s).next;
  const State missed = must(a_call_of_three().connected(), RingDeadlinePassed{}, kStart + 30s).next;
  const State busy = begin(a_policy(), alice_dials(), std::vector<Invitation>{{kBob, Reach::busy}, {kCarol}}, kStart).next;
  for (const auto& [out, user] : {std::pair{left, kBob}, {missed, kCarol}, {busy, kBob}}) {
    const Step kicked = must(out, Kicked{user}, kStart + 31s);
    EXPECT_THAT(kicked.effects, IsEmpty()) << "they are out already";
    EXPECT_EQ(leg(kicked, user), LegState::kicked);
    EXPECT_EQ(status_of(kicked.next), status_of(out));
    EXPECT_EQ(advance(kicked.next, answers(user), kStart + 32s).error(), Rejection::not_ringing);
    EXPECT_EQ(must(kicked.next, Kicked{user}, kStart + 33s).next, kicked.next);
  }
  const State declined = a_call_of_three().declined_by(kBob).calling();
  EXPECT_EQ(must(declined, Kicked{kBob}, kStart + 9s).next, declined) << "this bars them as well";
}

// J-1.5, J-1.7
TEST(GroupCall, IsKeptFromAUserWhoIsNotRungUntilTheyJoin) {
  const std::vector<Invitation> callees{{kBob}, {kCarol, Reach::silent}};
  const Step begun = begin(a_policy(), alice_dials(), callees, kStart);
  EXPECT_EQ(text_of(begun.effects), "bob: incoming");
  EXPECT_FALSE(rings_for(begun.next, kCarol));
  EXPECT_THAT(must(begun.next, DeviceRang{kCarol}, kStart + 1s).effects, IsEmpty());
  EXPECT_EQ(text_of(must(begun.next, RingDeadlinePassed{}, kStart + 30s).effects), "alice: missed, bob: missed");
  EXPECT_EQ(reason_of(must(begun.next, Declined{kBob, kPhone}, kStart + 2s)), EndReason::declined) << "nobody rings any more";
  const Step joined = must(begun.next, answers(kCarol), kStart + 2s);
  EXPECT_EQ(text_of(joined.effects), "alice: accepted(carol), carol: accepted(carol)");
  const Step answered = must(begun.next, answers(kBob), kStart + 2s);
  const Step late = must(answered.next, RingDeadlinePassed{}, kStart + 30s);
  EXPECT_THAT(late.effects, IsEmpty());
  EXPECT_FALSE(next_alarm(late.next) && next_alarm(late.next)->at <= kStart + 30s) << "no alarm stays behind";
}

// J-2.11
TEST(GroupCall, IsFullWithAsManyAsMayBeInItAtOnce) {
  CallBuilder full = a_call_of_three();
  full.policy.most_joined = 2;
  EXPECT_EQ(advance(full.connected(), answers(kCarol), kStart + 9s).error(), Rejection::full);
  const Step left = must(full.connected(), HungUp{kBob, kPhone}, kStart + 9s);
  EXPECT_EQ(leg(must(left.next, answers(kCarol), kStart + 10s), kCarol), LegState::joined);
}

// S17
TEST(GroupCall, IsLeftByItsHostAndEndedByTheNextOne) {
  const State all = must(must(a_call_of_three().calling(), answers(kCarol), kStart + 4s).next, answers(kBob), kStart + 6s).next;
  const Step left = must(all, HungUp{kAlice, kDesk, HungUp::Verb::leave}, kStart + 9s);
  EXPECT_EQ(text_of(left.effects), "alice: ended, bob: left(alice), carol: left(alice)");
  EXPECT_EQ(text_of(must(left.next, HungUp{kCarol, kPhone}, kStart + 10s).effects), "bob: ended, carol: ended");
  const Step cancelled = must(a_call_of_three().calling(), HungUp{kAlice, kDesk, HungUp::Verb::leave}, kStart + 9s);
  EXPECT_EQ(reason_of(cancelled), EndReason::cancelled) << "while it rings, leaving gives it up";
}

// J-2.5, S17
TEST(GroupCall, CallerWhoLeftRejoinsAndIsHostNoMore) {
  const State all = must(must(a_call_of_three().calling(), answers(kCarol), kStart + 4s).next, answers(kBob), kStart + 6s).next;
  EXPECT_EQ(advance(all, answers(kAlice, kDesk), kStart + 8s).error(), Rejection::not_ringing) << "C-08";
  const Step left = must(all, HungUp{kAlice, kDesk, HungUp::Verb::leave}, kStart + 9s);
  const Step back = must(left.next, answers(kAlice, kTablet), kStart + 10s);
  EXPECT_EQ(text_of(back.effects), "alice: accepted(alice), bob: joined(alice), carol: joined(alice)");
  EXPECT_EQ(leg(back, kAlice), LegState::joined);
  EXPECT_THAT(must(back.next, answers(kAlice, kTablet), kStart + 11s).effects, IsEmpty()) << "X-01: a repeat";
  EXPECT_EQ(advance(back.next, answers(kAlice, kDesk), kStart + 11s).error(), Rejection::not_ringing);
  EXPECT_EQ(status_of(must(back.next, HungUp{kAlice, kTablet}, kStart + 12s).next), Status::connected);
  EXPECT_EQ(text_of(must(back.next, HungUp{kCarol, kPhone}, kStart + 12s).effects), "alice: ended, bob: ended, carol: ended");
  const Step barred = must(left.next, Kicked{kAlice}, kStart + 10s);
  EXPECT_EQ(advance(barred.next, answers(kAlice), kStart + 11s).error(), Rejection::not_ringing) << "X-29";
}

TEST(GroupCall, DoesNotRingAUserWhoIsInAnotherCall) {
  const std::vector<Invitation> callees{{kBob}, {kCarol, Reach::busy}};
  const Step begun = begin(a_policy(), alice_dials(), callees, kStart);
  EXPECT_EQ(text_of(begun.effects), "bob: incoming, alice: rejected(carol)");
  EXPECT_EQ(reason_of(must(begun.next, Declined{kBob, kPhone}, kStart + 1s)), EndReason::declined);
}

}  // namespace
}  // namespace belfry::call
