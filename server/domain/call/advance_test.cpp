#include "domain/call/advance.hpp"

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
Ended end_of(const Step& step) {
  EXPECT_TRUE(std::holds_alternative<Ended>(step.next));
  return std::get<Ended>(step.next);
}

// T-01
TEST(Call, BeginsByRingingTheCallee) {
  const Step step = begin(a_policy(), alice_dials(), a_call().callees, kStart);
  EXPECT_EQ(step.next, State(a_call().calling()));
  EXPECT_EQ(text_of(step.effects), "bob: incoming");
}

// T-06, C-05
TEST(Call, RingsOnlyWhenTheCallerIsReadyIfTheDialectAsksForIt) {
  Policy policy = a_policy();
  policy.ring = RingPolicy::on_caller_ready;
  const Step begun = begin(policy, alice_dials(), a_call().callees, kStart);
  EXPECT_THAT(begun.effects, IsEmpty());
  const Step ready = must(begun.next, CallerReady{}, kStart + 7s);
  EXPECT_EQ(text_of(ready.effects), "bob: incoming");
  EXPECT_EQ(next_alarm(ready.next)->at, kStart + 37s) << "the ring timer starts now";
  EXPECT_EQ(leg_of(legs_of(ready.next), kBob).state, LegState::invited) << "app/ knows whether bob has a session";
  EXPECT_THAT(must(ready.next, CallerReady{}, kStart + 8s).effects, IsEmpty());
}

// T-06
TEST(Call, ThatNeverRangEndsWithoutNotifyingTheCallee) {
  EXPECT_EQ(text_of(must(a_call().quiet(), HungUp{kAlice}, kStart + 2s).effects), "alice: cancelled");
  EXPECT_EQ(text_of(must(a_call().quiet(), RingDeadlinePassed{}, kStart + 30s).effects), "alice: missed");
  EXPECT_EQ(advance(a_call().quiet(), answers(kBob), kStart + 2s).error(), Rejection::not_ringing);
}

// T-08: found by review. Nothing rang, so there is nothing to decline, and no other device to notify.
TEST(Call, ThatWasNeverRungCannotBeDeclined) {
  EXPECT_EQ(advance(a_call().quiet(), Declined{kBob}, kStart + 2s).error(), Rejection::not_ringing);
}

// T-05
TEST(Ring, CallerIsNotifiedOnceOfTheFirstDeviceThatRings) {
  const Step rang = must(a_call().calling(), DeviceRang{kBob}, kStart + 1s);
  EXPECT_EQ(text_of(rang.effects), "alice: ringing(bob)");
  EXPECT_EQ(next_alarm(rang.next)->at, kStart + 30s) << "within three seconds the deadline stays";
  EXPECT_THAT(must(rang.next, DeviceRang{kBob}, kStart + 2s).effects, IsEmpty());
}

// T-05
TEST(Ring, LateDeviceMovesTheDeadlineOnceByItsDelayAndNoMoreThanFifteenSeconds) {
  EXPECT_EQ(next_alarm(must(a_call().calling(), DeviceRang{kBob}, kStart + 5s).next)->at, kStart + 35s);
  EXPECT_EQ(next_alarm(must(a_call().calling(), DeviceRang{kBob}, kStart + 25s).next)->at, kStart + 45s);
  CallBuilder exact = a_call();
  exact.policy.stretch = RingStretch::fixed;
  EXPECT_EQ(next_alarm(must(exact.calling(), DeviceRang{kBob}, kStart + 25s).next)->at, kStart + 30s);
}

// T-07, R-003-30
TEST(Ring, AnswerConnectsAndStopsTheRingTimer) {
  const Step step = must(a_call().calling(), answers(kBob), kStart + 4s);
  EXPECT_EQ(step.next, State(a_call().connected()));
  EXPECT_EQ(text_of(step.effects), "alice: accepted(bob), bob: accepted(bob)");
  EXPECT_TRUE(std::holds_alternative<MediaTimedOut>(next_alarm(step.next)->event));
}

// T-08, R-001-56
TEST(Ring, DeclineEndsIt) {
  const Step step = must(a_call().calling(), Declined{kBob, kPhone}, kStart + 2s);
  EXPECT_EQ(end_of(step).reason, EndReason::declined);
  EXPECT_EQ(status_of(step.next), Status::rejected);
  EXPECT_EQ(text_of(step.effects), "alice: rejected(bob), bob: declined_elsewhere");
}

