// What the signaling dialect sends a page: one test for each notice of app/calls, and that events of an older call do not reach a
// newer one with the same peer.
#include "gateway/signaling/signaling_stage_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

using call::EndReason;

class SignalingNotices : public RegisteredPage {
 protected:
  static std::string ended(std::string_view from, std::string_view reason = "") {
    return R"(call_ended {"from":")" + std::string(from) + "\"" +
           (reason.empty() ? "}" : R"(,"reason":")" + std::string(reason) + R"("})");
  }
};

// --- ringing and answered -------------------------------------------------------------------------------------------

// R-003-14
TEST_F(SignalingNotices, ACallRingsWithItsOfferUnchanged) {
  notify_incoming(call(kBen, kAnn, 7), R"({ "sdp": "x" })");
  EXPECT_THAT(take(), ElementsAre(R"(incoming_call {"from":"ben","offer":{ "sdp": "x" }})"));
}

// R-003-15
TEST_F(SignalingNotices, AnAnswerIsSentToTheCallerAndNotToThePageThatAnswered) {
  notify_accepted(call(kAnn, kBen, 7, call::Status::connected), kAnswer);
  EXPECT_THAT(take(), ElementsAre(R"(call_answered {"from":"ben","answer":)" + kAnswer + "}"));
  notify_accepted(call(kCid, kAnn, 8, call::Status::connected), kAnswer);
  EXPECT_THAT(take(), IsEmpty());
}

TEST_F(SignalingNotices, AnsweredOrDeclinedOnAnotherDeviceEndsTheRingOfThisOne) {
  notify_answered_elsewhere(ring(7));
  EXPECT_THAT(take(), ElementsAre(ended("ben", "answered_elsewhere")));
  notify_declined_elsewhere(ring(8));
  EXPECT_THAT(take(), ElementsAre(ended("ben", "declined_elsewhere")));
}

// Terminal events, each exactly once.
TEST_F(SignalingNotices, APageThatStoppedRingingGetsNoSecondEndWhenTheOtherDeviceHangsUp) {
  notify_answered_elsewhere(ring());
  take();
  notify_ended(over(kBen, kAnn, 7, EndReason::hangup, kAnn));
  EXPECT_THAT(take(), IsEmpty());
}

// This dialect has no events for them.
TEST_F(SignalingNotices, ProgressPeerStatesAndGlareAreNotSent) {
  const auto view = ring();
  notify(calls::Progress{view, calls::Progress::State::ringing, true});
  notify(calls::PeerState{view, kBen.user(), calls::PeerState::State::reconnecting});
  notify(calls::Glare{view, {}});
  EXPECT_THAT(take(), IsEmpty());
}

// --- how it ends ----------------------------------------------------------------------------------------------------

// R-003-16
TEST_F(SignalingNotices, ADeclineIsSentToTheCaller) {
  notify_rejected(over(kAnn, kBen, 7, EndReason::declined, kBen));
  EXPECT_THAT(take(), ElementsAre(R"(call_declined {"from":"ben"})"));
}

// R-003-17
TEST_F(SignalingNotices, ACallerWhoCancelsStopsTheRingAndIsSentNothing) {
  ring();
  notify_cancelled(over(kBen, kAnn, 7, EndReason::cancelled, kBen));
  EXPECT_THAT(take(), ElementsAre(ended("ben", "cancelled")));
  notify_cancelled(over(kAnn, kBen, 8, EndReason::cancelled, kAnn), Doer::this_page);
  EXPECT_THAT(take(), IsEmpty());
}

// R-003-18, R-003-19
// W-003-05
TEST_F(SignalingNotices, ATimeoutIsAnEventForBothAndAnEndForTheCallee) {
  notify_missed(over(kAnn, kBen, 7, EndReason::timeout));
  notify_missed(over(kBen, kAnn, 8, EndReason::timeout));
  EXPECT_THAT(take(), ElementsAre(R"(call_timeout {"user":"ben"})", R"(call_timeout {"user":"ben"})", ended("ben", "timeout")));
}

TEST_F(SignalingNotices, AnyOtherMissedCallEndsWithItsReason) {
  notify_missed(over(kAnn, kBen, 7, EndReason::unreachable));
  notify_missed(over(kBen, kAnn, 8, EndReason::caller_disconnected));
  EXPECT_THAT(take(), ElementsAre(ended("ben", "disconnected"), ended("ben", "disconnected")));
}

