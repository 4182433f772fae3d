// Signals of and to web sessions (SPEC W-001-03).
#include "gateway/native/web_stage_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

using call::Status;
using calls::By;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

class WebSignals : public WebStage {};

// W-001-03
TEST_F(WebSignals, SignalToAUserBelongsToTheCallWithThatUser) {
  enter();
  in_call_with_ben();
  say("webrtc_offer", R"({"targetUserId":")" + kBenId + R"(","signal":{"type":"offer","sdp":"v=0"}})", 4);
  say("webrtc_ice_candidate", R"({"targetUserId":")" + kBenId + R"(","signal":{"candidate":"c1"}})");
  say("webrtc_answer", R"({"targetUserId":")" + kBenId + R"(","signal":{"type":"answer","sdp":"v=1"}})");
  ASSERT_THAT(core.asked, ElementsAre(R"(signal 01/phone 07 offer {"type":"offer","sdp":"v=0"} 0)",
                                      R"(signal 01/phone 07 candidate {"candidate":"c1"} 0)",
                                      R"(signal 01/phone 07 answer {"type":"answer","sdp":"v=1"} 0)"));
  core.replies[0](calls::Result(calls::CallResult{.call = call(Status::connected)}));
  EXPECT_THAT(take(), ElementsAre(R"(ack 4 {"success":true})"));
}

// W-001-03: its mobile client
TEST_F(WebSignals, DescriptionAsAStringBecomesAnObject) {
  enter();
  in_call_with_ben();
  say("webrtc_offer", R"({"callId":")" + id_text(7) + R"(","sdp":"v=0\r\n","recipientId":")" + kBenId + R"("})");
  say("webrtc_answer", R"({"callId":")" + id_text(7) + R"(","sdp":"v=1","callerId":")" + kBenId + R"("})");
  say("webrtc_ice_candidate", R"({"callId":")" + id_text(7) + R"(","candidate":{"candidate":"c1"}})");
  EXPECT_THAT(core.asked, ElementsAre(R"(signal 01/phone 07 offer {"type":"offer","sdp":"v=0\r\n"} 0)",
                                      R"(signal 01/phone 07 answer {"type":"answer","sdp":"v=1"} 0)",
                                      R"(signal 01/phone 07 candidate {"candidate":"c1"} 0)"));
}

// W-001-03
TEST_F(WebSignals, SignalToAStrangerIsAnsweredByTargetOffline) {
  enter();
  say("webrtc_offer", R"({"targetUserId":")" + kBenId + R"(","signal":{"type":"offer"}})", {});
  EXPECT_THAT(take(), ElementsAre(kOffline)) << "Ben is here, but in no call with Ann";
  say("webrtc_offer", R"({"targetUserId":")" + id_text(9) + R"(","signal":{"type":"offer"}})", 3);
  EXPECT_THAT(take(), ElementsAre(HasSubstr(R"(ack 3 {"success":false,"error":{"code":"PEER_OFFLINE")"), kOffline));
  EXPECT_THAT(core.asked, IsEmpty());
}

// W-001-03
TEST_F(WebSignals, SignalThatTheCallRefusesIsAnsweredByAnError) {
  enter();
  for (const auto why : {calls::Refusal::peer_offline, calls::Refusal::wrong_addressee, calls::Refusal::not_participant,
                         calls::Refusal::call_not_found, calls::Refusal::not_active}) {
    say("webrtc_offer", R"({"callId":")" + id_text(7) + R"(","targetUserId":")" + kBenId + R"(","signal":{"type":"offer"}})", {});
    ASSERT_FALSE(core.replies.empty());
    core.replies.back()(calls::Result(unexpected(calls::Refused{.why = why})));
    EXPECT_THAT(take(), ElementsAre(kOffline));
  }
  say("webrtc_offer", R"({"callId":")" + id_text(7) + R"(","signal":{"type":"offer"}})", {});
  core.replies.back()(calls::Result(unexpected(calls::Refused{.why = calls::Refusal::too_many_signals})));
  EXPECT_THAT(take(), ElementsAre(StartsWith(R"(unkept error {"type":"RATE_LIMITED")")));
}