// T-10
TEST(Ring, CallerWhoGivesUpCancelsForBoth) {
  const Step step = must(a_call().calling(), HungUp{kAlice}, kStart + 2s);
  EXPECT_EQ(end_of(step).reason, EndReason::cancelled);
  EXPECT_EQ(status_of(step.next), Status::missed);
  EXPECT_EQ(text_of(step.effects), "alice: cancelled, bob: cancelled");
}

// T-11, 2.8.2
TEST(Ring, CalleeWhoEndsItLeavesTheCallerAMissedCall) {
  const Step step = must(a_call().calling(), HungUp{kBob}, kStart + 2s);
  EXPECT_EQ(end_of(step).reason, EndReason::cancelled);
  EXPECT_EQ(end_of(step).by, kBob);
  EXPECT_EQ(text_of(step.effects), "alice: missed, bob: cancelled");
}

// C-06, R-001-55
TEST(Ring, EndIsRefusedInStrictModeButCancelIsNot) {
  CallBuilder strict = a_call();
  strict.policy.end_while_ringing = EndWhileRinging::refused;
  EXPECT_EQ(advance(strict.calling(), HungUp{kAlice}, kStart + 1s).error(), Rejection::not_started);
  const HungUp cancel{kAlice, kPhone, HungUp::Verb::cancel};
  EXPECT_EQ(end_of(must(strict.calling(), cancel, kStart + 1s)).reason, EndReason::cancelled);
}

// T-12, X-33, R-003-19
TEST(Ring, EndsAtItsDeadlineHoweverLateTheTimerFires) {
  const auto alarm = next_alarm(a_call().calling());
  ASSERT_TRUE(alarm.has_value());
  EXPECT_EQ(alarm->at, kStart + 30s);
  EXPECT_EQ(must(a_call().calling(), alarm->event, kStart + 29s).next, State(a_call().calling())) << "nor does it fire early";
  const Step step = must(a_call().calling(), alarm->event, kStart + 37s);
  EXPECT_EQ(end_of(step).ended, kStart + 30s);
  EXPECT_EQ(text_of(step.effects), "alice: missed, bob: missed");
}

//
TEST(Ring, AnswerReceivedAtTheDeadlineWinsAndOneReceivedLaterIsRejected) {
  EXPECT_TRUE(std::holds_alternative<Connected>(must(a_call().calling(), answers(kBob), kStart + 30s).next));
  EXPECT_EQ(advance(a_call().calling(), answers(kBob), kStart + 30s + 1ns).error(), Rejection::not_ringing);
}

// T-13, X-11
TEST(Ring, OutlivesALostCallerForItsGraceAndAReturnNotifiesNobody) {
  const Step lost = must(a_call().calling(), Lost{kAlice}, kStart + 1s);
  EXPECT_THAT(lost.effects, IsEmpty());
  EXPECT_EQ(next_alarm(lost.next)->at, kStart + 6s);
  const Step back = must(lost.next, returns(kAlice, kDesk), kStart + 5s);
  EXPECT_EQ(back.next, State(a_call().calling()));
  EXPECT_THAT(back.effects, IsEmpty());
  const Step over = must(lost.next, GraceEnded{kAlice}, kStart + 6s);
  EXPECT_EQ(end_of(over).reason, EndReason::caller_disconnected);
  EXPECT_EQ(text_of(over.effects), "alice: cancelled, bob: cancelled");
}

// T-14, X-12
TEST(Ring, OutlivesALostCalleeForItsGrace) {
  const Step lost = must(a_call().calling(), Lost{kBob}, kStart + 1s);
  const Step back = must(lost.next, returns(kBob, kPhone), kStart + 5s);
  EXPECT_EQ(next_alarm(back.next)->at, kStart + 30s) << "the remaining time is the remaining time";
  const Step over = must(lost.next, GraceEnded{kBob}, kStart + 6s);
  EXPECT_EQ(end_of(over).reason, EndReason::unreachable);
  EXPECT_EQ(text_of(over.effects), "alice: missed, bob: cancelled");
}

// C-21, 2.8.11
TEST(Ring, EndsAtOnceWhenAPartyLeavesOnPurpose) {
  EXPECT_EQ(end_of(must(a_call().calling(), Left{kAlice}, kStart)).reason, EndReason::caller_disconnected);
  EXPECT_EQ(end_of(must(a_call().calling(), Left{kBob}, kStart)).reason, EndReason::unreachable);
}

