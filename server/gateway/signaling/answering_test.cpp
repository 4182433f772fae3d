// answer_call, decline_call and end_call of the signaling dialect, and a start behind them.
#include "gateway/signaling/signaling_stage_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

const std::string kNoCall = "There is no call between you two";

class SignalingAnswers : public RegisteredPage {};

// R-003-08
TEST_F(SignalingAnswers, AnAnswerAcceptsTheCallOfThatPeer) {
  ring();
  say("answer_call", to("ben", with_answer()), 1);
  EXPECT_THAT(core.asked, ElementsAre("accept 01/phone 07 " + kAnswer));
  EXPECT_THAT(take(), IsEmpty());
  done(call(kBen, kAnn, 7, call::Status::connected));
  EXPECT_THAT(take(), ElementsAre(good(1)));
}

TEST_F(SignalingAnswers, ARefusedAnswerIsReportedByEventAndAcknowledgement) {
  ring();
  for (const auto& [why, code, error] :
       {std::tuple<Refusal, std::string, std::string>{Refusal::call_not_found, "CALL_NOT_FOUND",
                                                      "Only the other side can do this"},
        {Refusal::not_ringing, "CALL_NOT_RINGING", "The call is not ringing"},
        {Refusal::store_unavailable, "STORE_UNAVAILABLE", "The call could not be stored; nothing has changed, try again"}}) {
    say("answer_call", to("ben", with_answer()), 1);
    refused(why);
    EXPECT_THAT(take(), ElementsAre(refusal(1, code, error), failed(error, "ben")));
  }
}

// R-003-09, R-003-10
TEST_F(SignalingAnswers, ADeclineRejectsAndAnEndCancelsOrHangsUp) {
  ring();
  say("decline_call", to("ben"), 1);
  done();
  EXPECT_THAT(take(), ElementsAre(good(1)));
  ring(8);
  say("end_call", to("ben"), 2);
  done();
  EXPECT_THAT(take(), ElementsAre(good(2)));
  EXPECT_THAT(core.asked, ElementsAre("reject 01/phone 07", "cancel 01/phone 08"));
}

TEST_F(SignalingAnswers, AnAnswerWithoutACallIsRefused) {
  ring();
  say("answer_call", to("cid", with_answer()), 1);
  EXPECT_THAT(take(), ElementsAre(failed(kNoCall, "cid"), invalid(1, kNoCall)));
  EXPECT_THAT(core.asked, IsEmpty());
}

// X-17: a page that was reloaded has not been sent anything about the call yet.
TEST_F(SignalingAnswers, ACallUnknownToThisPageIsFoundByItsPeer) {
  core.under_way = {{"ben", calls::CallId(uuid(7))}};
  say("answer_call", to("ben", with_answer()));
  core.under_way.clear();
  say("end_call", to("ben"));
  EXPECT_THAT(core.asked, ElementsAre(StartsWith("accept 01/phone 07 "), "cancel 01/phone 07")) << "and remembered";
}

TEST_F(SignalingAnswers, ARefusedDeclineOrEndIsReported) {
  dial();
  say("decline_call", to("ben"), 1);
  refused(Refusal::call_not_found);
  refused(Refusal::call_not_found);  // nor is there anything to hang up
  say("end_call", to("ben"), 2);
  refused(Refusal::store_unavailable);
  EXPECT_THAT(take(), ElementsAre(refusal(1, "CALL_NOT_FOUND", "Only the other side can do this"),
                                  failed("Only the other side can do this", "ben"),
                                  StartsWith(R"(ack 2 {"success":false,"error":{"code":"STORE_UNAVAILABLE")"),
                                  failed("The call could not be stored; nothing has changed, try again", "ben")));
}

// X-18, W-003-07
TEST_F(SignalingAnswers, EndingOrDecliningACallThatIsOverIsAnsweredOnlyByTheAcknowledgement) {
  ring();
  const auto ended = over(kBen, kAnn, 7, call::EndReason::hangup, kBen);
  say("end_call", to("ben"), 1);
  refused(Refusal::not_active, ended);
  say("decline_call", to("ben"), 2);
  refused(Refusal::not_ringing, ended);
  EXPECT_THAT(take(), ElementsAre(no_call(1), no_call(2)));
}