// W-001-03
TEST_F(WebSignals, MalformedSignalIsRefused) {
  enter();
  in_call_with_ben();
  const std::string to_ben = R"({"targetUserId":")" + kBenId + R"(")";
  const std::string too_long(256 * 1024, 'x');
  for (const std::string& payload :
       {std::string("[]"), std::string("{}"), std::string(R"({"signal":{"type":"offer"}})"),
        std::string(R"({"targetUserId":"ben","signal":{}})"), to_ben + "}", to_ben + R"(,"signal":null})",
        to_ben + R"(,"sdp":""})", to_ben + R"(,"signal":")" + too_long + R"("})"}) {
    say("webrtc_offer", payload, {});
    EXPECT_THAT(take(), ElementsAre(StartsWith(R"(unkept error {"type":"VALIDATION_FAILED")"))) << payload.substr(0, 80);
  }
  EXPECT_THAT(core.asked, IsEmpty());
}

// W-003-01, W-003-09: other dialects would get it as it is
TEST_F(WebSignals, SignalOfAWrongTypeIsRefused) {
  enter();
  in_call_with_ben();
  const std::string to_ben = R"({"targetUserId":")" + kBenId + R"(")";
  const auto refused = [&](std::string_view event, const std::string& member) {
    say(event, to_ben + member + "}", {});
    EXPECT_THAT(take(), ElementsAre(StartsWith(R"(unkept error {"type":"VALIDATION_FAILED")"))) << event << member;
  };
  for (const char* value : {"5", "true", "[]", "{}", R"("")", R"({"type":"answer","sdp":5})", R"({"type":1,"sdp":"v=0"})"})
    for (const char* key : {"signal", "sdp"}) refused("webrtc_answer", R"(,")" + std::string(key) + R"(":)" + value);
  for (const char* value : {"5", "true", "[]"})
    for (const char* key : {"signal", "candidate"}) refused("webrtc_ice_candidate", R"(,")" + std::string(key) + R"(":)" + value);
  refused("webrtc_ice_candidate", "");
  EXPECT_THAT(core.asked, IsEmpty());
  for (const char* value : {"null", R"("candidate:1")", R"({"candidate":""})"})
    say("webrtc_ice_candidate", to_ben + R"(,"candidate":)" + value + "}", {});
  EXPECT_THAT(core.asked, SizeIs(3));
}

TEST_F(WebSignals, SignalInACallThatIsOverIsRefusedWithTheCallsStatus) {
  enter();
  for (const char* event : {"webrtc_offer", "call.signal"}) {
    say(event, R"({"callId":")" + id_text(7) + R"(","signal":{"type":"offer"},"kind":"offer","payload":{}})", 3);
    core.replies.back()(
        calls::Result(unexpected(calls::Refused{.why = calls::Refusal::not_active, .call = call(Status::ended, 3)})));
    EXPECT_THAT(take().front(), HasSubstr(R"("message":"The call is not active: its status is ended")"));
  }
}

TEST_F(WebSignals, EventThatCannotBeReadIsAnsweredByAnError) {
  enter_as_native();
  native.on_unreadable_event(context, {.name = "webrtc_offer"});
  EXPECT_THAT(take(), IsEmpty());
  enter();
  native.on_unreadable_event(context, {.name = "webrtc_offer"});
  EXPECT_THAT(take(),
              ElementsAre(StartsWith(R"(unkept error {"type":"VALIDATION_FAILED","message":"The payload cannot be read)")));
}

// W-001-03, SPEC C-02
TEST_F(WebSignals, SignalsHaveTheLimitOfNativeSignals) {
  settings.signals = {.max = 2, .window = std::chrono::seconds{10}};
  enter();
  in_call_with_ben();
  for (int i = 0; i < 3; ++i) say("call_mute", R"({"targetUserId":")" + kBenId + R"("})");
  EXPECT_THAT(core.asked, SizeIs(2));
  EXPECT_THAT(take(), ElementsAre(HasSubstr("RATE_LIMITED"), StartsWith("rate.warning ")));
}

// W-001-03: from whatever dialect it comes
TEST_F(WebSignals, SignalsArriveUnderTheNamesOfSeed001Too) {
  enter();
  const std::string head = R"(,"from":")" + kBenId + R"(","timestamp":)" + kNow + R"(,"callId":")" + id_text(7) + R"(")";
  EXPECT_THAT(passed(calls::SignalKind::offer, R"({"type":"offer","sdp":"v=0"})"),
              ElementsAre("webrtc_offer " + common(3) + head + R"(,"signal":{"type":"offer","sdp":"v=0"},"callerId":")" +
                              id_text(1) + R"(","sdp":"v=0"})",
                          StartsWith("call.signal ")));
  EXPECT_THAT(passed(calls::SignalKind::answer, R"("v=1")"),
              ElementsAre(AllOf(StartsWith("webrtc_answer "), HasSubstr(R"("signal":"v=1")")), StartsWith("call.signal ")));
  EXPECT_THAT(passed(calls::SignalKind::candidate, R"({"candidate":"c1"})"),
              ElementsAre(AllOf(StartsWith("webrtc_ice_candidate "),
                                HasSubstr(R"("signal":{"candidate":"c1"},"candidate":{"candidate":"c1"}})")),
                          StartsWith("call.signal ")));
}

