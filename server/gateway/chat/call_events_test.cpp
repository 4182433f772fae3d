// What clients of the chat dialect ask about calls, and what they are answered.
#include "gateway/chat/chat_stage_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

using call::Status;
using calls::Refusal;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class ChatCommands : public ChatStage {
 protected:
  void SetUp() override {
    ChatStage::SetUp();
    connect();
  }
  static std::string rejected(const std::string& to, const std::string& reason) {
    return R"(call-rejected {"from":)" + to + R"(,"reason":")" + reason + R"("})";
  }
  static std::string quoted_id(std::uint8_t number) { return '"' + id_text(number) + '"'; }
};

// K19, R-004-30
TEST_F(ChatCommands, CallUserStartsACallOfTwo) {
  say("call-user", to(2, R"(,"from":")" + id_text(1) + R"(","name":"somebody else","profileImg":"/x")"), 1);
  ASSERT_TRUE(core.started);
  EXPECT_EQ(core.started->callee, user(2));
  EXPECT_EQ(core.started->media, call::CallType::video);
  EXPECT_EQ(core.started->caller.dialect, call::Dialect::chat);
  EXPECT_TRUE(core.started->offer.empty());
  EXPECT_EQ(core.started->metadata, "{}");
  EXPECT_TRUE(in.held) << "end-call right behind it means this call";
  core.answer(answered(stored()));
  EXPECT_THAT(take(), ElementsAre(StartsWith(R"(ack 1 {"success":true,"data":{"id":")" + id_text(7))));
  EXPECT_FALSE(in.held);
}

// K19
TEST_F(ChatCommands, CallUserTakesAUsernameASignalAPeerIdAndAType) {
  say("call-user", R"({"to":"cid","from":"ann","signal":{"type":"offer","sdp":"v=0"},"peerId":["p",1],"callType":"audio"})");
  ASSERT_TRUE(core.started);
  EXPECT_EQ(core.started->callee, user(3)) << "who is not here, but has an account";
  EXPECT_EQ(core.started->offer.text(), R"({"type":"offer","sdp":"v=0"})");
  EXPECT_EQ(core.started->metadata, R"({"peerId":["p",1]})");
  EXPECT_EQ(core.started->media, call::CallType::audio);
}

// K19, K25: `from` is a claim
TEST_F(ChatCommands, WrongFieldsBringTheClientBackToIdle) {
  say("call-user", to(2, R"(,"from":")" + id_text(2) + R"(","callType":"smoke")"), 1);
  EXPECT_FALSE(core.started);
  EXPECT_THAT(take(), ElementsAre(rejected(quoted_id(2), "invalid"),
                                  AllOf(StartsWith("ack 1 "), HasSubstr(R"({"field":"from","issue":"invalid"})"),
                                        HasSubstr(R"({"field":"callType","issue":"invalid"})"))));
  say("call-user", "{}");
  EXPECT_THAT(take(), ElementsAre(rejected("null", "invalid")));
  say("call-user", "");
  EXPECT_THAT(take(), ElementsAre(rejected("null", "invalid")));
  say("call-user", to(2, R"(,"signal":")" + std::string(300'000, 'x') + '"'));
  EXPECT_THAT(take(), ElementsAre(rejected(quoted_id(2), "invalid")));
  EXPECT_FALSE(in.held);
}

// K25, C-09, W-004-13
TEST_F(ChatCommands, RefusedStartIsARejectionWithItsReason) {
  const std::pair<Refusal, const char*> kWords[] = {{Refusal::recipient_busy, "busy"},
                                                    {Refusal::caller_busy, "caller_busy"},
                                                    {Refusal::recipient_unknown, "unknown_user"},
                                                    {Refusal::self_call, "self"},
                                                    {Refusal::rate_limited, "rate_limited"}};
  for (const auto& [why, word] : kWords) {
    say("call-user", to(2), 3);
    core.answer(refused(why));
    EXPECT_THAT(take(), ElementsAre(rejected(quoted_id(2), word), StartsWith(R"(ack 3 {"success":false)")));
  }
  EXPECT_FALSE(in.held);
}

// K25, K45: blocked by the other, or not active
TEST_F(ChatCommands, BlockedAndInactiveAreTwoWords) {
  say("call-user", R"({"to":"ben"})");
  core.answer(refused(Refusal::recipient_inactive));
  EXPECT_THAT(take(), ElementsAre(rejected(R"("ben")", "inactive")));
  stores.conversations().block(user(2), user(1), {}, [](const auto&) {});
  say("call-user", R"({"to":"ben"})");
  core.answer(refused(Refusal::recipient_inactive));
  EXPECT_THAT(take(), ElementsAre(rejected(R"("ben")", "blocked")));
}

// K25, C-12: an e-mail address is no name here
TEST_F(ChatCommands, UnknownNamesAreRefused) {
  for (const char* name : {"nobody", "a@b.example", ""}) {
    say("call-user", R"({"to":")" + std::string(name) + R"("})");
    EXPECT_THAT(take(), ElementsAre(AnyOf(rejected('"' + std::string(name) + '"', "unknown_user"), rejected("null", "invalid"))));
  }
  EXPECT_FALSE(core.started);
}

// K21, R-004-32
TEST_F(ChatCommands, AnswerAcceptsTheCallWithThatPerson) {
  in_call_with_ben();
  say("answer-call", R"({"to":"ben","from":"ann","signal":{"type":"answer","sdp":"v=0"}})", 1);
  EXPECT_THAT(core.asked, ElementsAre(R"(accept 01/page 07 {"type":"answer","sdp":"v=0"})"));
  core.answer(answered(stored(Status::connected)));
  EXPECT_THAT(take(), ElementsAre(StartsWith(R"(ack 1 {"success":true)")));
  say("answer-call", to(2));
  EXPECT_EQ(core.asked.back(), "accept 01/page 07") << "PeerJS carries the answer";
}

// X-30
TEST_F(ChatCommands, ExpiredCredentialJoinsNoCall) {
  in_call_with_ben();
  context.identity->expires = clock.wall() - std::chrono::seconds{1};
  say("answer-call", to(2));
  EXPECT_THAT(take(), ElementsAre(AllOf(StartsWith("unkept chat-error "), HasSubstr(R"("code":"SESSION_EXPIRED")"))));
  say("call-user", to(2));
  EXPECT_THAT(take(), ElementsAre(rejected(quoted_id(2), "session_expired")));
  say("end-call", to(2));
  EXPECT_EQ(core.asked.back(), "cancel 01/page 07");
}

// K21, K22, R-004-33, R-004-34
TEST_F(ChatCommands, RejectAndEndAreOneCommandEach) {
  in_call_with_ben();
  say("call-rejected", to(2));
  say("end-call", to(2));
  EXPECT_THAT(core.asked, ElementsAre("reject 01/page 07", "cancel 01/page 07"));
}

// K23, W-004-12: the client's own timer ends a call that is over
TEST_F(ChatCommands, WhatFitsNoCallDoesNothing) {
  for (const char* event : {"answer-call", "call-rejected", "end-call", "ice-candidate"}) {
    say(event, to(2));
    EXPECT_THAT(take(), IsEmpty()) << event;
    say(event, to(2), 5);
    EXPECT_THAT(take(), ElementsAre(AllOf(StartsWith(R"(ack 5 {"success":false)"), HasSubstr("CALL_NOT_FOUND")))) << event;
  }
  EXPECT_THAT(core.asked, IsEmpty());
  in_call_with_ben();
  for (const Refusal why : {Refusal::not_ringing, Refusal::not_active, Refusal::call_not_found}) {
    say("end-call", to(2));
    core.answer(refused(why));
    EXPECT_THAT(take(), IsEmpty());
  }
  EXPECT_FALSE(in.held);
}

// K22: it has cleaned up, and takes any end for that of its next call
TEST_F(ChatCommands, WhoHangsUpIsToldNoEndUnlessItWasRefused) {
  in_call_with_ben();
  const calls::CallEnded ended{over(Status::ended, call::EndReason::hangup), calls::By{user(2), {}}, false};
  say("end-call", to(2));
  EXPECT_THAT(sent_for(ended), IsEmpty()) << "both ended it at once";
  core.answer(answered(stored(Status::ended)));
  EXPECT_THAT(take(), IsEmpty());

  say("end-call", to(2));
  core.answer(refused(Refusal::store_unavailable));
  EXPECT_THAT(take(), ElementsAre(AllOf(StartsWith(R"(unkept chat-error {"event":"end-call","code":"STORE_UNAVAILABLE")"))));
  EXPECT_EQ(sent_for(ended), pair_of(2, "hangup", "12"));
}

// K24
TEST_F(ChatCommands, CandidatesDoNotWaitForAnswers) {
  in_call_with_ben();
  say("end-call", to(2));
  EXPECT_TRUE(in.held);
  say("ice-candidate", to(2, R"(,"candidate":{"candidate":"c1"})"));
  say("ice-candidate", to(2, R"(,"candidate":null)"));
  EXPECT_EQ(core.asked[1], R"(signal 01/page 07 candidate {"candidate":"c1"} 0)");
  EXPECT_EQ(core.asked[2], "signal 01/page 07 candidate null 0");
  core.answer(answered(stored()), 1);
  EXPECT_TRUE(in.held) << "end-call is not answered yet";
  core.answer(refused(Refusal::too_many_signals), 2);
  EXPECT_THAT(take(), ElementsAre(StartsWith(R"(unkept chat-error {"event":"ice-candidate")")));
}

// K26
TEST_F(ChatCommands, OtherRefusalsAreAnErrorWithoutAnAcknowledgement) {
  say("make-coffee", "{}");
  EXPECT_THAT(
      take(),
      ElementsAre(R"(unkept chat-error {"event":"make-coffee","code":"NOT_FOUND","message":"Unknown event","details":[]})"));
  say("make-coffee", "{}", 2);
  EXPECT_THAT(take(), ElementsAre(StartsWith(R"(ack 2 {"success":false)")));
  say("answer-call", "[]");
  EXPECT_THAT(take(), ElementsAre(AllOf(HasSubstr(R"("code":"VALIDATION_FAILED")"),
                                        HasSubstr(R"({"field":"body","issue":"malformed"})"))));
  dialect.on_unreadable_event(context, {.name = "end-call"});
  EXPECT_THAT(take(), ElementsAre(HasSubstr("The payload cannot be read")));
  dialect.on_not_queued(context, {.name = "end-call", .arguments = {}, .ack_id = {}, .attachments = {}}, NotQueued::too_many);
  EXPECT_THAT(take(), ElementsAre(HasSubstr("STORE_UNAVAILABLE")));
  dialect.on_not_queued(context, {.name = "end-call", .arguments = {}, .ack_id = {}, .attachments = {}}, NotQueued::binary);
  EXPECT_THAT(take(), ElementsAre(HasSubstr(R"({"field":"body","issue":"binary"})")));
}

// K25: found by review. The client hears no chat-error, and would have shown its call until its own timer fired.
TEST_F(ChatCommands, CallThatIsNotEvenLookedAtBringsTheClientBackToo) {
  const std::string payload = to(2);
  const json::Slice argument = reader.validate(payload).value();
  const protocol::IncomingEvent call{.name = "call-user", .arguments = std::span(&argument, 1), .ack_id = 4, .attachments = {}};
  dialect.on_not_queued(context, call, NotQueued::too_many);
  EXPECT_THAT(take(), ElementsAre(rejected(quoted_id(2), "unavailable"), HasSubstr("STORE_UNAVAILABLE")));
  dialect.on_not_queued(context, call, NotQueued::binary);
  EXPECT_THAT(take(), ElementsAre(rejected(quoted_id(2), "invalid"), HasSubstr(R"("issue":"binary")")));
  dialect.on_unreadable_event(context, {.name = "call-user"});
  EXPECT_THAT(take(), ElementsAre(rejected("null", "invalid")));
  for (int i = 0; i < 20; ++i) say("end-call", to(2));
  say("call-user", to(2));
  EXPECT_THAT(take(), ElementsAre(rejected(quoted_id(2), "rate_limited")));
  EXPECT_FALSE(core.started);
}

TEST_F(ChatCommands, TooManyEventsAreRefusedUntilTimePasses) {
  for (int i = 0; i < 20; ++i) say("end-call", to(2));
  EXPECT_THAT(take(), IsEmpty());
  say("end-call", to(2));
  EXPECT_THAT(take(), ElementsAre(AllOf(HasSubstr("RATE_LIMITED"), HasSubstr("retryAfterMs"))));
  clock.passed += std::chrono::seconds{1};
  say("end-call", to(2));
  EXPECT_THAT(take(), IsEmpty());
}

}  // namespace
}  // namespace belfry::gateway::testing