// T-15, X-28
TEST(Ring, IsMissedWhenTheServerEndsIt) {
  const Step step = must(a_call().calling(), Forced{EndReason::user_deactivated}, kStart + 3s);
  EXPECT_EQ(status_of(step.next), Status::missed);
  EXPECT_FALSE(end_of(step).by);
  EXPECT_EQ(text_of(step.effects), "alice: missed, bob: cancelled");
}

TEST(Ring, AnswerReachesACallerWhoWasAwayWhenItReturns) {
  const State away = a_call().without(kAlice, kStart + 3s, 5s).calling();
  const Step answered = must(away, answers(kBob), kStart + 4s);
  const Step back = must(answered.next, returns(kAlice, kDesk), kStart + 5s);
  EXPECT_EQ(text_of(back.effects), "alice: accepted_late(bob), bob: reconnected(alice)");
  EXPECT_EQ(back.next, State(a_call().connected()));
}

// X-01, 2.8.1
TEST(Conversation, OnlyTheDeviceThatAnsweredMayRepeatItsAnswer) {
  EXPECT_EQ(must(a_call().connected(), answers(kBob), kStart + 5s).next, State(a_call().connected()));
  EXPECT_EQ(advance(a_call().connected(), answers(kBob, kTablet), kStart + 5s).error(), Rejection::not_ringing);
}

//
TEST(Conversation, CannotBeDeclined) {
  EXPECT_EQ(advance(a_call().connected(), Declined{kBob, kTablet}, kStart + 5s).error(), Rejection::not_ringing);
}

//
TEST(Conversation, CancelAfterTheAnswerIsAHangUpWithoutANegativeDuration) {
  const HungUp cancel{kAlice, kPhone, HungUp::Verb::cancel};
  const Step step = must(a_call().connected(), cancel, kStart + 4s - 1ms);
  EXPECT_EQ(end_of(step).reason, EndReason::hangup);
  EXPECT_EQ(end_of(step).ended, end_of(step).answered);
}

// T-16, 2.8.11
TEST(Conversation, HangUpAndLeaveEndItAtOnceForBoth) {
  for (const Event& event : {Event{HungUp{kBob}}, Event{Left{kBob}}}) {
    const Step step = must(a_call().connected(), event, kStart + 60s);
    EXPECT_EQ(end_of(step).reason, EndReason::hangup);
    EXPECT_EQ(end_of(step).by, kBob);
    EXPECT_EQ(text_of(step.effects), "alice: ended, bob: ended");
  }
}

// T-22
TEST(Conversation, RevokedLoginEndsItByTheServer) {
  const Left revoked{kBob, Left::Cause::token_revoked};
  const Step step = must(a_call().connected(), revoked, kStart + 60s);
  EXPECT_EQ(end_of(step).reason, EndReason::token_revoked);
  EXPECT_EQ(end_of(step).by, std::nullopt);
  EXPECT_EQ(text_of(step.effects), "alice: ended, bob: ended");
  EXPECT_EQ(end_of(must(a_call().calling(), revoked, kStart)).reason, EndReason::unreachable) << "T-14: it still rings";
}

// T-18, T-19, X-13
TEST(Conversation, PeerIsNotifiedOfALossAndOfTheReturn) {
  const Step lost = must(a_call().connected(), Lost{kAlice}, kStart + 20s);
  EXPECT_EQ(text_of(lost.effects), "bob: reconnecting(alice)");
  const Step back = must(lost.next, returns(kAlice, kDesk), kStart + 22s);
  EXPECT_EQ(text_of(back.effects), "bob: reconnected(alice)");
  EXPECT_EQ(back.next, State(a_call().connected()));
}

// T-20
TEST(Conversation, EndsAtTheMomentOfLossOnceTheGraceIsOver) {
  const Step lost = must(a_call().connected(), Lost{kAlice}, kStart + 20s);
  const auto alarm = next_alarm(lost.next);
  EXPECT_EQ(alarm->at, kStart + 23s);
  const Step over = must(lost.next, alarm->event, alarm->at);
  EXPECT_EQ(end_of(over).reason, EndReason::connection_lost);
  EXPECT_EQ(end_of(over).ended, kStart + 20s);
}

