// What native clients ask, and what they are answered.
#include "gateway/native/native_stage_for_tests.hpp"

namespace belfry::gateway {
namespace {

using testing::common;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::id_text;
using ::testing::IsEmpty;

class NativeCommands : public testing::NativeStage {
 protected:
  void SetUp() override {
    NativeStage::SetUp();
    connect();
  }
  /// The answer to this event, if it was refused before app/calls was asked.
  std::string refused(std::string_view event, const std::string& payload) {
    say(event, payload);
    EXPECT_THAT(core.asked, IsEmpty()) << event;
    const auto all = take();
    return all.size() == 1 ? all.front() : std::to_string(all.size()) + " answers";
  }
  static std::string invalid(const std::string& details) {
    return R"(ack 1 {"success":false,"error":{"code":"VALIDATION_FAILED","message":"Validation failed","details":[)" + details +
           R"(],"retryAfterMs":null}})";
  }
  const std::string start_ = R"({"recipientId":")" + id_text(2) + R"(","callType":"video")";
};

class NativeStart : public NativeCommands {};

TEST_F(NativeStart, HasThePayloadOfARestStart) {
  say("call.start", start_ +
                        R"(,"ringTimeoutSec":20,"ring":"onCallerReady","ringMode":"online","glare":"fail","offer":{"sdp":"o"},)" +
                        R"("metadata":{"topic":"x"},"unknown":1})");
  const calls::StartCall start = core.started.value_or(calls::StartCall{});
  EXPECT_THAT(core.asked, ElementsAre(R"(start 01/phone 02 {"sdp":"o"})"));
  EXPECT_EQ(start.media, call::CallType::video);
  EXPECT_EQ(start.ring_seconds, 20U);
  EXPECT_EQ(start.ring, call::RingPolicy::on_caller_ready);
  EXPECT_EQ(start.ring_targets, calls::RingTargets::online);
  EXPECT_EQ(start.glare, calls::OnGlare::fail);
  EXPECT_EQ(start.metadata, R"({"topic":"x"})");
  core.answer(calls::CallResult{.call = call()});
  std::string started = json_of(call());
  started.insert(started.size() - 1, R"(,"reachable":true)");
  EXPECT_THAT(take(), ElementsAre(R"(ack 1 {"success":true,"data":)" + started + "}"));
}

// SPEC X-05
TEST_F(NativeStart, ConnectsOnGlareUnlessTheClientAsksOtherwise) {
  say("call.start", R"({"recipientIds":[")" + id_text(2) + R"("],"callType":"audio"})");
  EXPECT_EQ(core.started.value_or(calls::StartCall{}).glare, calls::OnGlare::connect);
  EXPECT_EQ(core.started.value_or(calls::StartCall{}).metadata, "{}");
  core.answer(calls::CallResult{.call = call(), .glare = true});
  EXPECT_THAT(take().front(), ::testing::EndsWith(R"(,"glare":true}})"));
}

TEST_F(NativeStart, EveryWrongFieldIsReported) {
  EXPECT_EQ(refused("call.start",
                    R"({"recipientId":"ben","callType":"smell","ringTimeoutSec":4,"metadata":[],"glare":1,"ringMode":"off"})"),
            invalid(R"({"field":"recipientId","issue":"invalid"},{"field":"callType","issue":"invalid"},)"
                    R"({"field":"ringTimeoutSec","issue":"out_of_range"},{"field":"ringMode","issue":"invalid"},)"
                    R"({"field":"glare","issue":"invalid"},{"field":"metadata","issue":"invalid"})"));
  EXPECT_EQ(refused("call.start", "{}"),
            invalid(R"({"field":"recipientId","issue":"required"},{"field":"callType","issue":"required"})"));
}

// SPEC 2.8.4
TEST_F(NativeStart, PayloadThatIsNoObjectIsMalformed) {
  EXPECT_EQ(refused("call.start", ""), invalid(R"({"field":"body","issue":"malformed"})"));
  EXPECT_EQ(refused("call.end", R"("07")"), invalid(R"({"field":"body","issue":"malformed"})"));
}

// J-2.1
TEST_F(NativeStart, NamesOneOfFourTargets) {
  const auto started = [&](const std::string& target) {
    say("call.start", R"({"callType":"audio",)" + target + "}");
    return core.started.value_or(calls::StartCall{});
  };
  const auto two = started(R"("recipientIds":[")" + id_text(3) + R"(",")" + id_text(2) + R"(",")" + id_text(3) + R"("])");
  EXPECT_TRUE(is_group(two));
  EXPECT_EQ(two.more.size(), 1U) << "without doubles";
  const auto group = started(R"("groupId":")" + id_text(9) + '"');
  ASSERT_TRUE(group.place);
  EXPECT_EQ(group.place->named, calls::Place::Named::as_group);
  const auto conversation = started(R"("conversationId":")" + id_text(9) + '"');
  ASSERT_TRUE(conversation.place);
  EXPECT_EQ(conversation.place->named, calls::Place::Named::as_conversation);
}

// J-2.1
TEST_F(NativeStart, TargetsDoNotMix) {
  EXPECT_EQ(refused("call.start", start_ + R"(,"groupId":"g"})"),
            invalid(R"({"field":"recipientId","issue":"invalid"},{"field":"groupId","issue":"invalid"})"));
  EXPECT_THAT(refused("call.start", R"({"callType":"audio","recipientIds":[]})"),
              HasSubstr(R"({"field":"recipientIds","issue":"invalid"})"));
}

// W-003-01: found by black-box acceptance. The callee may be a page of seed 003, which gets this very value.
TEST_F(NativeStart, OfferThatIsNeitherAnObjectNorTextIsRefused) {
  const std::string signal = R"({"callId":")" + id_text(7) + R"(","kind":"offer","payload":)";
  const std::string accept = R"({"callId":")" + id_text(7) + R"(","answer":)";
  for (const std::string value : {"1", "true", "[]", R"("")", R"("v=0\u0000")"}) {
    EXPECT_EQ(refused("call.start", start_ + R"(,"offer":)" + value + "}"), invalid(R"({"field":"offer","issue":"invalid"})"));
    EXPECT_EQ(refused("call.accept", accept + value + "}"), invalid(R"({"field":"answer","issue":"invalid"})"));
    EXPECT_EQ(refused("call.signal", signal + value + "}"), invalid(R"({"field":"payload","issue":"invalid"})"));
  }
  say("call.signal", R"({"callId":")" + id_text(7) + R"(","kind":"restart","payload":1})");
  EXPECT_THAT(core.asked, ElementsAre("signal 01/phone 07 restart 1 0"));
}

TEST_F(NativeStart, TooLargePayloadsAreRefused) {
  const auto of_size = [](std::size_t size) { return '"' + std::string(size - 2, 'x') + '"'; };
  EXPECT_THAT(refused("call.start", start_ + R"(,"offer":)" + of_size(256 * 1024 + 1) + "}"),
              HasSubstr(R"({"field":"offer","issue":"too_large"})"));
  EXPECT_THAT(refused("call.start", start_ + R"(,"metadata":{"a":)" + of_size(16 * 1024) + "}}"),
              HasSubstr(R"({"field":"metadata","issue":"too_large"})"));
  const std::string signal = R"({"callId":")" + id_text(7) + R"(","kind":"candidate","payload":)";
  EXPECT_THAT(refused("call.signal", signal + of_size(16 * 1024 + 1) + "}"),
              HasSubstr(R"("field":"payload","issue":"too_large")"));
}

TEST_F(NativeStart, BinaryAttachmentsAreRefused) {
  const std::string payload = R"({"callId":{"_placeholder":true,"num":0}})";
  const auto argument = reader.validate(payload).value();
  const std::vector<std::string> attachments = {"bytes"};
  native.on_event(context, {.name = "call.end", .arguments = {&argument, 1}, .ack_id = 1, .attachments = attachments});
  EXPECT_THAT(take(), ElementsAre(invalid(R"({"field":"body","issue":"binary"})")));
}

class NativeCallEvents : public NativeCommands {};

TEST_F(NativeCallEvents, EachEventRunsItsCommandAndReturnsTheCall) {
  for (const char* event : {"ready", "ringing", "reject", "cancel", "end"}) {
    core.asked.clear();
    say("call." + std::string(event), about_call());
    EXPECT_THAT(core.asked, ElementsAre(std::string(event) + " 01/phone 07"));
    core.answer(calls::CallResult{.call = call()});
    EXPECT_THAT(take(), ElementsAre(R"(ack 1 {"success":true,"data":)" + json_of(call()) + "}"));
  }
}

TEST_F(NativeCallEvents, AnAcceptPassesItsAnswer) {
  say("call.accept", R"({"callId":")" + id_text(7) + R"(","answer":{"sdp":"a"}})");
  say("call.accept", about_call());
  EXPECT_THAT(core.asked, ElementsAre(R"(accept 01/phone 07 {"sdp":"a"})", "accept 01/phone 07"));
}

// R-001-32
TEST_F(NativeCallEvents, ASignalPassesItsPayloadByteForByte) {
  const std::string head = R"({"callId":")" + id_text(7) + R"(","kind":)";
  say("call.signal", head + R"("candidate","payload":{ "candidate" : "x" },"gen":2})");
  say("call.signal", head + R"("candidates_end"})");
  EXPECT_THAT(core.asked,
              ElementsAre(R"(signal 01/phone 07 candidate { "candidate" : "x" } 2)", "signal 01/phone 07 candidates_end null 0"));
  core.answer(calls::CallResult{.call = call()}, 0);
  core.answer(calls::CallResult{.call = call(), .queued = true}, 1);
  EXPECT_THAT(take(), ElementsAre(R"(ack 1 {"success":true})", R"(ack 1 {"success":true,"data":{"queued":true}})"));
  EXPECT_THAT((core.asked.clear(), refused("call.signal", head + R"("smoke"})")),
              HasSubstr(R"("field":"kind","issue":"invalid")"));
  EXPECT_THAT(refused("call.signal", head + R"("offer"})"), HasSubstr(R"("field":"payload","issue":"required")"));
}

// R-001-33, R-001-34
TEST_F(NativeCallEvents, ASignalThatCannotArriveIsRefusedToItsSender) {
  const std::string signal = R"({"callId":")" + id_text(7) + R"(","kind":"restart"})";
  say("call.signal", signal);
  say("call.signal", signal, 2);
  core.answer(unexpected(calls::Refused{.why = calls::Refusal::peer_offline}), 0);
  core.answer(unexpected(calls::Refused{.why = calls::Refusal::not_participant}), 1);
  EXPECT_THAT(take(), ElementsAre(HasSubstr(R"("code":"PEER_OFFLINE")"), HasSubstr(R"("code":"NOT_PARTICIPANT")")));
}

// R-003-34: a start that follows a hang-up waits until that is decided (dialects/ports.hpp).
TEST_F(NativeCallEvents, RejectCancelAndEndHoldTheNextStartUntilTheyAreDecided) {
  for (const char* event : {"call.reject", "call.cancel", "call.end"}) {
    say(event, about_call());
    EXPECT_EQ(in.hanging_up, 1) << event;
    core.answer(unexpected(calls::Refused{.why = calls::Refusal::not_active}));
    EXPECT_EQ(in.hanging_up, 0) << event;
  }
  take();
  say("call.end", about_call(), std::nullopt);
  EXPECT_EQ(in.hanging_up, 1);
  core.answer(calls::CallResult{call()});
  EXPECT_EQ(in.hanging_up, 0) << "without an acknowledgement too";
  EXPECT_THAT(take(), IsEmpty());
  say("call.end", "{}");
  say("call.accept", about_call());
  EXPECT_EQ(in.hanging_up, 0);
}

TEST_F(NativeCallEvents, UnknownEventsAndEventsNotSupportedYetGetDifferentMessages) {
  EXPECT_EQ(
      refused("call.hold", about_call()),
      R"(ack 1 {"success":false,"error":{"code":"NOT_FOUND","message":"not supported yet","details":[],"retryAfterMs":null}})");
  EXPECT_EQ(refused("call.dance", about_call()),
            R"(ack 1 {"success":false,"error":{"code":"NOT_FOUND","message":"Unknown event","details":[],"retryAfterMs":null}})");
}

TEST_F(NativeCallEvents, AnEventThatCannotBeReadIsAcknowledgedAsAFailure) {
  native.on_unreadable_event(context, {.name = "call.start", .ack_id = 7});
  EXPECT_THAT(take(), ElementsAre(::testing::AllOf(HasSubstr(R"(ack 7 {"success":false,"error":{"code":"VALIDATION_FAILED")"),
                                                   HasSubstr(R"("details":[{"field":"body","issue":"malformed"}])"))));
  EXPECT_THAT(core.asked, IsEmpty());
}

TEST_F(NativeCallEvents, AnEventWithoutAnAcknowledgementIsNotAnswered) {
  say("call.ready", about_call(), std::nullopt);
  say("call.ready", "{}", std::nullopt);
  EXPECT_FALSE(core.replies.front());
  EXPECT_THAT(take(), IsEmpty());
}

class NativeReports : public NativeCommands {};

TEST_F(NativeReports, MediaReportMeansThatMediaFlows) {
  say("call.media", R"({"callId":")" + id_text(7) + R"(","audio":true,"video":false,"screen":false,"alive":true})");
  EXPECT_THAT(core.asked, ElementsAre("media 01/phone 07 alive"));
}

// R-002-26
TEST_F(NativeReports, QualityIsTakenFromParticipantsOnly) {
  const std::string samples =
      R"({"callId":")" + id_text(7) + R"(","samples":[{"ts":5,"rttMs":12.5,"resolution":"1280x720"},{}]})";
  EXPECT_THAT(refused("call.quality", samples), HasSubstr(R"("code":"CALL_NOT_FOUND")"));
  kept.calls = {*call()};
  say("call.quality", samples);
  EXPECT_THAT(take(), ElementsAre(R"(ack 1 {"success":true})"));
  ASSERT_EQ(kept.samples.size(), 2U);
  EXPECT_EQ(kept.samples[0].rtt_ms, 12.5);
  EXPECT_EQ(kept.samples[0].at.unix_ms, 5);
  EXPECT_EQ(kept.samples[1].at, clock.wall());
  caller_leg(kept.calls.front().row).user = account::UserId(testing::uuid(3));
  EXPECT_THAT(refused("call.quality", samples), HasSubstr(R"("code":"NOT_PARTICIPANT")"));
}

// Without an end a call could collect samples for ever.
TEST_F(NativeReports, SamplesAreRefusedFiveMinutesAfterTheEnd) {
  const std::string samples = R"({"callId":")" + id_text(7) + R"(","samples":[{"rttMs":12.5}]})";
  kept.calls = {*call(call::Status::ended)};
  kept.calls.front().row.ended = clock.wall() - std::chrono::milliseconds{300'001};
  EXPECT_THAT(refused("call.quality", samples), HasSubstr(R"("code":"CALL_NOT_ACTIVE")"));
  EXPECT_TRUE(kept.samples.empty());
  kept.calls.front().row.ended = clock.wall() - std::chrono::minutes{5};
  say("call.quality", samples);
  EXPECT_EQ(kept.samples.size(), 1U);
}

TEST_F(NativeReports, AWrongSampleRefusesTheWholeReport) {
  const std::string head = R"({"callId":")" + id_text(7) + R"(","samples":)";
  EXPECT_THAT(refused("call.quality", head + R"([{"rttMs":"slow"}]})"), HasSubstr(R"("field":"samples","issue":"invalid")"));
  EXPECT_THAT(refused("call.quality", head + R"([{"rttMs":1e308}]})"), HasSubstr(R"("field":"samples","issue":"invalid")"));
  EXPECT_THAT(refused("call.quality", head + R"([{"direction":"outgoing and more"}]})"),
              HasSubstr(R"("field":"samples","issue":"invalid")"));
  std::string many = "[{}";
  for (int i = 0; i < 100; ++i) many += ",{}";
  EXPECT_THAT(refused("call.quality", head + many + "]}"), HasSubstr(R"("field":"samples","issue":"too_many")"));
  EXPECT_THAT(refused("call.quality", head + "[]}"), HasSubstr(R"("field":"samples","issue":"required")"));
  EXPECT_THAT(refused("call.quality", head + "{}}"), HasSubstr(R"("field":"samples","issue":"invalid")"));
}

// Reports on media and quality are written to the store, so a session may not send any number of them.
TEST_F(NativeReports, MoreThanSixtyReportsInAMinuteAreRefusedMediaAndQualityTogether) {
  kept.calls = {*call()};
  const std::string quality = R"({"callId":")" + id_text(7) + R"(","samples":[{"rttMs":1}]})";
  const std::string media = R"({"callId":")" + id_text(7) + R"(","alive":true})";
  for (int count = 0; count < 30; ++count) {
    say("call.media", media, std::nullopt);
    say("call.quality", quality, std::nullopt);
  }
  EXPECT_EQ(core.asked.size(), 30U);
  kept.samples.clear();
  say("call.quality", quality);
  EXPECT_TRUE(kept.samples.empty());
  const std::string why = R"("code":"RATE_LIMITED","message":"Too many reports","details":[],"retryAfterMs":1001)";
  EXPECT_THAT(take(), ElementsAre(HasSubstr(why), HasSubstr(R"("bucket":"report","limit":60,"windowMs":60000)")));
  core.asked.clear();
  EXPECT_THAT(refused("call.media", media), HasSubstr(why));
  clock.passed += std::chrono::seconds{2};
  say("call.quality", quality);
  EXPECT_EQ(kept.samples.size(), 1U);
}

class NativeSync : public NativeCommands {};

// SPEC 2.8.13, X-17
TEST_F(NativeSync, ReturnsASnapshotAndRejoinsTheCalls) {
  kept.calls = {*call()};
  const std::string data =
      R"({"success":true,"data":{"calls":[)" + json_of(call()) + R"(],"callSeqs":{")" + id_text(7) + R"(":1}}})";
  say("call.sync", "");
  say("call.sync", about_call(), 2);
  EXPECT_THAT(take(), ElementsAre("ack 1 " + data, "ack 2 " + data));
  EXPECT_THAT(core.asked, ElementsAre("rejoin_calls phone", "rejoin_calls phone"));
}

// SPEC 2.8.15
TEST_F(NativeSync, ACallIsNotFoundByStrangers) {
  kept.calls = {*call()};
  caller_leg(kept.calls.front().row).user = account::UserId(testing::uuid(3));
  say("call.sync", about_call());
  EXPECT_THAT(take(), ElementsAre(HasSubstr(R"("code":"CALL_NOT_FOUND")")));
}

// SPEC 2.8.18
TEST_F(NativeSync, AnOutageOfTheStoreIsReported) {
  kept.down = true;
  say("call.sync", "");
  say("call.sync", about_call(), 2);
  EXPECT_THAT(take(), ElementsAre(HasSubstr(R"("code":"STORE_UNAVAILABLE")"), HasSubstr(R"("code":"STORE_UNAVAILABLE")")));
}

// Syncs of one client that does not wait must not fill the queue of the readers for everybody.
TEST_F(NativeSync, ReadsAreRefusedWhileTooManyAreInFlight) {
  kept.calls = {*call()};
  std::vector<limits::ReadsInFlight::OpenRead> under_way;
  for (int i = 0; i < 3; ++i) under_way.push_back(reads.enter(account::UserId(testing::uuid(1))).value());
  const std::string quality = R"({"callId":")" + id_text(7) + R"(","samples":[{"rttMs":1}]})";
  for (const auto& [event, payload] :
       {std::pair<std::string, std::string>{"call.sync", "{}"}, {"call.sync", about_call()}, {"call.quality", quality}}) {
    say(event, payload);
    EXPECT_THAT(take(), ElementsAre(HasSubstr(R"("code":"RATE_LIMITED","message":"Too many reads at once")"))) << event;
  }
  EXPECT_THAT(core.asked, IsEmpty()) << "a refused sync takes over no call";
  under_way.clear();
  for (int i = 0; i < 5; ++i) {
    say("call.sync", "{}");
    EXPECT_THAT(take(), ElementsAre(HasSubstr(R"("success":true)")));
  }
}

class NativeJoin : public NativeCommands {};

// J-3.4
TEST_F(NativeJoin, PresentsAMediaTokenAndAsksNothingOfTheCall) {
  say("call.join", R"({"token":"opaque"})");
  EXPECT_THAT(tokens.asked, ElementsAre("join opaque"));
  EXPECT_THAT(take(), IsEmpty()) << "not before it is known what the token is for";
  tokens.answer(std::string(R"({"channel":"c"})"));
  EXPECT_THAT(take(), ElementsAre(R"(ack 1 {"success":true,"data":{"channel":"c"}})"));
  EXPECT_THAT(core.asked, IsEmpty());
}

// J-3.4
TEST_F(NativeJoin, RefusalHasTheCodeAndTheDataOfTheRoute) {
  say("call.join", R"({"token":"old"})");
  tokens.answer(unexpected(Failure{.error = ApiError::token_expired, .data = R"({"renew":true})"}));
  EXPECT_THAT(take(), ElementsAre(AllOf(HasSubstr(R"("code":"TOKEN_EXPIRED")"), HasSubstr(R"("data":{"renew":true})"))));
}

TEST_F(NativeJoin, TokenMustBeATextOfAtMostFourKilobytes) {
  EXPECT_EQ(refused("call.join", "{}"), invalid(R"({"field":"token","issue":"required"})"));
  EXPECT_EQ(refused("call.join", R"({"token":7})"), invalid(R"({"field":"token","issue":"invalid"})"));
  EXPECT_EQ(refused("call.join", R"({"token":")" + std::string(4097, 'x') + R"("})"),
            invalid(R"({"field":"token","issue":"too_large"})"));
  EXPECT_THAT(tokens.asked, IsEmpty());
}

class NativeSignalLimit : public NativeCommands {};

// SPEC C-02
TEST_F(NativeSignalLimit, MoreThanTwoHundredSignalsInTenSecondsAreRefusedWithOneWarning) {
  const std::string signal = R"({"callId":")" + id_text(7) + R"(","kind":"restart"})";
  for (int count = 0; count < 200; ++count) say("call.signal", signal, std::nullopt);
  EXPECT_EQ(core.asked.size(), 200U);
  say("call.signal", signal);
  say("call.signal", signal);
  const std::string refusal =
      R"(ack 1 {"success":false,"error":{"code":"RATE_LIMITED","message":"Too many signals","details":[],"retryAfterMs":51}})";
  EXPECT_THAT(
      take(),
      ElementsAre(refusal, "rate.warning " + common(2) + R"(,"bucket":"signal","limit":200,"windowMs":10000,"retryAfterMs":51})",
                  refusal));
  EXPECT_EQ(core.asked.size(), 200U);
  clock.passed = std::chrono::milliseconds{51};
  say("call.signal", signal);
  EXPECT_EQ(core.asked.size(), 201U);
}

}  // namespace
}  // namespace belfry::gateway
