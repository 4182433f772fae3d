#include "domain/call/advance.hpp"

#include <gmock/gmock.h>

#include "domain/call/a_call.hpp"

namespace belfry::call {
namespace {

using namespace testing;
using ::testing::ElementsAre;

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
TEST(Call, BeginsByTakingBothSlotsAndRingingTheCallee) {
  const Step step = begin(Policy{}, kStart);
  EXPECT_EQ(step.next, a_call().ringing());
  EXPECT_THAT(step.effects, ElementsAre(TakeSlots{}, RingCallee{}));
}

// T-07, R-003-30
TEST(Ring, AnswerConnectsTellsTheCallerAndStopsTheRingTimer) {
  const Step step = must(a_call().ringing(), CalleeAnswered{}, kStart + 4s);
  EXPECT_EQ(step.next, a_call().active());
  EXPECT_THAT(step.effects, ElementsAre(TellAnswered{}));
  EXPECT_FALSE(next_alarm(step.next).has_value());
}

// T-08
TEST(Ring, DeclineEndsAndTellsTheCallerOnly) {
  const Step step = must(a_call().ringing(), CalleeDeclined{}, kStart + 2s);
  EXPECT_EQ(end_of(step).reason, EndReason::declined);
  EXPECT_THAT(step.effects, ElementsAre(FreeSlots{}, TellDeclined{}, LetGo{Party::callee}));
}

// T-10, T-11
TEST(Ring, HangUpByEitherSideIsACancelAndTheOtherIsTold) {
  for (const Party by : {Party::caller, Party::callee}) {
    const Step step = must(a_call().ringing(), HangUp{by}, kStart + 2s);
    EXPECT_EQ(end_of(step).reason, EndReason::cancelled);
    EXPECT_EQ(end_of(step).by, by);
    EXPECT_THAT(step.effects, ElementsAre(FreeSlots{}, TellEnded{other(by), EndReason::cancelled}, LetGo{by}));
  }
}

// T-12, X-33, R-003-19
TEST(Ring, EndsAtItsDeadlineHoweverLateTheTimerFires) {
  const auto alarm = next_alarm(a_call().ringing());
  ASSERT_TRUE(alarm.has_value());
  EXPECT_EQ(alarm->at, kStart + 30s);
  const Step step = must(a_call().ringing(), alarm->event, kStart + 37s);
  EXPECT_EQ(end_of(step).ended, kStart + 30s);
  EXPECT_THAT(step.effects, ElementsAre(FreeSlots{}, TellRingTimedOut{}, TellEnded{Party::callee, EndReason::timeout}));
}

//
TEST(Ring, AnswerReceivedAtTheDeadlineWinsAndOneReceivedLaterIsRejected) {
  EXPECT_TRUE(std::holds_alternative<Active>(must(a_call().ringing(), CalleeAnswered{}, kStart + 30s).next));
  const auto late = advance(a_call().ringing(), CalleeAnswered{}, kStart + 30s + 1ns);
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error(), Rejection::not_ringing);
}

// T-13, X-11
TEST(Ring, OutlivesALostCallerForItsGraceAndNobodyHearsOfAReturn) {
  const Step lost = must(a_call().ringing(), PartyLost{Party::caller}, kStart + 1s);
  EXPECT_TRUE(lost.effects.empty());
  EXPECT_EQ(next_alarm(lost.next)->at, kStart + 6s);
  const Step back = must(lost.next, PartyReturned{Party::caller}, kStart + 5s);
  EXPECT_EQ(back.next, a_call().ringing());
  EXPECT_TRUE(back.effects.empty());
  const Step over = must(lost.next, GraceEnded{Party::caller}, kStart + 6s);
  EXPECT_EQ(end_of(over).reason, EndReason::caller_disconnected);
  EXPECT_THAT(over.effects,
              ElementsAre(FreeSlots{}, TellEnded{Party::callee, EndReason::caller_disconnected}, LetGo{Party::caller}));
}

// T-14, X-12
TEST(Ring, RingsAgainAtACalleeWhoReturnsWithTheRemainingTime) {
  const Step lost = must(a_call().ringing(), PartyLost{Party::callee}, kStart + 1s);
  const Step back = must(lost.next, PartyReturned{Party::callee}, kStart + 5s);
  EXPECT_THAT(back.effects, ElementsAre(RingCallee{}));
  EXPECT_EQ(next_alarm(back.next)->at, kStart + 30s);
  EXPECT_EQ(end_of(must(lost.next, GraceEnded{Party::callee}, kStart + 6s)).reason, EndReason::unreachable);
}

// C-21
TEST(Ring, EndsAtOnceWhenAPartyLeavesOnPurpose) {
  EXPECT_EQ(end_of(must(a_call().ringing(), PartyLeft{Party::caller}, kStart)).reason, EndReason::caller_disconnected);
  EXPECT_EQ(end_of(must(a_call().ringing(), PartyLeft{Party::callee}, kStart)).reason, EndReason::unreachable);
}

TEST(Ring, AnswerReachesACallerWhoWasAwayWhenItReturns) {
  const State away = a_call().without(Party::caller, kStart + 3s, 5s).ringing();
  const Step answered = must(away, CalleeAnswered{}, kStart + 4s);
  EXPECT_TRUE(answered.effects.empty());
  const Step back = must(answered.next, PartyReturned{Party::caller}, kStart + 5s);
  EXPECT_THAT(back.effects, ElementsAre(TellAnswered{}));
  EXPECT_EQ(back.next, a_call().active());
}

//
TEST(Conversation, CancelThatArrivesAfterTheAnswerIsAHangUpOfNoNegativeDuration) {
  const Step step = must(a_call().active(), HangUp{Party::caller}, kStart + 4s - 1ms);
  EXPECT_EQ(end_of(step).reason, EndReason::hangup);
  EXPECT_EQ(end_of(step).ended, end_of(step).answered);
}

// T-16, 2.8.11
TEST(Conversation, HangUpAndLeaveEndItAtOnce) {
  for (const Event event : {Event{HangUp{Party::callee}}, Event{PartyLeft{Party::callee}}}) {
    const Step step = must(a_call().active(), event, kStart + 60s);
    EXPECT_EQ(end_of(step).reason, EndReason::hangup);
    EXPECT_EQ(end_of(step).by, Party::callee);
    EXPECT_THAT(step.effects, ElementsAre(FreeSlots{}, TellEnded{Party::caller, EndReason::hangup}, LetGo{Party::callee}));
  }
}

// T-18, T-19, T-20, X-13
TEST(Conversation, EndsAtTheMomentOfLossOnceTheGraceIsOver) {
  const Step lost = must(a_call().active(), PartyLost{Party::caller}, kStart + 20s);
  EXPECT_TRUE(lost.effects.empty());
  EXPECT_EQ(must(lost.next, PartyReturned{Party::caller}, kStart + 22s).next, a_call().active());
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
TEST(Conversation, FirstToReturnFindsTheOthersGraceOverAndIsTold) {
  const State both = a_call().without(Party::caller, kStart + 20s, 3s).without(Party::callee, kStart + 21s, 3s).active();
  const Step back = must(both, PartyReturned{Party::callee}, kStart + 23s + 500ms);
  const auto alarm = next_alarm(back.next);
  ASSERT_EQ(alarm->at, kStart + 23s);
  EXPECT_THAT(must(back.next, alarm->event, alarm->at).effects,
              ElementsAre(FreeSlots{}, TellEnded{Party::callee, EndReason::connection_lost}, LetGo{Party::caller}));
}

// T-26, 2.8.1
TEST(EndedCall, TakesARepeatOfItsOwnEndAndRejectsTheOthers) {
  const State cancelled = a_call().ended(EndReason::cancelled, Party::caller);
  EXPECT_EQ(must(cancelled, HangUp{Party::caller}, kStart + 10s).next, cancelled);
  EXPECT_EQ(advance(cancelled, HangUp{Party::callee}, kStart + 10s).error(), Rejection::over);
  EXPECT_EQ(advance(cancelled, CalleeAnswered{}, kStart + 10s).error(), Rejection::over);
}

// T-25
TEST(Call, IsSupersededWhenAPartyDialsAnewFromANewSession) {
  EXPECT_EQ(end_of(must(a_call().active(), StartedAnew{Party::caller}, kStart + 9s)).reason, EndReason::superseded);
}

}  // namespace
}  // namespace belfry::call
