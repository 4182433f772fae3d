// ICE candidates of the signaling dialect, both ways, and descriptions that come a moment later than the call.
#include "gateway/signaling/signaling_stage_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

class SignalingSignals : public RegisteredPage {
 protected:
  void SetUp() override {
    RegisteredPage::SetUp();
    ringing = ring();
  }
  calls::CallView ringing;
};

class LateDescriptions : public RegisteredPage {
 protected:
  static std::string incoming(std::string_view offer) {
    return R"(incoming_call {"from":"ben","offer":)" + std::string(offer) + "}";
  }
  static std::string answered(std::string_view answer) {
    return R"(call_answered {"from":"ben","answer":)" + std::string(answer) + "}";
  }
  calls::CallView incoming_call = call(kBen, kAnn, 7);
  calls::CallView own_call = call(kAnn, kBen, 7, call::Status::connected);
};

// --- from the page --------------------------------------------------------------------------------------------------

// R-003-11, R-003-23
TEST_F(SignalingSignals, ACandidateIsPassedOnUnchanged) {
  const std::string candidate = R"({ "candidate" : "a=\u0062", "sdpMLineIndex": 0 })";
  say("ice_candidate", to("ben", R"(,"candidate":)" + candidate), 1);
  EXPECT_THAT(core.asked, ElementsAre("signal 01/phone 07 candidate " + candidate + " 0"));
  EXPECT_THAT(take(), IsEmpty());
  done();
  EXPECT_THAT(take(), ElementsAre(good(1)));
}

TEST_F(SignalingSignals, ANullCandidateIsTheEndOfCandidates) {
  say("ice_candidate", to("ben", R"(,"candidate":null)"));
  EXPECT_THAT(core.asked, ElementsAre("signal 01/phone 07 candidate null 0"));
}

// A page that sends `e.candidate?.toJSON()` sends no candidate at the end.
TEST_F(SignalingSignals, NoCandidateMeansTheEndOfCandidatesToo) {
  say("ice_candidate", to("ben"), 1);
  EXPECT_THAT(core.asked, ElementsAre("signal 01/phone 07 candidate null 0"));
  done();
  EXPECT_THAT(take(), ElementsAre(good(1)));
}

// A browser keeps sending candidates to a peer who has just gone: that is no fault of the page.
TEST_F(SignalingSignals, ACandidateForALostPeerIsDroppedButTooManyAreRefused) {
  for (const Refusal why : {Refusal::peer_offline, Refusal::not_active, Refusal::call_not_found}) {
    say("ice_candidate", to("ben", with_candidate()));
    refused(why);
    EXPECT_THAT(take(), IsEmpty());
  }
  say("ice_candidate", to("ben", with_candidate()), 1);
  refused(Refusal::peer_offline);
  EXPECT_THAT(take(), ElementsAre(StartsWith(R"(ack 1 {"success":false,"error":{"code":"PEER_OFFLINE")")));
  say("ice_candidate", to("ben", with_candidate()));
  refused(Refusal::too_many_signals);
  EXPECT_THAT(take(), ElementsAre(failed("Too many candidates wait for the other side", "ben")));
}

TEST_F(SignalingSignals, ACandidateThatCrossesTheEndOfItsCallIsDroppedSilently) {
  notify_ended(over(kBen, kAnn, 7, call::EndReason::hangup, kBen));
  take();
  say("ice_candidate", to("ben", with_candidate()), 1);
  EXPECT_THAT(take(), ElementsAre(no_call(1)));
  EXPECT_THAT(core.asked, IsEmpty());
}

// C-02 `signal`
TEST_F(SignalingSignals, CandidatesBeyondTheLimitAreRefusedUntilTimeHasPassed) {
  limit = {.max = 3, .window = std::chrono::seconds{3}};
  clock.passed = std::chrono::minutes{1};
  for (int n = 0; n < 3; ++n) say("ice_candidate", to("ben", with_candidate()));
  EXPECT_EQ(take_asked().size(), 3U);
  say("ice_candidate", to("ben", with_candidate()));
  EXPECT_THAT(take(), ElementsAre(failed("Rate limit: too many candidates; try again in a few seconds", "ben")));
  EXPECT_THAT(core.asked, IsEmpty());
  time_passes(std::chrono::milliseconds{1001});
  say("ice_candidate", to("ben", with_candidate()));
  EXPECT_EQ(core.asked.size(), 1U);
}

// --- to the page ----------------------------------------------------------------------------------------------------

// R-003-23
TEST_F(SignalingSignals, APeersCandidateIsSentWithTheirNameAndUnchanged) {
  pass_signal(ringing, kBen, calls::SignalKind::candidate, R"({"candidate": "x"})");
  pass_signal(ringing, kBen, calls::SignalKind::candidates_end, R"({"of":"native"})");
  EXPECT_THAT(take(), ElementsAre(R"(ice_candidate {"from":"ben","candidate":{"candidate": "x"}})",
                                  R"(ice_candidate {"from":"ben","candidate":null})"));
  EXPECT_EQ(signaling.counts().relayed_candidates, 2U);
}

// This dialect has one offer and one answer a ring.
TEST_F(SignalingSignals, ASecondDescriptionOrARestartIsNotSentWhileItRings) {
  pass_signal(ringing, kBen, calls::SignalKind::offer, R"({"sdp":"2"})");
  pass_signal(ringing, kBen, calls::SignalKind::restart, R"({"sdp":"3"})");
  EXPECT_THAT(take(), IsEmpty());
}

// --- descriptions that come late (SPEC 2.5) -------------------------------------------------------------------------

