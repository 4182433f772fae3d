// What clients of the token dialect ask, and what they are answered.
#include "gateway/token/token_stage_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

using calls::Refusal;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

const std::string kNoMember = "You are not a participant in this conversation";

class TokenCommands : public TokenStage {
 protected:
  void SetUp() override {
    TokenStage::SetUp();
    connect();
  }
};

// R-000-04, R-000-05, C-05: the caller's media has joined. A call that waits for it all the same was started natively.
TEST_F(TokenCommands, CallStartedMakesTheCallOfTheConversationAndThenRings) {
  say("call-started", in_conversation());
  ASSERT_TRUE(core.started);
  EXPECT_EQ(core.started->place->id, kept.conversation);
  EXPECT_EQ(core.started->media, call::CallType::video);
  EXPECT_EQ(core.started->ring, call::RingPolicy::on_caller_ready);
  EXPECT_EQ(core.started->caller_media, call::CallerMedia::joined);
  EXPECT_EQ(core.started->caller.dialect, call::Dialect::token);
  store::StoredCall made = stored();
  made.row.announced = false;
  core.answer({{.call = view(made), .reachable = false}});
  EXPECT_EQ(core.asked.back(), "ready 01/phone 07");
  EXPECT_THAT(take(), IsEmpty()) << "not before it rings";
  core.answer(answered(stored()));
  EXPECT_THAT(take(), ElementsAre(AllOf(StartsWith(R"(ack 1 {"success":true,"data":{"id":")" + id_text(7)),
                                        HasSubstr(R"("conversationId":")" + id_text(0x0C)))));
}

// J-2.4, R-000-51
TEST_F(TokenCommands, RepeatedStartIsAnsweredWithTheCallThatRingsAndRingsNobodyAgain) {
  say("call-startedV2", in_conversation());
  core.answer(answered(stored()));
  EXPECT_THAT(take(), ElementsAre(StartsWith(R"(ack 1 {"success":true)")));
  EXPECT_EQ(core.asked.size(), 1U);
}

// J-5.1
TEST_F(TokenCommands, StartTakesTheFieldsOfACall) {
  say("call-started", in_conversation(R"(,"callType":"audio","ringTimeoutSec":20,"ringMode":"online","metadata":{"a":1})"));
  EXPECT_EQ(core.started->media, call::CallType::audio);
  EXPECT_EQ(core.started->ring_seconds, 20U);
  EXPECT_EQ(core.started->ring_targets, calls::RingTargets::online);
  EXPECT_EQ(core.started->metadata, R"({"a":1})");
}

TEST_F(TokenCommands, WrongFieldsAreNamedAllAtOnce) {
  say("call-started", R"({"conversationId":"x","callType":"film","ringTimeoutSec":4,"ringMode":"loud","metadata":[]})");
  const auto all = take();
  ASSERT_EQ(all.size(), 2U);
  for (const std::string field : {"conversationId", "callType", "ringTimeoutSec", "ringMode", "metadata"})
    EXPECT_THAT(all[0], HasSubstr("\"field\":\"" + field + "\""));
  EXPECT_EQ(all[1], io_error("Validation failed"));
  EXPECT_THAT(core.asked, IsEmpty());
  EXPECT_FALSE(in.held);
}

// R-000-07, J-3.5, J-8.1
TEST_F(TokenCommands, StartWithoutAMediaTokenIsRefusedUnlessOneIsShown) {
  tokens.fetched = false;
  say("call-started", in_conversation());
  EXPECT_THAT(take(),
              ElementsAre(HasSubstr(R"("code":"TOKEN_REQUIRED")"), HasSubstr("Fetch a token for this conversation first")));
  EXPECT_THAT(core.asked, IsEmpty());
  say("call-started", in_conversation(R"(,"token":"shown")"));
  ASSERT_TRUE(core.started);
  EXPECT_EQ(core.started->shown_token, call::Provider::livekit);
}

// R-000-25, J-1.4, J-7.4
TEST_F(TokenCommands, StrangersGetTheSameRefusalOfEachEvent) {
  tokens.fetched = false;
  limit.max = 0;
  const std::string foreign = R"({"conversationId":")" + id_text(0x0D) + R"("})";
  for (const std::string event : {"call-started", "call-accept", "call-reject", "call-cancel", "call-end", "call-ringing"}) {
    say(event, foreign);
    EXPECT_THAT(take(), ElementsAre(HasSubstr(R"("code":"NOT_PARTICIPANT","message":")" + kNoMember), io_error(kNoMember)))
        << event;
  }
  EXPECT_THAT(core.asked, IsEmpty());
}

// R-000-15, R-000-17, R-000-37, W-000-02
TEST_F(TokenCommands, EachEventBecomesOneCommandAboutTheCallOfTheConversation) {
  limit.max = 0;
  kept.of = stored();
  const std::pair<const char*, const char*> kCommands[] = {
      {"call-accept", "accept"}, {"call-accepted", "accept"}, {"call-reject", "reject"},   {"call-rejected", "reject"},
      {"call-cancel", "cancel"}, {"call-end", "end"},         {"call-ringing", "ringing"},
  };
  for (const auto& [event, command] : kCommands)
    for (const std::string& target : {in_conversation(), of_call()}) {
      core.asked.clear();
      say(event, target);
      EXPECT_THAT(core.asked, ElementsAre(std::string(command) + " 01/phone 07")) << event;
      core.answer(answered(stored()));
      EXPECT_THAT(take(), ElementsAre(StartsWith(R"(ack 1 {"success":true,"data":{"id":")" + id_text(7)))) << event;
    }
}

// W-000-04
TEST_F(TokenCommands, RefusalComesByIoErrorWhetherOrNotTheClientWantsAnAcknowledgement) {
  kept.of = stored();
  say("call-accept", in_conversation(), std::nullopt);
  core.answer(refused(Refusal::call_full));
  EXPECT_THAT(take(), ElementsAre(io_error("This call is full")));
  say("call-accept", in_conversation());
  core.answer(refused(Refusal::call_full));
  EXPECT_THAT(take(), ElementsAre(HasSubstr(R"("code":"CALL_FULL")"), io_error("This call is full")));
}

// J-5.1
TEST_F(TokenCommands, ConversationWithoutACallHasNoneToAnswer) {
  say("call-end", in_conversation());
  EXPECT_THAT(take(), ElementsAre(HasSubstr(R"("code":"CALL_NOT_FOUND")"), io_error("Call not found")));
}

TEST_F(TokenCommands, StoreThatIsDownIsSaidToBe) {
  kept.down = true;
  say("call-end", in_conversation());
  EXPECT_THAT(take().front(), HasSubstr(R"("code":"STORE_UNAVAILABLE")"));
  EXPECT_FALSE(in.held);
}

// A cancel behind its start must meet the call that the start makes.
TEST_F(TokenCommands, NextEventWaitsUntilTheOneBeforeIsAnswered) {
  say("call-started", in_conversation());
  EXPECT_TRUE(in.held);
  core.answer(answered(stored()));
  EXPECT_FALSE(in.held);
  kept.of = stored();
  kept.later = true;
  say("call-end", in_conversation());
  EXPECT_TRUE(in.held);
  EXPECT_EQ(core.asked.size(), 1U);
  kept.waiting.front()();
  EXPECT_TRUE(in.held);
  core.answer(refused(Refusal::not_active));
  EXPECT_FALSE(in.held);
}

TEST_F(TokenCommands, EventThatCannotBeQueuedIsRefusedAndLeavesTheOthersWaiting) {
  say("call-started", in_conversation());
  const protocol::IncomingEvent next{.name = "call-end", .arguments = {}, .ack_id = 2, .attachments = {}};
  dialect.on_not_queued(context, next, NotQueued::binary);
  dialect.on_not_queued(context, next, NotQueued::too_many);
  dialect.on_unreadable_event(context, {.name = "call-end", .ack_id = 3});
  EXPECT_EQ(take().size(), 6U) << "an acknowledgement and an io-error each";
  EXPECT_TRUE(in.held);
}

// R-000-51
TEST_F(TokenCommands, TooManyEventsAreRefused) {
  for (int i = 0; i < 5; ++i) say("call-end", in_conversation());
  take();
  say("call-end", in_conversation());
  EXPECT_THAT(take(), ElementsAre(HasSubstr(R"("code":"RATE_LIMITED")"), io_error("Too many events")));
}

TEST_F(TokenCommands, UnknownEventIsRefused) {
  say("call.start", "{}");
  EXPECT_THAT(take(), ElementsAre(HasSubstr(R"("code":"NOT_FOUND")"), io_error("Unknown event")));
}

// X-30
TEST_F(TokenCommands, StartingAndAcceptingNeedACredentialThatHasNotExpired) {
  kept.of = stored();
  clock.passed += std::chrono::hours{2};
  for (const std::string event : {"call-started", "call-accept"}) {
    say(event, in_conversation());
    EXPECT_THAT(take().front(), HasSubstr(R"("code":"SESSION_EXPIRED")"));
  }
  say("call-end", in_conversation());
  EXPECT_THAT(core.asked, ElementsAre("end 01/phone 07"));
}

// J-3.4, J-3.6, J-5.1
TEST_F(TokenCommands, MediaTokensAreJoinedWithAndRenewed) {
  say("call-join", R"({"token":"opaque"})");
  tokens.answer(std::string(R"({"channel":"c"})"));
  EXPECT_THAT(take(), ElementsAre(R"(ack 1 {"success":true,"data":{"channel":"c"}})"));
  say("call-token", of_call());
  EXPECT_THAT(tokens.asked, ElementsAre("join opaque", "renew 07"));
  tokens.answer(unexpected(Failure{.error = ApiError::call_not_active}));
  EXPECT_THAT(take().front(), HasSubstr(R"("code":"CALL_NOT_ACTIVE")"));
}

}  // namespace
}  // namespace belfry::gateway::testing
