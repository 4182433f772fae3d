// make_call, and what may be wrong with what a page of the signaling dialect says.
#include "gateway/signaling/signaling_stage_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

class SignalingCalls : public RegisteredPage {};

// --- make_call ------------------------------------------------------------------------------------------------------

// R-003-07
TEST_F(SignalingCalls, ACallIsStartedWithTheOfferUnchanged) {
  const std::string offer = R"({ "sdp" : "v=0\r\nm=video 9 UDP 96\r\n" , "type":"offer"})";
  say("make_call", to("ben", R"(,"offer": )" + offer), 1);
  EXPECT_THAT(core.asked, ElementsAre("start 01/phone 02 " + offer));
  ASSERT_TRUE(core.started);
  EXPECT_EQ(core.started->media, call::CallType::video);
  EXPECT_EQ(core.started->caller.dialect, call::Dialect::signaling);
  EXPECT_EQ(core.started->caller.at, at);
  EXPECT_THAT(take(), IsEmpty());
  done(call(kAnn, kBen, 0x71));
  EXPECT_THAT(take(), ElementsAre(good(1))) << "it is the callee's answer that is an event";
}

// C-12
TEST_F(SignalingCalls, APeerMayBeNamedByIdToo) {
  say("make_call", R"({"to":")" + id_text(2) + R"(","from":")" + id_text(1) + "\"" + with_offer() + "}");
  EXPECT_THAT(take_asked(), ElementsAre(StartsWith("start 01/phone 02 ")));
  say("end_call", to("ben"));
  EXPECT_THAT(core.asked, ElementsAre("cancel 01/phone 71")) << "and it is the same peer";
}

// R-003-22, C-10
TEST_F(SignalingCalls, ACallToAnUnknownNameFailsWithAMessage) {
  say("make_call", to("zoe", with_offer()), 1);
  EXPECT_EQ(core.started.value_or(calls::StartCall{}).callee, std::nullopt);
  refused(Refusal::unreachable);
  EXPECT_THAT(take(),
              ElementsAre(refusal(1, "PEER_OFFLINE", "User not found or offline"), failed("User not found or offline", "zoe")));
  say("end_call", to("zoe"), 2);
  EXPECT_THAT(take(), ElementsAre(no_call(2))) << "it never was a call";
  EXPECT_EQ(signaling.counts().refused, 1U);
}

// C-10, T-04, C-09: the core knows who can be pushed, and records the attempt.
TEST_F(SignalingCalls, AUserWithoutASessionIsLookedForBeforeTheStart) {
  names.absent = user_id(9);
  names.waits_to_find = true;
  say("make_call", to("zoe", with_offer()), 1);
  say("ice_candidate", to("zoe", with_candidate()));
  say("end_call", to("zoe"));
  EXPECT_THAT(core.asked, IsEmpty()) << "what follows waits behind the start";
  names.found();
  EXPECT_THAT(core.asked, ElementsAre(StartsWith("start 01/phone 09 "), StartsWith("signal 01/phone 71 "), "cancel 01/phone 71"));
}

TEST_F(SignalingCalls, AStartWhosePageIsGoneWhenItsPeerIsFoundIsDropped) {
  names.waits_to_find = true;
  say("make_call", to("zoe", with_offer()), 1);
  router.on_disconnected(at, protocol::DisconnectReason::client_left);
  take_asked();
  names.found();
  EXPECT_THAT(core.asked, IsEmpty());
}

TEST_F(SignalingCalls, CallingOneselfIsRefusedByTheCore) {
  core.here.clear();
  say("make_call", to("ann", with_offer()));
  EXPECT_THAT(core.asked, ElementsAre(StartsWith("start 01/phone 01 ")));
  refused(Refusal::self_call);
  EXPECT_THAT(take(), ElementsAre(failed("Cannot call yourself", "ann")));
}

// R-003-20, R-003-21, X-07
TEST_F(SignalingCalls, ABusyPeerIsReportedByItsOwnEventAlsoOnGlare) {
  say("make_call", to("ben", with_offer()), 1);
  refused(Refusal::recipient_busy);
  EXPECT_THAT(take(), ElementsAre(StartsWith(R"(ack 1 {"success":false,"error":{"code":"RECIPIENT_BUSY")"),
                                  R"(call_busy {"targetUser":"ben"})"));
  say("make_call", to("ben", with_offer()));
  refused(Refusal::caller_busy, call(kBen, kAnn, 7));
  EXPECT_THAT(take(), ElementsAre(R"(call_busy {"targetUser":"ben"})")) << "they ring each other";
  say("make_call", to("ben", with_offer()));
  refused(Refusal::caller_busy, call(kAnn, kCid, 8));
  EXPECT_THAT(take(), ElementsAre(failed("You are already in a call", "ben")));
}

// R-003-47 among others
TEST_F(SignalingCalls, ARefusedStartHasAMessageForTheUser) {
  for (const auto& [why, error] :
       {std::pair<Refusal, std::string>{Refusal::rate_limited, "Rate limit: too many calls started; try again in a minute"},
        {Refusal::draining, "The server is about to restart; try again in a moment"},
        {Refusal::store_unavailable, "The call could not be stored; nothing has changed, try again"},
        {Refusal::outcome_unknown, "We do not know yet whether this took effect; try again"},
        {Refusal::recipient_inactive, "Cannot call inactive or blocked user"},
        {Refusal::caller_inactive, "Your user is not active"},
        {Refusal::recipient_unknown, "User not found or offline"}}) {
    say("make_call", to("ben", with_offer()));
    refused(why);
    EXPECT_THAT(take(), ElementsAre(failed(error, "ben")));
  }
}