TEST_F(LateDescriptions, ACallWithoutAnOfferWaitsTwoSecondsForIt) {
  notify_incoming(incoming_call, "");
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_EQ(signaling.next_deadline(), clock.now() + std::chrono::seconds{2});
  pass_signal(incoming_call, kBen, calls::SignalKind::offer, kOffer);
  EXPECT_THAT(take(), ElementsAre(incoming(kOffer)));
  time_passes(std::chrono::seconds{2});
  EXPECT_THAT(take(), IsEmpty()) << "it has rung";
  EXPECT_EQ(signaling.next_deadline(), protocol::kNever);
}

TEST_F(LateDescriptions, ACallRingsWithoutItsOfferAfterTwoSecondsAndAgainWhenTheOfferComes) {
  notify_incoming(incoming_call, "");
  time_passes(std::chrono::milliseconds{1999});
  EXPECT_THAT(take(), IsEmpty());
  time_passes(std::chrono::milliseconds{1});
  EXPECT_THAT(take(), ElementsAre(incoming("null")));
  pass_signal(incoming_call, kBen, calls::SignalKind::offer, kOffer);
  EXPECT_THAT(take(), ElementsAre(incoming(kOffer)));
}

// W-001-03: a caller of seed 001 offers when it is accepted
TEST_F(LateDescriptions, AnOfferAfterTheAnswerRingsAgainAndTheNextAnswerIsASignal) {
  notify_incoming(incoming_call, "");
  time_passes(std::chrono::seconds{2});
  say("answer_call", to("ben", R"(,"answer":"none")"));
  done(call(kBen, kAnn, 7, call::Status::connected));
  take();
  take_asked();
  pass_signal(call(kBen, kAnn, 7, call::Status::connected), kBen, calls::SignalKind::offer, R"({"type":"offer","sdp":"v=0"})");
  EXPECT_THAT(take(), ElementsAre(R"(incoming_call {"from":"ben","offer":"v=0","iceCandidates":[]})"));
  say("answer_call", to("ben", R"(,"answer":"none")"), 1);
  EXPECT_THAT(take_asked(), ElementsAre(StartsWith("accept "))) << "the first answer once more is a repeat";
  say("answer_call", to("ben", R"(,"answer":"v=1","iceCandidates":[{"candidate":"c"}])"), 2);
  EXPECT_THAT(take_asked(), ElementsAre(R"(signal 01/phone 07 answer {"type":"answer","sdp":"v=1"} 0)",
                                        R"(signal 01/phone 07 candidate {"candidate":"c"} 0)"));
  say("answer_call", to("ben", R"(,"answer":"v=1")"));
  EXPECT_THAT(take_asked(), ElementsAre(StartsWith("accept "))) << "each offer has one answer";
}

// W-001-03
TEST_F(LateDescriptions, ARenegotiationIsAnIncomingCallToEitherSideAndItsAnswerASignal) {
  notify_accepted(own_call, kAnswer);
  take();
  pass_signal(own_call, kBen, calls::SignalKind::offer, kOffer);
  EXPECT_THAT(take(), ElementsAre(incoming(kOffer)));
  say("answer_call", to("ben", with_answer()), 1);
  EXPECT_THAT(take_asked(), ElementsAre("signal 01/phone 07 answer " + kAnswer + " 0"));
  refused(Refusal::peer_offline);
  EXPECT_THAT(take(), ElementsAre(StartsWith(R"(ack 1 {"success":false)"), StartsWith("call_failed ")));
}

TEST_F(LateDescriptions, AnAcceptedCallWaitsTwoSecondsForItsAnswer) {
  notify_accepted(own_call, "");
  EXPECT_THAT(take(), IsEmpty());
  time_passes(std::chrono::seconds{2});
  EXPECT_THAT(take(), ElementsAre(answered("null")));
  pass_signal(own_call, kBen, calls::SignalKind::answer, kAnswer);
  EXPECT_THAT(take(), ElementsAre(answered(kAnswer)));
}

// K58
TEST_F(LateDescriptions, AnAcceptedCallWaitsFiveSecondsForTheAnswerOfACalleeWithAPeer) {
  peer_of = kBen.user();
  notify_accepted(own_call, "");
  notify_incoming(call(kCid, kAnn, 8), "");
  time_passes(std::chrono::seconds{2});
  EXPECT_THAT(take(), ElementsAre(HasSubstr("incoming_call"))) << "an earlier end of a wait that began later";
  time_passes(std::chrono::milliseconds{2999});
  EXPECT_THAT(take(), IsEmpty());
  time_passes(std::chrono::milliseconds{1});
  EXPECT_THAT(take(), ElementsAre(answered("null")));
}

TEST_F(LateDescriptions, ACallThatEndsBeforeItsOfferComesIsNeverShown) {
  notify_incoming(incoming_call, "");
  notify_cancelled(over(kBen, kAnn, 7, call::EndReason::cancelled, kBen));
  notify_incoming(call(kCid, kAnn, 8), "");
  notify_answered_elsewhere(call(kCid, kAnn, 8, call::Status::connected));
  notify_incoming(call(kCid, kAnn, 9), "");
  notify_declined_elsewhere(over(kCid, kAnn, 9, call::EndReason::declined, kAnn));
  time_passes(std::chrono::seconds{2});
  EXPECT_THAT(take(), IsEmpty());
}

TEST_F(LateDescriptions, APageThatClosesWhileADescriptionIsAwaitedIsSentNothing) {
  notify_incoming(incoming_call, "");
  router.on_disconnected(at, protocol::DisconnectReason::client_left);
  time_passes(std::chrono::seconds{2});
  EXPECT_THAT(take(), IsEmpty());
}

}  // namespace
}  // namespace belfry::gateway::testing