//
TEST(Conversation, LossOfBothEndsItAfterTheLaterGraceAsOfTheEarlierLoss) {
  const State both = a_call().without(kAlice, kStart + 20s, 3s).without(kBob, kStart + 21s, 3s).connected();
  EXPECT_EQ(next_alarm(both)->at, kStart + 24s);
  EXPECT_EQ(must(both, GraceEnded{kAlice}, kStart + 23s).next, both);
  const Step over = must(both, next_alarm(both)->event, kStart + 24s);
  EXPECT_EQ(end_of(over).ended, kStart + 20s);
}

//
TEST(Conversation, GraceOfTheOtherRunsOnWhenOneReturns) {
  const State both = a_call().without(kAlice, kStart + 20s, 3s).without(kBob, kStart + 21s, 3s).connected();
  const Step back = must(both, returns(kBob, kPhone), kStart + 23s + 500ms);
  const auto alarm = next_alarm(back.next);
  ASSERT_EQ(alarm->at, kStart + 23s);
  EXPECT_EQ(end_of(must(back.next, alarm->event, alarm->at)).reason, EndReason::connection_lost);
}

// S9
TEST(Conversation, PageThatSaidItClosesIsWaitedForLessAndNeverLonger) {
  const auto until = [](const State& state) { return next_alarm(state)->at; };
  const State closing = must(a_call().connected(), Lost{kAlice, 2s}, kStart + 20s).next;
  EXPECT_EQ(until(closing), kStart + 22s);
  EXPECT_EQ(until(must(a_call().connected(), Lost{kAlice, 8s}, kStart + 20s).next), kStart + 23s) << "only shorter";
  const State lost = must(a_call().connected(), Lost{kAlice}, kStart + 20s).next;
  const Step said = must(lost, Lost{kAlice, 1s}, kStart + 21s);
  EXPECT_EQ(until(said.next), kStart + 22s) << "also behind the loss";
  EXPECT_TRUE(said.effects.empty()) << "the peer knows";
  EXPECT_EQ(must(lost, Lost{kAlice, 8s}, kStart + 21s).next, lost);
  EXPECT_EQ(must(closing, Lost{kAlice}, kStart + 21s).next, closing);
}

// S9
TEST(Ring, PageThatSaidItClosesIsWaitedForLess) {
  const State closing = must(a_call().calling(), Lost{kAlice, 1s}, kStart + 2s).next;
  EXPECT_EQ(next_alarm(closing)->at, kStart + 3s);
  EXPECT_EQ(next_alarm(must(a_call().calling(), Lost{kAlice, 60s}, kStart + 2s).next)->at,
            next_alarm(must(a_call().calling(), Lost{kAlice}, kStart + 2s).next)->at);
}

//
TEST(Conversation, FlowingMediaProlongsTheGraceToTwoMinutes) {
  const Step lost = must(a_call().connected(), Lost{kAlice}, kStart + 20s);
  const Step alive = must(lost.next, MediaReported{kBob, true}, kStart + 21s);
  EXPECT_EQ(next_alarm(alive.next)->at, kStart + 140s);
}

// T-21
TEST(Conversation, FailsWhenNeitherSideReportsMedia) {
  const auto alarm = next_alarm(a_call().connected());
  ASSERT_TRUE(alarm);
  EXPECT_EQ(alarm->at, kStart + 34s);
  EXPECT_EQ(end_of(must(a_call().connected(), alarm->event, alarm->at)).reason, EndReason::media_failed);
  const Step seen = must(a_call().connected(), MediaReported{kBob, true}, kStart + 5s);
  EXPECT_TRUE(std::holds_alternative<MaxDurationReached>(next_alarm(seen.next)->event));
}

// T-22
TEST(Conversation, EndsAtItsMaximumDurationAndByForce) {
  const Step seen = must(a_call().connected(), MediaReported{kAlice, true}, kStart + 5s);
  const auto alarm = next_alarm(seen.next);
  const Step over = must(seen.next, alarm->event, alarm->at + 2s);
  EXPECT_EQ(end_of(over).reason, EndReason::max_duration);
  EXPECT_EQ(end_of(over).ended, kStart + 4s + 1h);
  EXPECT_EQ(end_of(must(a_call().connected(), Forced{EndReason::admin}, kStart + 9s)).reason, EndReason::admin);
}

