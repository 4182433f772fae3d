// The further events of web sessions (SPEC W-001-01, W-001-02, W-001-05): how a ring ends, mute and video, the greeting.
#include "gateway/json/messages.hpp"
#include "gateway/native/web_stage_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

using call::EndReason;
using call::Status;
using calls::By;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

class WebSession : public WebStage {};

// W-001-01
TEST_F(WebSession, CallerGetsTheAnswerAsACallResponse) {
  enter();
  const auto connected = call(Status::connected, 2);
  const auto sent = sent_for(calls::CallAccepted{connected, By{kBen, "tablet"}, {}});
  ASSERT_THAT(sent, SizeIs(2));
  EXPECT_EQ(sent[0], "call.response " + common(3) + "," + response(connected, "accept"));
  EXPECT_THAT(sent[1], StartsWith("call.accepted "));
  const auto rejected = call(Status::rejected, 2);
  EXPECT_THAT(sent_for(calls::CallRejected{rejected, By{kBen, ""}}),
              ElementsAre("call.response " + common(5) + "," + response(rejected, "reject"), StartsWith("call.rejected ")));
  EXPECT_THAT(sent_for(calls::CallRejected{rejected, By{kBen, ""}}), IsEmpty()) << "each once";
}

// W-001-01
TEST_F(WebSession, DeviceThatAnsweredGetsNoCallResponse) {
  enter_as_callee();
  EXPECT_THAT(sent_for(calls::CallAccepted{call(Status::connected, 2), By{kBen, "phone"}, {}}),
              ElementsAre(StartsWith("call.accepted ")));
}

// W-001-01, W-001-02
TEST_F(WebSession, SessionThatNamedNativeGetsNoAliasAndMaySendNone) {
  context.identity->user = kBen;
  enter_as_native();
  EXPECT_THAT(sent_for(calls::CallMissed{over(EndReason::timeout, {})}), ElementsAre(StartsWith("call.missed ")));
  EXPECT_THAT(passed(calls::SignalKind::offer, R"({"type":"offer","sdp":"v=0"})"), ElementsAre(StartsWith("call.signal ")));
  EXPECT_THAT(passed(calls::SignalKind::mute, "null"), IsEmpty());
  say("webrtc_offer", R"({"targetUserId":")" + id_text(1) + R"(","signal":{}})");
  EXPECT_THAT(take(), ElementsAre(HasSubstr("Unknown event")));
}

// W-001-02
TEST_F(WebSession, CalleeGetsCallEndedWhenTheRingIsCancelled) {
  enter_as_callee();
  const auto cancelled = over(EndReason::cancelled, kAnn);
  const auto sent = sent_for(calls::CallCancelled{cancelled, By{kAnn, ""}});
  ASSERT_THAT(sent, SizeIs(2));
  EXPECT_EQ(sent[0], "call.ended " + common(3) + R"(,"callId":")" + id_text(7) + R"(","endedBy":")" + id_text(1) +
                         R"(","call":)" + json_of(cancelled) + R"(,"timestamp":)" + kNow + "}");
  EXPECT_THAT(sent[1], StartsWith("call.cancelled "));
}

TEST_F(WebSession, OtherDevicesOfTheCalleeGetTheNativeEventOnly) {
  enter_as_callee();
  EXPECT_THAT(sent_for(calls::AnsweredElsewhere{call(Status::connected, 2), By{kBen, "tablet"}}),
              ElementsAre(StartsWith("call.answered_elsewhere ")));
}

// W-001-02
TEST_F(WebSession, CalleeGetsCallEndedWithoutAnEnderWhenTheRingTimesOut) {
  enter_as_callee();
  const auto missed = over(EndReason::timeout, {});
  EXPECT_THAT(sent_for(calls::CallMissed{missed}), ElementsAre(HasSubstr(R"("endedBy":null)"), StartsWith("call.missed ")));
  EXPECT_THAT(sent_for(calls::CallMissed{missed}), IsEmpty()) << "each once";
}

// W-001-02
TEST_F(WebSession, CallerGetsCallEndedOnlyWhenTheOtherSideEndedTheRing) {
  enter();
  EXPECT_THAT(sent_for(calls::CallMissed{over(EndReason::timeout, {})}), ElementsAre(StartsWith("call.missed ")));
  auto another = std::make_shared<store::StoredCall>(*over(EndReason::cancelled, kBen));
  another->row.id = calls::CallId(uuid(8));
  EXPECT_THAT(sent_for(calls::CallMissed{another}), ElementsAre(StartsWith("call.ended "), StartsWith("call.missed ")));
}