// SPEC 2.8.1: a user who dials twice is in one call, and can talk in it and leave it.
TEST_F(SignalingCalls, ARepeatedStartContinuesTheExistingCall) {
  dial();
  say("make_call", to("ben", with_offer()));
  done(call(kAnn, kBen, 0x71));
  take_asked();
  say("ice_candidate", to("ben", with_candidate()));
  say("end_call", to("ben"));
  EXPECT_THAT(core.asked, ElementsAre(StartsWith("signal 01/phone 71 "), "cancel 01/phone 71"));
}

// --- what is wrong with a payload -----------------------------------------------------------------------------------

// R-003-37
TEST_F(SignalingCalls, AnInvalidPayloadIsRefusedWithAMessageAndStartsNothing) {
  const std::string huge = R"(,"offer":{"sdp":")" + std::string(std::size_t{256} * 1024, 'x') + R"("})";
  const std::string large = R"(,"candidate":{"candidate":")" + std::string(std::size_t{16} * 1024, 'x') + R"("})";
  struct Bad {
    std::string event, payload, error, target;
  };
  for (const Bad& bad :
       {Bad{"make_call", "", "The payload must be one JSON object", ""},
        Bad{"end_call", "[1]", "The payload must be one JSON object", ""},
        Bad{"make_call", R"({"from":"ann"})", "Field 'to' is missing", ""},
        Bad{"decline_call", R"({"to":7,"from":"ann"})", "Field 'to' must be a string", ""},
        Bad{"answer_call", R"({"to":"ben","from":null})", "Field 'from' must be a string", "ben"},
        Bad{"make_call", to("ben"), "Field 'offer' is missing", "ben"},
        Bad{"make_call", to("ben", R"(,"offer":[])"), "Field 'offer' must be an object or SDP text", "ben"},
        Bad{"make_call", to("ben", R"(,"offer":null)"), "Field 'offer' must be an object or SDP text", "ben"},
        Bad{"make_call", to("ben", huge), "Field 'offer' is too large", "ben"},
        Bad{"answer_call", to("ben", R"(,"answer":true)"), "Field 'answer' must be an object or SDP text", "ben"},
        Bad{"ice_candidate", to("ben", R"(,"candidate":7)"), "Field 'candidate' must be an object, a string or null", "ben"},
        Bad{"ice_candidate", to("ben", large), "Field 'candidate' is too large", "ben"},
        Bad{"make_call", R"({"__proto__":)" + to("ben", with_offer()) + "}", "Field 'to' is missing", ""}}) {
    say(bad.event, bad.payload, 1);
    EXPECT_THAT(take(), ElementsAre(failed(bad.error, bad.target), invalid(1, bad.error))) << bad.event << " " << bad.error;
  }
  EXPECT_THAT(core.asked, IsEmpty());
}

// R-003-35
TEST_F(SignalingCalls, FromMustBeTheRegisteredName) {
  const std::string error = "Field 'from' is not the user registered on this connection";
  for (const auto& [event, more] : {std::pair<std::string, std::string>{"make_call", with_offer()},
                                    {"answer_call", with_answer()},
                                    {"decline_call", ""},
                                    {"end_call", ""},
                                    {"ice_candidate", with_candidate()}}) {
    say(event, R"({"to":"ben","from":"cid")" + more + "}");
    EXPECT_THAT(take(), ElementsAre(failed(error, "ben"))) << event;
  }
  EXPECT_THAT(core.asked, IsEmpty());
}

TEST_F(SignalingCalls, AnUnreadableEventIsRefusedWithAMessage) {
  const std::string error = "The payload cannot be read: it is too deep, too long or not Unicode";
  router.on_unreadable_event(at, {.name = "make_call"});
  router.on_unreadable_event(at, {.name = "register_user"});
  EXPECT_THAT(take(), ElementsAre(failed(error, ""),
                                  R"(unkept user_registered {"success":false,"userId":"","error":")" + error + R"("})"));
}

TEST_F(SignalingCalls, AnUnreadableEventIsAcknowledgedAsAFailure) {
  const std::string error = "The payload cannot be read: it is too deep, too long or not Unicode";
  router.on_unreadable_event(at, {.name = "make_call", .ack_id = 7});
  EXPECT_THAT(take(), ElementsAre(failed(error, ""), invalid(7, error)));
}

TEST_F(SignalingCalls, AnUnknownEventIsAnsweredOnlyIfItWantsAnAcknowledgement) {
  say("call_me_maybe", "{}");
  EXPECT_THAT(take(), IsEmpty());
  say("call_me_maybe", "{}", 1);
  EXPECT_THAT(take(), ElementsAre(invalid(1, "Unknown event")));
}

// X-30
TEST_F(SignalingCalls, AnExpiredLoginMayLeaveACallButNotJoinOne) {
  router.on_disconnected(at, protocol::DisconnectReason::client_left);
  token.identity.expires = clock.wall() + std::chrono::minutes{1};
  connect_with_token();
  say("register_user", R"({"userId":"ann"})");
  ring();
  take_asked();
  time_passes(std::chrono::minutes{1});
  const std::string error = "Your session has expired; log in again and connect anew";
  say("make_call", to("ben", with_offer()));
  say("answer_call", to("ben", with_answer()));
  EXPECT_THAT(take(), ElementsAre(failed(error, "ben"), failed(error, "ben")));
  say("ice_candidate", to("ben", with_candidate()));
  say("decline_call", to("ben"));
  EXPECT_THAT(core.asked, ElementsAre(StartsWith("signal 01/phone 07 "), "reject 01/phone 07"));
}

}  // namespace
}  // namespace belfry::gateway::testing