//
TEST(Conversation, SurvivesARestartForItsGraceOrEndsAsOfTheTimeOfTheCrash) {
  Connected talking = a_call().connected();
  leg_of(talking.legs, kAlice).media_alive = true;
  const Step restarted = must(talking, ServerRestarted{kStart + 50s, 30s}, kStart + 60s);
  EXPECT_EQ(next_alarm(restarted.next)->at, kStart + 90s);
  const Step back = must(restarted.next, returns(kAlice, kDesk), kStart + 70s);
  EXPECT_EQ(text_of(back.effects), "bob: reconnected(alice)");
  const Step over = must(restarted.next, next_alarm(restarted.next)->event, kStart + 90s);
  EXPECT_EQ(end_of(over).reason, EndReason::server_restart);
  EXPECT_EQ(end_of(over).ended, kStart + 50s);
}

//
TEST(Ring, KeepsItsDeadlineOverARestart) {
  const State by_rest = must(a_call().calling(), ServerRestarted{kStart + 5s, 30s, Via::request}, kStart + 10s).next;
  EXPECT_EQ(by_rest, State(a_call().calling()));
  const auto away = std::get<Calling>(must(a_call().calling(), ServerRestarted{kStart + 5s, 30s}, kStart + 10s).next);
  EXPECT_EQ(away.deadline, a_call().calling().deadline);
  EXPECT_EQ(leg_of(away.legs, kAlice).away->until, kStart + 40s);
}

// the drain closes the callee's sockets too; that is no reason to stop ringing after the restart.
TEST(Ring, GoesOnAfterARestartForACalleeWhoWasLost) {
  const State lost = a_call().without(kBob, kStart + 4s, 5s).calling();
  const Step restarted = must(lost, ServerRestarted{kStart + 5s, 30s}, kStart + 7s);
  EXPECT_FALSE(leg_of(legs_of(restarted.next), kBob).away);
}

// T-26, 2.8.1, X-18
TEST(EndedCall, AcceptsARepeatOfItsEndFromTheSameSessionAndRejectsAllElse) {
  const State cancelled = a_call().ended(EndReason::cancelled, kAlice);
  EXPECT_EQ(must(cancelled, HungUp{kAlice, kDesk}, kStart + 10s).next, cancelled);
  EXPECT_EQ(advance(cancelled, HungUp{kAlice, kTablet}, kStart + 10s).error(), Rejection::not_active);
  EXPECT_EQ(advance(cancelled, HungUp{kBob, kPhone}, kStart + 10s).error(), Rejection::not_active);
  EXPECT_EQ(advance(cancelled, answers(kBob), kStart + 10s).error(), Rejection::not_ringing);
  const State declined = a_call().ended(EndReason::declined, kBob);
  EXPECT_EQ(must(declined, Declined{kBob, kPhone}, kStart + 10s).next, declined);
  EXPECT_EQ(advance(declined, Declined{kBob, kTablet}, kStart + 10s).error(), Rejection::not_ringing);
}

//
TEST(EndedCall, AcceptsAHangUpThatCrossedItsEndOnASocketButRejectsOneByRequest) {
  Ended over = a_call().ended(EndReason::cancelled, kAlice);
  over.announced_at = kStart + 10s;
  HungUp crossing{kBob, kPhone};
  EXPECT_EQ(must(over, crossing, kStart + 10s - 1ns).next, State(over));
  EXPECT_EQ(advance(over, crossing, kStart + 10s).error(), Rejection::not_active) << "by then they have been notified";
  crossing.via = Via::request;
  EXPECT_EQ(advance(over, crossing, kStart + 9s).error(), Rejection::not_active);
}

// T-26: found by review.
TEST(EndedCall, RefusesEventsThatOnlyAnOngoingCallAccepts) {
  const State over = a_call().ended(EndReason::hangup, kAlice);
  EXPECT_EQ(advance(over, DeviceRang{kBob}, kStart + 10s).error(), Rejection::not_ringing);
  EXPECT_EQ(advance(over, CallerReady{}, kStart + 10s).error(), Rejection::not_ringing);
  EXPECT_EQ(advance(over, MediaReported{kBob, true}, kStart + 10s).error(), Rejection::not_active);
}

// T-25
TEST(Call, IsSupersededWhenAPartyDialsAgainFromANewSession) {
  EXPECT_EQ(end_of(must(a_call().connected(), StartedAnew{kAlice}, kStart + 9s)).reason, EndReason::superseded);
}

}  // namespace
}  // namespace belfry::call