// W-001-01: the page does not know call.snapshot
TEST_F(WebSession, PageThatWasAwayGetsTheAliasesOfWhatItsSnapshotShows) {
  const auto also = [&](std::uint8_t id, const calls::CallView& call) {
    kept.calls.push_back(*call);
    kept.calls.back().row.id = calls::CallId(uuid(id));
  };
  also(7, call(Status::connected, 2));
  also(8, call(Status::rejected, 2));
  also(9, over(EndReason::cancelled, kBen));
  enter();
  greeting.erase(greeting.begin(), greeting.begin() + 2);
  ASSERT_THAT(greeting, ElementsAre(StartsWith("call.snapshot "), HasSubstr(R"("response":"reject")"), StartsWith("call.ended "),
                                    StartsWith("call.response ")));
  EXPECT_EQ(greeting[3], "call.response " + common(6) + "," + response(call(Status::connected, 2), "accept"));
  EXPECT_THAT(sent_for(calls::CallAccepted{call(Status::connected, 2), By{kBen, ""}, {}}),
              ElementsAre(StartsWith("call.accepted ")))
      << "each outcome once";
  native.on_recovered(context, context.at, native.on_detached(context, 1));
  EXPECT_THAT(take(), ElementsAre(StartsWith("call.snapshot "))) << "each outcome once";
}

// W-001-02
TEST_F(WebSession, CalleeThatWasAwayGetsTheEndOfItsRingAndOfItsCallOnce) {
  kept.calls = {*over(EndReason::cancelled, kAnn), *call(Status::ended, 3)};
  kept.calls[1].row.id = calls::CallId(uuid(8));
  enter_as_callee();
  greeting.erase(greeting.begin(), greeting.begin() + 2);
  EXPECT_THAT(greeting, ElementsAre(StartsWith("call.snapshot "), StartsWith("call.ended "), StartsWith("call.ended ")));
  EXPECT_THAT(sent_for(calls::CallCancelled{over(EndReason::cancelled, kAnn), By{kAnn, ""}}),
              ElementsAre(StartsWith("call.cancelled ")));
  EXPECT_THAT(sent_for(calls::CallEnded{std::make_shared<store::StoredCall>(kept.calls[1]), {}, false}), IsEmpty());
}

// W-001-01
TEST_F(WebSession, SnapshotOfANativeSessionBringsNoAliases) {
  kept.calls = {*call(Status::connected, 2)};
  native.on_hello(context, {.auth = {}, .web = false});
  EXPECT_THAT(take(), ElementsAre(StartsWith("session.ready "), StartsWith("call.snapshot ")));
}

// W-001-05
TEST_F(WebSession, MuteAndVideoAreRelayedToThePeer) {
  enter();
  in_call_with_ben();
  for (const std::string event : {"call_mute", "call_unmute", "call_video_on", "call_video_off"}) {
    core.asked.clear();
    say(event, R"({"targetUserId":")" + kBenId + R"("})", {});
    EXPECT_THAT(core.asked, ElementsAre("signal 01/phone 07 " + event + " null 0"));
    EXPECT_THAT(passed(call::parse_signal_kind(event).value(), "null"), ElementsAre(StartsWith(event + " ")));
  }
  EXPECT_THAT(passed(calls::SignalKind::mute, "null"),
              ElementsAre(HasSubstr(R"("from":")" + kBenId + R"(","timestamp":)" + kNow)));
}

// W-001-05
TEST_F(WebSession, CallEndedEndsTheCallAndIsSilentWhenItIsOver) {
  enter();
  say("call_ended", R"({"callId":")" + id_text(7) + R"(","to":")" + kBenId + R"("})", 2);
  say("call_ended", R"({"callId":")" + id_text(7) + R"(","to":")" + kBenId + R"("})", {});
  EXPECT_THAT(core.asked, ElementsAre("end 01/phone 07", "end 01/phone 07"));
  EXPECT_EQ(in.hanging_up, 2);
  for (const auto& reply : core.replies) reply(calls::Result(unexpected(calls::Refused{.why = calls::Refusal::not_active})));
  EXPECT_THAT(take(), ElementsAre(R"(ack 2 {"success":true})"));
  EXPECT_EQ(in.hanging_up, 0);
}