// Seed 003 ends a call by decline_call in any state.
TEST_F(SignalingAnswers, ADeclineOfAConnectedCallHangsUp) {
  ring();
  say("decline_call", to("ben"), 1);
  say("make_call", to("cid", with_offer()));
  refused(Refusal::not_ringing, call(kBen, kAnn, 7, call::Status::connected));
  EXPECT_THAT(take_asked(), ElementsAre("reject 01/phone 07", "cancel 01/phone 07")) << "the start waits for both";
  done(over(kBen, kAnn, 7, call::EndReason::hangup, kAnn));
  EXPECT_THAT(take(), ElementsAre(good(1)));
  EXPECT_THAT(core.asked, ElementsAre(StartsWith("start 01/phone 03 ")));
}

TEST_F(SignalingAnswers, ADeclineByTheCallerCancels) {
  dial();
  say("decline_call", to("ben"), 1);
  refused(Refusal::call_not_found);
  done(over(kAnn, kBen, 0x71, call::EndReason::cancelled, kAnn));
  EXPECT_THAT(core.asked, ElementsAre("reject 01/phone 71", "cancel 01/phone 71"));
  EXPECT_THAT(take(), ElementsAre(good(1)));
}

// X-04
TEST_F(SignalingAnswers, ADeclineThatCrossesTheAnswerOfAnotherDeviceHangsNothingUp) {
  ring();
  say("decline_call", to("ben"), 1);
  const auto connected = call(kBen, kAnn, 7, call::Status::connected);
  notify_answered_elsewhere(connected);
  refused(Refusal::not_ringing, connected);
  EXPECT_THAT(core.asked, ElementsAre("reject 01/phone 07"));
  EXPECT_THAT(take(),
              ElementsAre(R"(call_ended {"from":"ben","reason":"answered_elsewhere"})",
                          refusal(1, "CALL_NOT_RINGING", "The call is not ringing"), failed("The call is not ringing", "ben")));
}

// --- a start behind a hang-up ---------------------------------------------------------------------------------------

// R-003-34: the caller's place is taken until the hang-up is committed.
TEST_F(SignalingAnswers, AStartWaitsForTheHangUpBeforeIt) {
  dial();
  say("end_call", to("ben"));
  say("make_call", to("cid", with_offer()), 1);
  EXPECT_THAT(take_asked(), ElementsAre("cancel 01/phone 71"));
  done({}, 1);
  EXPECT_THAT(take_asked(), ElementsAre(StartsWith("start 01/phone 03 ")));
  done(call(kAnn, kCid, 0x72));
  EXPECT_THAT(take(), ElementsAre(good(1)));
}

TEST_F(SignalingAnswers, AStartWaitsForEveryHangUpAndForOneThatIsRefusedToo) {
  dial();
  say("end_call", to("ben"));
  say("end_call", to("ben"));
  say("make_call", to("ben", with_offer()));
  take_asked();
  done({}, 1);
  EXPECT_THAT(take_asked(), IsEmpty());
  refused(Refusal::store_unavailable);
  EXPECT_THAT(take_asked(), ElementsAre(StartsWith("start 01/phone 02 ")));
}

// R-003-31
TEST_F(SignalingAnswers, EventsAfterAWaitingStartAreHandledBehindIt) {
  dial();
  say("end_call", to("ben"));
  say("ice_candidate", to("ben", with_candidate()));
  EXPECT_EQ(take_asked().size(), 2U) << "of the call that is being left: nothing waits for that";
  say("make_call", to("cid", with_offer()));
  say("ice_candidate", to("cid", with_candidate()));
  EXPECT_THAT(take_asked(), IsEmpty());
  done({}, 1);
  EXPECT_THAT(core.asked, ElementsAre(StartsWith("start 01/phone 03 "), StartsWith("signal 01/phone 72 ")));
}

TEST_F(SignalingAnswers, NoMoreThan64EventsWaitForAHangUp) {
  dial();
  say("end_call", to("ben"));
  for (int n = 0; n < 64; ++n) say("make_call", to("cid", with_offer()));
  EXPECT_THAT(take(), IsEmpty());
  say("make_call", to("cid", with_offer()), 1);
  const std::string error = "Too many events before your call is over";
  EXPECT_THAT(take(), ElementsAre(invalid(1, error), failed(error, "")));
}

TEST_F(SignalingAnswers, AStartThatWaitsForAHangUpIsDroppedWhenThePageCloses) {
  dial();
  say("end_call", to("ben"));
  say("make_call", to("cid", with_offer()));
  router.on_disconnected(at, protocol::DisconnectReason::client_left);
  take_asked();
  done({}, 1);
  EXPECT_THAT(core.asked, IsEmpty());
}

}  // namespace
}  // namespace belfry::gateway::testing