// R-003-17
TEST_F(SignalingNotices, AHangUpHasNoReasonAndEveryOtherEndHas) {
  notify_ended(over(kAnn, kBen, 7, EndReason::hangup, kBen));
  notify_ended(over(kAnn, kBen, 8, EndReason::connection_lost));
  notify_ended(over(kAnn, kBen, 9, EndReason::hangup, kAnn), Doer::this_page);
  EXPECT_THAT(take(), ElementsAre(ended("ben"), ended("ben", "disconnected")));
}

// T-25: a user who dials again from a new page needs no end of the old call.
TEST_F(SignalingNotices, TheEndIsNotSentToTheUserWhoReplacedTheCallByANewOne) {
  notify_ended(over(kAnn, kBen, 7, EndReason::superseded, kAnn));
  notify_cancelled(over(kAnn, kBen, 8, EndReason::superseded, kAnn));
  EXPECT_THAT(take(), IsEmpty());
  notify_ended(over(kAnn, kBen, 9, EndReason::superseded, kBen));
  EXPECT_THAT(take(), ElementsAre(ended("ben", "superseded"))) << "the peer's new call";
}

// --- a call is named by its peer ------------------------------------------------------------------------------------

// An end names only the peer, so it would end the newer call on the page.
TEST_F(SignalingNotices, TheEndOfAnOlderCallIsNotSentWhileANewerOneWithThatPeerIsOn) {
  ring(7);
  ring(8);
  for (const EndReason reason : {EndReason::cancelled, EndReason::hangup, EndReason::timeout, EndReason::declined}) {
    notify_cancelled(over(kBen, kAnn, 7, reason, kBen));
    notify_missed(over(kBen, kAnn, 7, reason));
    notify_rejected(over(kAnn, kBen, 9, reason, kBen));
  }
  EXPECT_THAT(take(), IsEmpty());
  ring(10);
  notify_ended(over(kBen, kAnn, 8, EndReason::hangup, kBen));
  EXPECT_THAT(take(), IsEmpty());
  notify_ended(over(kBen, kAnn, 10, EndReason::hangup, kBen));
  EXPECT_THAT(take(), ElementsAre(ended("ben")));
}

TEST_F(SignalingNotices, APageMeansItsNewestCallWithAPeer) {
  ring(7);
  say("end_call", to("ben"));
  done();
  say("make_call", to("ben", with_offer()));
  say("end_call", to("ben"));
  EXPECT_EQ(core.asked.back(), "cancel 01/phone 71");
}

TEST_F(SignalingNotices, CallsOfDifferentPeersAreIndependent) {
  ring(7);
  notify_incoming(call(kCid, kAnn, 8), kOffer);
  take();
  notify_ended(over(kCid, kAnn, 8, EndReason::hangup, kCid));
  EXPECT_THAT(take(), ElementsAre(ended("cid")));
  say("decline_call", to("ben"));
  EXPECT_EQ(core.asked.back(), "reject 01/phone 07");
}

// A page that stays open for a day must not collect all calls of that day.
TEST_F(SignalingNotices, APageRemembersItsLastFewEndedCalls) {
  for (std::uint8_t id = 10; id < 20; ++id) {
    const std::string peer = "peer" + std::to_string(id);
    const Somebody other{id, peer.c_str()};
    notify_incoming(call(other, kAnn, id), kOffer);
    notify_ended(over(other, kAnn, id, EndReason::hangup, other));
  }
  take();
  say("end_call", to("peer19"));
  EXPECT_THAT(core.asked, ElementsAre("cancel 01/phone 13")) << "it crossed the end, so the core is asked";
  take_asked();
  say("end_call", to("peer15"), 1);
  EXPECT_THAT(take(), ElementsAre(no_call(1)));
  EXPECT_THAT(core.asked, IsEmpty());
}

// --- the page itself ------------------------------------------------------------------------------------------------

// R-003-24, X-28
TEST_F(SignalingNotices, AReplacedOrLoggedOutPageGetsTheReasonAndIsClosed) {
  notify(sessions::Replaced{});
  notify(sessions::LoginEnded{});
  EXPECT_THAT(take(), ElementsAre(R"(force_disconnect {"reason":"New login detected"})", "close",
                                  R"(force_disconnect {"reason":"Login ended"})", "close"));
}

}  // namespace
}  // namespace belfry::gateway::testing