// W-001-05: the published clients ask for no acknowledgement.
TEST_F(WebSession, CallEndedThatIsRefusedIsAnsweredByAnError) {
  enter();
  say("call_ended", R"({"callId":"x"})", {});
  EXPECT_THAT(take(), ElementsAre(StartsWith(R"(unkept error {"type":"VALIDATION_FAILED")")));
  EXPECT_EQ(in.hanging_up, 0);
  say("call_ended", R"({"callId":")" + id_text(7) + R"("})", 2);
  core.replies.back()(calls::Result(unexpected(calls::Refused{.why = calls::Refusal::store_unavailable})));
  EXPECT_THAT(take(), ElementsAre(HasSubstr(R"(ack 2 {"success":false,"error":{"code":"STORE_UNAVAILABLE")"),
                                  StartsWith(R"(unkept error {"type":"STORE_UNAVAILABLE")")));
  EXPECT_EQ(in.hanging_up, 0);
}

// W-001-05: an event that no session may send, and those that could not be queued.
TEST_F(WebSession, EventThatIsNotTakenIsAnsweredByAnError) {
  enter();
  say("no.such.event", "{}", {});
  EXPECT_THAT(take(), ElementsAre(R"(unkept error {"type":"NOT_FOUND","message":"Unknown event"})"));
  const protocol::IncomingEvent event{.name = "webrtc_offer", .arguments = {}, .ack_id = {}, .attachments = {}};
  native.on_not_queued(context, event, NotQueued::too_many);
  native.on_not_queued(context, event, NotQueued::binary);
  EXPECT_THAT(take(), ElementsAre(StartsWith(R"(unkept error {"type":"STORE_UNAVAILABLE")"),
                                  StartsWith(R"(unkept error {"type":"VALIDATION_FAILED")")));
}

// W-001-05
TEST_F(WebSession, GetsAuthenticatedAtConnectAndPongForEachHeartbeat) {
  enter();
  ASSERT_THAT(greeting, SizeIs(2));
  EXPECT_THAT(greeting[0], StartsWith("session.ready "));
  EXPECT_EQ(greeting[1],
            "authenticated " + common(2) + R"(,"userId":")" + id_text(1) + R"(","username":"ann","timestamp":)" + kNow + "}");
  say("heartbeat", "", {});
  EXPECT_THAT(take(), ElementsAre(R"(unkept pong {"timestamp":)" + kNow + "}"));
}

// W-001-11
TEST_F(WebSession, EntryOfACallHasItsWordsBesideTheMessageToo) {
  const chat::CallSummary over_now{.id = calls::CallId(uuid(7)), .status = Status::missed, .ended = WallTime{65'000}};
  const auto arrived = [&](const chat::Message& message) {
    return sent_for(chat::ChatNotice{chat::MessageArrived{
        .view = std::make_shared<const chat::ShownMessage>(chat::ShownMessage{message, message_json(message)}), .receiver = {}}});
  };
  const auto entry = chat::call_entry(chat::MessageId(uuid(8)), chat::ConversationId(uuid(9)), kBen, over_now, WallTime{65'000});
  const std::string words = R"("messageType":"call","content":"Missed audio call","metadata":{"callId":")" + id_text(7) +
                            R"(","callType":"audio","callStatus":"missed","callDuration":0}})";
  enter();
  EXPECT_THAT(arrived(entry), ElementsAre(::testing::AllOf(StartsWith("message.new "), HasSubstr(words + ',' + words))));
  chat::Message text = entry;
  text.kind = chat::Kind::text;
  text.call.reset();
  EXPECT_THAT(arrived(text), ElementsAre(::testing::Not(HasSubstr("messageType"))));
  enter_as_native();
  EXPECT_THAT(arrived(entry), ElementsAre(::testing::Not(HasSubstr(words + ',' + words))));
}

// W-001-01
TEST_F(WebSession, StaysAWebSessionOnAnotherShard) {
  enter();
  const std::string state = native.on_detached(context, 1);
  native.on_recovered(context, context.at, state);
  take();
  say("heartbeat", "", {});
  EXPECT_THAT(take(), ElementsAre(StartsWith("unkept pong ")));
}

}  // namespace
}  // namespace belfry::gateway::testing
