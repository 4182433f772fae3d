#include "domain/call/advance.hpp"

#include <gmock/gmock.h>

#include "domain/call/a_call.hpp"

namespace belfry::call {
namespace {

using namespace testing;
using ::testing::ElementsAre;
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
  const Step step = begin(a_policy(), kStart);
  EXPECT_EQ(step.next, State(a_call().ringing()));
  EXPECT_THAT(step.effects, ElementsAre(RingCallee{}));
}

// T-06, C-05
TEST(Call, StaysQuietUntilTheCallerIsReadyWhereTheDialectWantsIt) {
  Policy policy = a_policy();
  policy.ring = Ring::on_caller_ready;
  const Step begun = begin(policy, kStart);
  EXPECT_THAT(begun.effects, IsEmpty());
  const Step ready = must(begun.next, CallerReady{}, kStart + 7s);
  EXPECT_THAT(ready.effects, ElementsAre(RingCallee{}));
  EXPECT_EQ(next_alarm(ready.next)->at, kStart + 37s) << "the ring timer starts now";
  EXPECT_THAT(must(ready.next, CallerReady{}, kStart + 8s).effects, IsEmpty());
}

// T-06
TEST(Call, ThatWasNeverRungEndsWithoutAWordToTheCallee) {
  EXPECT_THAT(must(a_call().quiet(), HangUp{Party::caller}, kStart + 2s).effects, ElementsAre(TellCancelled{Party::caller}));
  EXPECT_THAT(must(a_call().quiet(), RingDeadlinePassed{}, kStart + 30s).effects, ElementsAre(TellMissed{Party::caller}));
  EXPECT_EQ(advance(a_call().quiet(), CalleeAnswered{}, kStart + 2s).error(), Rejection::not_ringing);
}

// T-08: found by review. Nothing rang, so there is nothing to decline, and no other device to tell of it.
TEST(Call, ThatWasNeverRungCannotBeDeclined) {
  EXPECT_EQ(advance(a_call().quiet(), CalleeDeclined{}, kStart + 2s).error(), Rejection::not_ringing);
}

// T-05
TEST(Ring, FirstDeviceThatRingsIsToldToTheCallerOnce) {
  const Step rang = must(a_call().ringing(), DeviceRang{}, kStart + 1s);
  EXPECT_THAT(rang.effects, ElementsAre(TellRinging{}));
  EXPECT_EQ(next_alarm(rang.next)->at, kStart + 30s) << "within three seconds the deadline stays";
  EXPECT_THAT(must(rang.next, DeviceRang{}, kStart + 2s).effects, IsEmpty());
}

// T-05
TEST(Ring, LateDeviceMovesTheDeadlineOnceByItsDelayAndNoMoreThanFifteenSeconds) {
  EXPECT_EQ(next_alarm(must(a_call().ringing(), DeviceRang{}, kStart + 5s).next)->at, kStart + 35s);
  EXPECT_EQ(next_alarm(must(a_call().ringing(), DeviceRang{}, kStart + 25s).next)->at, kStart + 45s);
  CallBuilder exact = a_call();
  exact.policy.stretch = RingStretch::fixed;
  EXPECT_EQ(next_alarm(must(exact.ringing(), DeviceRang{}, kStart + 25s).next)->at, kStart + 30s);
}

// T-07, R-003-30
TEST(Ring, AnswerConnectsAndStopsTheRingTimer) {
  const Step step = must(a_call().ringing(), CalleeAnswered{kPhone}, kStart + 4s);
  EXPECT_EQ(step.next, State(a_call().active()));
  EXPECT_THAT(step.effects, ElementsAre(TellAccepted{}));
  EXPECT_TRUE(std::holds_alternative<MediaTimedOut>(next_alarm(step.next)->event));
}

// T-08, R-001-56
TEST(Ring, DeclineEndsIt) {
  const Step step = must(a_call().ringing(), CalleeDeclined{kPhone}, kStart + 2s);
  EXPECT_EQ(end_of(step).reason, EndReason::declined);
  EXPECT_EQ(status_of(step.next), Status::rejected);
  EXPECT_THAT(step.effects, ElementsAre(TellRejected{}));
}

// T-10
TEST(Ring, CallerWhoGivesUpCancelsForEverybody) {
  const Step step = must(a_call().ringing(), HangUp{Party::caller}, kStart + 2s);
  EXPECT_EQ(end_of(step).reason, EndReason::cancelled);
  EXPECT_EQ(status_of(step.next), Status::missed);
  EXPECT_THAT(step.effects, ElementsAre(TellCancelled{Party::caller}, TellCancelled{Party::callee}));
}

// T-11, 2.8.2
TEST(Ring, CalleeWhoEndsItLeavesTheCallerAMissedCall) {
  const Step step = must(a_call().ringing(), HangUp{Party::callee}, kStart + 2s);
  EXPECT_EQ(end_of(step).reason, EndReason::cancelled);
  EXPECT_EQ(end_of(step).by, Party::callee);
  EXPECT_THAT(step.effects, ElementsAre(TellMissed{Party::caller}, TellCancelled{Party::callee}));
}

// C-06, R-001-55
TEST(Ring, EndIsRefusedInStrictModeButCancelIsNot) {
  CallBuilder strict = a_call();
  strict.policy.end_while_ringing = EndWhileRinging::refused;
  EXPECT_EQ(advance(strict.ringing(), HangUp{Party::caller}, kStart + 1s).error(), Rejection::not_started);
  const HangUp cancel{Party::caller, kPhone, HangUp::Verb::cancel};
  EXPECT_EQ(end_of(must(strict.ringing(), cancel, kStart + 1s)).reason, EndReason::cancelled);
}

// T-12, X-33, R-003-19
TEST(Ring, EndsAtItsDeadlineHoweverLateTheTimerFires) {
  const auto alarm = next_alarm(a_call().ringing());
  ASSERT_TRUE(alarm.has_value());
  EXPECT_EQ(alarm->at, kStart + 30s);
  EXPECT_EQ(must(a_call().ringing(), alarm->event, kStart + 29s).next, State(a_call().ringing())) << "nor does it fire early";
  const Step step = must(a_call().ringing(), alarm->event, kStart + 37s);
  EXPECT_EQ(end_of(step).ended, kStart + 30s);
  EXPECT_THAT(step.effects, ElementsAre(TellMissed{Party::caller}, TellMissed{Party::callee}));
}

//
TEST(Ring, AnswerReceivedAtTheDeadlineWinsAndOneReceivedLaterIsRejected) {
  EXPECT_TRUE(std::holds_alternative<Active>(must(a_call().ringing(), CalleeAnswered{}, kStart + 30s).next));
  EXPECT_EQ(advance(a_call().ringing(), CalleeAnswered{}, kStart + 30s + 1ns).error(), Rejection::not_ringing);
}

// T-13, X-11
TEST(Ring, OutlivesALostCallerForItsGraceAndNobodyHearsOfAReturn) {
  const Step lost = must(a_call().ringing(), PartyLost{Party::caller}, kStart + 1s);
  EXPECT_THAT(lost.effects, IsEmpty());
  EXPECT_EQ(next_alarm(lost.next)->at, kStart + 6s);
  const Step back = must(lost.next, PartyReturned{Party::caller}, kStart + 5s);
  EXPECT_EQ(back.next, State(a_call().ringing()));
  EXPECT_THAT(back.effects, IsEmpty());
  const Step over = must(lost.next, GraceEnded{Party::caller}, kStart + 6s);
  EXPECT_EQ(end_of(over).reason, EndReason::caller_disconnected);
  EXPECT_THAT(over.effects, ElementsAre(TellCancelled{Party::caller}, TellCancelled{Party::callee}));
}

// T-14, X-12
TEST(Ring, OutlivesALostCalleeForItsGrace) {
  const Step lost = must(a_call().ringing(), PartyLost{Party::callee}, kStart + 1s);
  const Step back = must(lost.next, PartyReturned{Party::callee}, kStart + 5s);
  EXPECT_EQ(next_alarm(back.next)->at, kStart + 30s) << "the remaining time is the remaining time";
  const Step over = must(lost.next, GraceEnded{Party::callee}, kStart + 6s);
  EXPECT_EQ(end_of(over).reason, EndReason::unreachable);
  EXPECT_THAT(over.effects, ElementsAre(TellMissed{Party::caller}, TellCancelled{Party::callee}));
}

// C-21, 2.8.11
TEST(Ring, EndsAtOnceWhenAPartyLeavesOnPurpose) {
  EXPECT_EQ(end_of(must(a_call().ringing(), PartyLeft{Party::caller}, kStart)).reason, EndReason::caller_disconnected);
  EXPECT_EQ(end_of(must(a_call().ringing(), PartyLeft{Party::callee}, kStart)).reason, EndReason::unreachable);
}

// T-15, X-28
TEST(Ring, IsMissedWhenTheServerEndsIt) {
  const Step step = must(a_call().ringing(), Forced{EndReason::user_deactivated}, kStart + 3s);
  EXPECT_EQ(status_of(step.next), Status::missed);
  EXPECT_FALSE(end_of(step).by);
  EXPECT_THAT(step.effects, ElementsAre(TellMissed{Party::caller}, TellCancelled{Party::callee}));
}

TEST(Ring, AnswerReachesACallerWhoWasAwayWhenItReturns) {
  const State away = a_call().without(Party::caller, kStart + 3s, 5s).ringing();
  const Step answered = must(away, CalleeAnswered{kPhone}, kStart + 4s);
  const Step back = must(answered.next, PartyReturned{Party::caller}, kStart + 5s);
  EXPECT_THAT(back.effects, ElementsAre(TellAnswerLate{}, TellReconnected{Party::caller}));
  EXPECT_EQ(back.next, State(a_call().active()));
}

// X-01, 2.8.1
TEST(Conversation, OnlyTheDeviceThatAnsweredMayRepeatItsAnswer) {
  EXPECT_EQ(must(a_call().active(), CalleeAnswered{kPhone}, kStart + 5s).next, State(a_call().active()));
  EXPECT_EQ(advance(a_call().active(), CalleeAnswered{kTablet}, kStart + 5s).error(), Rejection::not_ringing);
}

//
TEST(Conversation, IsNotDeclined) {
  EXPECT_EQ(advance(a_call().active(), CalleeDeclined{kTablet}, kStart + 5s).error(), Rejection::not_ringing);
}

//
TEST(Conversation, CancelThatArrivesAfterTheAnswerIsAHangUpOfNoNegativeDuration) {
  const HangUp cancel{Party::caller, kPhone, HangUp::Verb::cancel};
  const Step step = must(a_call().active(), cancel, kStart + 4s - 1ms);
  EXPECT_EQ(end_of(step).reason, EndReason::hangup);
  EXPECT_EQ(end_of(step).ended, end_of(step).answered);
}

// T-16, 2.8.11
TEST(Conversation, HangUpAndLeaveEndItAtOnceForBoth) {
  for (const Event event : {Event{HangUp{Party::callee}}, Event{PartyLeft{Party::callee}}}) {
    const Step step = must(a_call().active(), event, kStart + 60s);
    EXPECT_EQ(end_of(step).reason, EndReason::hangup);
    EXPECT_EQ(end_of(step).by, Party::callee);
    EXPECT_THAT(step.effects, ElementsAre(TellEnded{Party::caller}, TellEnded{Party::callee}));
  }
}

// T-18, T-19, X-13
TEST(Conversation, PeerHearsOfALossAndOfTheReturn) {
  const Step lost = must(a_call().active(), PartyLost{Party::caller}, kStart + 20s);
  EXPECT_THAT(lost.effects, ElementsAre(TellReconnecting{Party::caller}));
  const Step back = must(lost.next, PartyReturned{Party::caller}, kStart + 22s);
  EXPECT_THAT(back.effects, ElementsAre(TellReconnected{Party::caller}));
  EXPECT_EQ(back.next, State(a_call().active()));
}

// T-20
TEST(Conversation, EndsAtTheMomentOfLossOnceTheGraceIsOver) {
  const Step lost = must(a_call().active(), PartyLost{Party::caller}, kStart + 20s);
  const auto alarm = next_alarm(lost.next);
  EXPECT_EQ(alarm->at, kStart + 23s);
  const Step over = must(lost.next, alarm->event, alarm->at);
  EXPECT_EQ(end_of(over).reason, EndReason::connection_lost);
  EXPECT_EQ(end_of(over).ended, kStart + 20s);
}

//
TEST(Conversation, BothLostEndsOnceAfterTheLaterGraceAtTheEarlierLoss) {
  const State both = a_call().without(Party::caller, kStart + 20s, 3s).without(Party::callee, kStart + 21s, 3s).active();
  EXPECT_EQ(next_alarm(both)->at, kStart + 24s);
  EXPECT_EQ(must(both, GraceEnded{Party::caller}, kStart + 23s).next, both);
  const Step over = must(both, next_alarm(both)->event, kStart + 24s);
  EXPECT_EQ(end_of(over).ended, kStart + 20s);
}

//
TEST(Conversation, FirstToReturnFindsTheOthersGraceOver) {
  const State both = a_call().without(Party::caller, kStart + 20s, 3s).without(Party::callee, kStart + 21s, 3s).active();
  const Step back = must(both, PartyReturned{Party::callee}, kStart + 23s + 500ms);
  const auto alarm = next_alarm(back.next);
  ASSERT_EQ(alarm->at, kStart + 23s);
  EXPECT_EQ(end_of(must(back.next, alarm->event, alarm->at)).reason, EndReason::connection_lost);
}

//
TEST(Conversation, MediaThatFlowsWithoutSignalingGivesTheAbsentTwoMinutes) {
  const Step lost = must(a_call().active(), PartyLost{Party::caller}, kStart + 20s);
  const Step alive = must(lost.next, MediaReported{Party::callee, true}, kStart + 21s);
  EXPECT_EQ(next_alarm(alive.next)->at, kStart + 140s);
}

// T-21
TEST(Conversation, FailsWhenMediaComesUpOnNeitherSide) {
  const auto alarm = next_alarm(a_call().active());
  ASSERT_TRUE(alarm);
  EXPECT_EQ(alarm->at, kStart + 34s);
  EXPECT_EQ(end_of(must(a_call().active(), alarm->event, alarm->at)).reason, EndReason::media_failed);
  const Step seen = must(a_call().active(), MediaReported{Party::callee, true}, kStart + 5s);
  EXPECT_TRUE(std::holds_alternative<MaxDurationReached>(next_alarm(seen.next)->event));
}

// T-22
TEST(Conversation, EndsAtItsMaximumDurationAndByForce) {
  const Step seen = must(a_call().active(), MediaReported{Party::caller, true}, kStart + 5s);
  const auto alarm = next_alarm(seen.next);
  const Step over = must(seen.next, alarm->event, alarm->at + 2s);
  EXPECT_EQ(end_of(over).reason, EndReason::max_duration);
  EXPECT_EQ(end_of(over).ended, kStart + 4s + 1h);
  EXPECT_EQ(end_of(must(a_call().active(), Forced{EndReason::admin}, kStart + 9s)).reason, EndReason::admin);
}

//
TEST(Conversation, SurvivesARestartForItsGraceAndElseEndedWhenTheServerWent) {
  Active talking = a_call().active();
  talking.media_alive.caller = true;
  const Step restarted = must(talking, ServerRestarted{kStart + 50s, 30s}, kStart + 60s);
  EXPECT_EQ(next_alarm(restarted.next)->at, kStart + 90s);
  const Step back = must(restarted.next, PartyReturned{Party::caller}, kStart + 70s);
  EXPECT_THAT(back.effects, ElementsAre(TellReconnected{Party::caller}));
  const Step over = must(restarted.next, next_alarm(restarted.next)->event, kStart + 90s);
  EXPECT_EQ(end_of(over).reason, EndReason::server_restart);
  EXPECT_EQ(end_of(over).ended, kStart + 50s);
}

//
TEST(Ring, KeepsItsDeadlineOverARestart) {
  const State by_rest = must(a_call().ringing(), ServerRestarted{kStart + 5s, 30s, false}, kStart + 10s).next;
  EXPECT_EQ(by_rest, State(a_call().ringing()));
  const auto away = std::get<Ringing>(must(a_call().ringing(), ServerRestarted{kStart + 5s, 30s}, kStart + 10s).next);
  EXPECT_EQ(away.deadline, a_call().ringing().deadline);
  EXPECT_EQ(away.absences.caller->until, kStart + 40s);
}

// A7, X-23: found by an audit. The drain closed the callee's sockets too; that is no reason to stop ringing after the start.
TEST(Ring, GoesOnAfterARestartForACalleeWhoWasLost) {
  const State lost = a_call().without(Party::callee, kStart + 4s, 5s).ringing();
  const Step restarted = must(lost, ServerRestarted{kStart + 5s, 30s}, kStart + 7s);
  EXPECT_FALSE(std::get<Ringing>(restarted.next).absences.callee);
}

// T-26, 2.8.1, X-18
TEST(EndedCall, TakesARepeatOfItsOwnEndFromTheSameSessionAndRejectsAllElse) {
  const State cancelled = a_call().ended(EndReason::cancelled, Party::caller);
  EXPECT_EQ(must(cancelled, HangUp{Party::caller, kPhone}, kStart + 10s).next, cancelled);
  EXPECT_EQ(advance(cancelled, HangUp{Party::caller, kTablet}, kStart + 10s).error(), Rejection::not_active);
  EXPECT_EQ(advance(cancelled, HangUp{Party::callee, kPhone}, kStart + 10s).error(), Rejection::not_active);
  EXPECT_EQ(advance(cancelled, CalleeAnswered{kPhone}, kStart + 10s).error(), Rejection::not_ringing);
  const State declined = a_call().ended(EndReason::declined, Party::callee);
  EXPECT_EQ(must(declined, CalleeDeclined{kPhone}, kStart + 10s).next, declined);
  EXPECT_EQ(advance(declined, CalleeDeclined{kTablet}, kStart + 10s).error(), Rejection::not_ringing);
}

// T-26: found by review.
TEST(EndedCall, RefusesWhatAPersonMaySayInACallThatIsNotOver) {
  const State over = a_call().ended(EndReason::hangup, Party::caller);
  EXPECT_EQ(advance(over, DeviceRang{}, kStart + 10s).error(), Rejection::not_ringing);
  EXPECT_EQ(advance(over, CallerReady{}, kStart + 10s).error(), Rejection::not_ringing);
  EXPECT_EQ(advance(over, MediaReported{Party::callee, true}, kStart + 10s).error(), Rejection::not_active);
}

// T-25
TEST(Call, IsSupersededWhenAPartyDialsAnewFromANewSession) {
  EXPECT_EQ(end_of(must(a_call().active(), StartedAnew{Party::caller}, kStart + 9s)).reason, EndReason::superseded);
}

}  // namespace
}  // namespace belfry::call