// W-001-03, SPEC 2.12 reading 5: a native caller sends its offer with the start
TEST_F(WebSignals, OfferOfTheStartArrivesAsASignalBehindTheRing) {
  enter_as_callee();
  EXPECT_THAT(
      sent_for(calls::IncomingCall{offered(call::Description(R"({"type":"offer","sdp":"v=0"})"))}),
      ElementsAre(StartsWith("call.incoming "),
                  AllOf(StartsWith("webrtc_offer " + common(4)), HasSubstr(R"("from":")" + id_text(1)),
                        HasSubstr(R"("signal":{"type":"offer","sdp":"v=0"},"callerId":")" + id_text(1) + R"(","sdp":"v=0")"))));
  EXPECT_THAT(sent_for(calls::IncomingCall{offered({})}), ElementsAre(StartsWith("call.incoming ")));
}

// W-001-03, W-003-02: a phone of seed 003 answers with text and candidates
TEST_F(WebSignals, AnswerArrivesAsASignalWithItsCandidatesBehindIt) {
  enter();
  const auto answer = call::Description::with_candidates(R"("v=1")", R"([{"candidate":"a"}])");
  const auto accepted = offered(call::Description(R"({"type":"offer","sdp":"v=0"})"));
  EXPECT_THAT(sent_for(calls::CallAccepted{accepted, By{kBen, ""}, answer}),
              ElementsAre(StartsWith("call.response "), StartsWith("call.accepted "), StartsWith("call.signal "),
                          AllOf(StartsWith("webrtc_answer "), HasSubstr(R"("from":")" + kBenId),
                                HasSubstr(R"("signal":{"type":"answer","sdp":"v=1"})")),
                          AllOf(StartsWith("webrtc_ice_candidate "), HasSubstr(R"("signal":{"candidate":"a"})"))));
}

// W-001-03, W-003-03: a phone of seed 003 must send an answer to accept, even if there is no offer yet
TEST_F(WebSignals, AnswerToNoOfferIsNotPassedOnButThatToALaterOfferIs) {
  enter();
  in_call_with_ben();
  const calls::CallAccepted accepted{call(Status::connected, 2), By{kBen, ""},
                                     call::Description(R"({"type":"answer","sdp":"v=1"})")};
  EXPECT_THAT(sent_for(accepted), ElementsAre(StartsWith("call.response "), StartsWith("call.accepted ")));
  EXPECT_THAT(passed(calls::SignalKind::answer, R"({"type":"answer","sdp":"v=2"})"),
              ElementsAre(StartsWith("webrtc_answer "), StartsWith("call.signal ")));
  say("webrtc_offer", R"({"targetUserId":")" + kBenId + R"(","signal":{"type":"offer","sdp":"v=0"}})", {});
  EXPECT_THAT(sent_for(accepted), ElementsAre(StartsWith("call.accepted "), StartsWith("webrtc_answer ")))
      << "it offered while it rang";
}

// W-001-03
TEST_F(WebSignals, DeviceThatAnsweredIsNotSentItsOwnAnswer) {
  enter_as_callee();
  EXPECT_THAT(sent_for(calls::CallAccepted{call(Status::connected, 2), By{kBen, ""}, call::Description(R"({"sdp":"v=1"})")}),
              ElementsAre(StartsWith("call.accepted ")));
}

// W-001-03: the published clients make an RTCIceCandidate of each `signal`
TEST_F(WebSignals, EndOfCandidatesHasNoAlias) {
  enter();
  EXPECT_THAT(passed(calls::SignalKind::candidate, "null"), ElementsAre(StartsWith("call.signal ")));
  EXPECT_THAT(passed(calls::SignalKind::candidates_end, "null"), ElementsAre(StartsWith("call.signal ")));
}

}  // namespace
}  // namespace belfry::gateway::testing
