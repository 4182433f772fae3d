// What the published client of seed 003 needs beyond that seed's page: it writes its SDP as text, sends its candidates beside it,
// and shows an error for a failure event that it did not cause. SPEC W-003-01 to W-003-12.
#include "gateway/signaling/signaling_stage_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

using call::EndReason;
using calls::PeerDeparture;

const std::string kSdp = R"("v=0\r\ns=-\r\n")";  // JSON, with its quotes
const std::string kCandidate = R"({"candidate":"candidate:1 1 udp","sdpMid":"0","sdpMLineIndex":0})";

std::string as_object(std::string_view type, std::string_view sdp) {
  return R"({"type":")" + std::string(type) + R"(","sdp":)" + std::string(sdp) + "}";
}
std::string member(std::string_view name, std::string_view json) { return ",\"" + std::string(name) + "\":" + std::string(json); }
std::string with_candidates(std::string_view array) { return member("iceCandidates", array); }
std::string said(std::string_view event, const std::string& members) {
  return std::string(event) + R"( {"from":"ben")" + members + "}";
}

class Seed003 : public RegisteredPage {
 protected:
  void notify_incoming_from(const call::Description& offer, std::uint8_t id = 7) {
    store::StoredCall offered = *call(kBen, kAnn, id);
    offered.row.offer = offer;
    notify(calls::IncomingCall{std::make_shared<const store::StoredCall>(std::move(offered))});
  }
  void notify_accepted_with(const call::Description& answer) {
    notify(calls::CallAccepted{call(kAnn, kBen, 0x71, call::Status::connected), {}, answer});
  }
  void dial_with(const std::string& offer) {
    say("make_call", to("ben", member("offer", offer)));
    done(call(kAnn, kBen, 0x71));
    take_asked();
  }
};

// --- SDP as text ----------------------------------------------------------------------------------------------------

// W-003-01
TEST_F(Seed003, SdpAsTextIsAnOfferAndAnAnswer) {
  say("make_call", to("ben", member("offer", R"("v=0\r\nm=video 9 UDP 96\r\n")")), 1);
  ASSERT_TRUE(core.started);
  EXPECT_EQ(core.started->offer, call::Description::with_candidates(R"("v=0\r\nm=video 9 UDP 96\r\n")", ""));
  EXPECT_EQ(core.started->media, call::CallType::video);
  done(call(kAnn, kBen, 0x71));
  EXPECT_THAT(take(), ElementsAre(good(1)));
  ring();
  take_asked();
  say("answer_call", to("ben", member("answer", kSdp)));
  EXPECT_THAT(core.asked, ElementsAre("accept 01/phone 07 " + kSdp));
}

// W-003-01: a string stays a string, for who has shown nothing else.
TEST_F(Seed003, AnOfferOrAnswerIsPassedOnAsTheSameJsonValue) {
  notify_incoming_from(call::Description::with_candidates(kSdp, ""));
  EXPECT_THAT(take(), ElementsAre(said("incoming_call", member("offer", kSdp))));
  notify_accepted_with(call::Description::with_candidates(kSdp, ""));
  EXPECT_THAT(take(), ElementsAre(said("call_answered", member("answer", kSdp))));
}

// W-003-01
TEST_F(Seed003, ADescriptionThatIsNeitherObjectNorTextIsRefused) {
  const std::string full(std::size_t{256} * 1024 - 2, 'v');
  const std::string error = "Field 'offer' must be an object or SDP text";
  for (const auto& [offer, why] : {std::pair<std::string, std::string>{R"("")", error},
                                   {"null", error},
                                   {"7", error},
                                   {"false", error},
                                   {"[]", error},
                                   {R"("v=0\u0000")", error},
                                   {R"("v=0\\\u0000")", error},
                                   {"\"" + full + "v\"", "Field 'offer' is too large"}}) {
    say("make_call", to("ben", member("offer", offer)), 1);
    EXPECT_THAT(take(), ElementsAre(failed(why, "ben"), invalid(1, why))) << offer.substr(0, 20);
  }
  say_binary("make_call", to("ben", member("offer", kSdp)));
  EXPECT_THAT(take(), ElementsAre(failed("The payload must be JSON, without anything binary in it", "ben")));
  EXPECT_THAT(core.asked, IsEmpty());
  say("make_call", to("ben", member("offer", "\"" + full + "\"")));
  say("make_call", to("cid", member("offer", R"("v=0\\u0000")")));
  EXPECT_EQ(take_asked().size(), 2U) << "the last one is a backslash and five letters";
}

// --- candidates beside it -------------------------------------------------------------------------------------------

// W-003-02
TEST_F(Seed003, IceCandidatesOfAnEventBelongToItsDescription) {
  for (const std::string& candidates : {"[]" + std::string(), "[" + kCandidate + "]", "[" + kCandidate + ", " + kCandidate + "]"})
    for (const std::string& offer : {kSdp, kOffer}) {
      say("make_call", to("ben", member("offer", offer) + with_candidates(candidates)));
      EXPECT_EQ(core.started->offer, call::Description::with_candidates(offer, candidates));
      refused(Refusal::recipient_busy);
    }
  ring();
  say("answer_call", to("ben", member("answer", kSdp) + with_candidates("[" + kCandidate + "]")));
  EXPECT_EQ(core.accepted, call::Description::with_candidates(kSdp, "[" + kCandidate + "]"));
}

// W-003-02: to who writes objects as well; the keys stay as they were if there are none.
TEST_F(Seed003, IceCandidatesArePassedOnAndAbsentIfNoneWereSent) {
  dial_with(kOffer);
  take();
  for (const std::string candidates : {"[]", "[{}]"}) {
    notify_incoming_from(call::Description::with_candidates(kOffer, candidates));
    EXPECT_THAT(take(), ElementsAre(said("incoming_call", member("offer", kOffer) + with_candidates(candidates))));
    notify_accepted_with(call::Description::with_candidates(kAnswer, candidates));
    EXPECT_THAT(take(), ElementsAre(said("call_answered", member("answer", kAnswer) + with_candidates(candidates))));
  }
  notify_incoming_from(call::Description(kOffer));
  EXPECT_THAT(take(), ElementsAre(said("incoming_call", member("offer", kOffer))));
}

// W-003-02
TEST_F(Seed003, IceCandidatesMustBeAnArrayOfAtMost64Objects) {
  const auto many = [](std::size_t count, const std::string& each) {
    std::string list = "[" + each;
    for (std::size_t n = 1; n < count; ++n) list += "," + each;
    return list + "]";
  };
  const std::string error = "Field 'iceCandidates' must be an array of at most 64 objects";
  const std::string wide = R"({"candidate":")" + std::string(5000, 'c') + R"("})";
  for (const auto& [candidates, why] : {std::pair<std::string, std::string>{"null", error},
                                        {"{}", error},
                                        {R"("[]")", error},
                                        {"7", error},
                                        {R"(["candidate:1"])", error},
                                        {"[null]", error},
                                        {many(65, "{}"), error},
                                        {many(60, wide), "Field 'iceCandidates' is too large"}}) {
    say("make_call", to("ben", with_offer() + with_candidates(candidates)), 1);
    EXPECT_THAT(take(), ElementsAre(failed(why, "ben"), invalid(1, why))) << candidates.substr(0, 20);
  }
  EXPECT_THAT(core.asked, IsEmpty());
  say("make_call", to("ben", with_offer() + with_candidates(many(64, kCandidate))));
  EXPECT_EQ(core.asked.size(), 1U);
}

// --- between clients that write it differently ----------------------------------------------------------------------

// W-003-03
TEST_F(Seed003, AClientThatSentSdpAsTextGetsSdpAsTextAndAlwaysIceCandidates) {
  dial_with(kSdp);
  take();
  const std::string text = R"("v=0")";
  notify_incoming_from(call::Description(R"({"type":"offer","sdp":"v=0"})"));
  notify_accepted_with(call::Description(kAnswer));
  EXPECT_THAT(take(), ElementsAre(said("incoming_call", member("offer", text) + with_candidates("[]")),
                                  said("call_answered", member("answer", text) + with_candidates("[]"))));
  notify_incoming_from(call::Description::with_candidates(kSdp, "[{}]"));
  EXPECT_THAT(take(), ElementsAre(said("incoming_call", member("offer", kSdp) + with_candidates("[{}]"))));
  notify_incoming_from(call::Description(R"({"type":"offer"})"));
  EXPECT_THAT(take(), ElementsAre(said("incoming_call", member("offer", R"({"type":"offer"})") + with_candidates("[]"))))
      << "there is no text in it";
}

// W-003-03: also of a description that comes late, from a dialect which sends it by itself.
TEST_F(Seed003, ALateDescriptionIsTextForAClientThatSentText) {
  dial_with(kSdp);
  take();
  const auto ringing = call(kBen, kAnn, 7);
  notify_incoming(ringing, "");
  pass_signal(ringing, kBen, calls::SignalKind::offer, R"({"type":"offer","sdp":"v=0"})");
  EXPECT_THAT(take(), ElementsAre(said("incoming_call", member("offer", R"("v=0")") + with_candidates("[]"))));
}

// W-003-03: what it wrote last counts.
TEST_F(Seed003, AClientThatCalledWithAnObjectGetsATextAnswerAsAnObject) {
  dial_with(kSdp);
  dial_with(kOffer);
  take();
  notify_accepted_with(call::Description::with_candidates(kSdp, "[]"));
  EXPECT_THAT(take(), ElementsAre(said("call_answered", member("answer", as_object("answer", kSdp)) + with_candidates("[]"))));
}

// W-003-03: a lost socket that comes back, as on another shard, is the same client.
TEST_F(Seed003, ARecoveredClientGetsSdpInTheFormItSentBefore) {
  dial_with(kSdp);
  router.on_suspended(at);
  const std::string state = router.on_detached(at, 1, "");
  const SessionAddress before = std::exchange(at, {.shard = 0, .node = 0, .slot = 9, .generation = 3});
  router.on_recovered(at, before, state);
  take();
  notify_incoming_from(call::Description(kOffer));
  EXPECT_THAT(take(), ElementsAre(StartsWith(R"(incoming_call {"from":"ben","offer":"v=0)")));
  say("end_call", to("ben"));
  EXPECT_EQ(core.asked.back(), "cancel 01/phone 07");
}

// --- no event without a call ----------------------------------------------------------------------------------------

// W-003-06
TEST_F(Seed003, CandidatesSentBeforeTheCallFollowItsStart) {
  say("ice_candidate", to("ben", with_candidate()), 1);
  say("ice_candidate", to("ben", member("candidate", R"({"candidate":"c2"})")), 2);
  say("ice_candidate", to("cid", member("candidate", R"({"candidate":"other"})")));
  EXPECT_THAT(take(), ElementsAre(no_call(1), no_call(2))) << "and no event";
  EXPECT_THAT(core.asked, IsEmpty());
  time_passes(std::chrono::milliseconds{9'999});
  say("make_call", to("ben", with_offer()));
  say("ice_candidate", to("ben", member("candidate", R"({"candidate":"c3"})")));
  EXPECT_THAT(core.asked, ElementsAre("start 01/phone 02 " + kOffer, R"(signal 01/phone 71 candidate {"candidate":"c1"} 0)",
                                      R"(signal 01/phone 71 candidate {"candidate":"c2"} 0)",
                                      R"(signal 01/phone 71 candidate {"candidate":"c3"} 0)"));
}

// W-003-06
TEST_F(Seed003, CandidatesSentBeforeTheCallAreDroppedAfterTenSeconds) {
  say("ice_candidate", to("ben", with_candidate()));
  EXPECT_EQ(signaling.next_deadline(), clock.now() + std::chrono::seconds{10});
  time_passes(std::chrono::seconds{10});
  EXPECT_EQ(signaling.next_deadline(), protocol::kNever);
  say("make_call", to("ben", with_offer()));
  EXPECT_THAT(core.asked, ElementsAre(StartsWith("start ")));
}

// W-003-06: no call can follow to a name that is not registered, or to oneself.
TEST_F(Seed003, CandidatesForAnUnknownNameOrOneselfAreDropped) {
  for (const std::string_view peer : {"zoe", "ann"}) say("ice_candidate", to(peer, with_candidate()), 1);
  EXPECT_THAT(take(), ElementsAre(no_call(1), no_call(1)));
  EXPECT_EQ(signaling.next_deadline(), protocol::kNever);
}

TEST_F(Seed003, WaitingCandidatesAreDroppedWhenTheirSenderChangesItsName) {
  say("ice_candidate", to("cid", with_candidate()));
  say("register_user", R"({"userId":"ben"})");
  take_asked();
  say("make_call", R"({"to":"cid","from":"ben")" + with_offer() + "}");
  EXPECT_THAT(take_asked(), ElementsAre(StartsWith("start 02/phone 03 ")));
  say("ice_candidate", R"({"to":"ann","from":"ben")" + with_candidate() + "}");
  say("logout_user", R"({"userId":"ben"})");
  say("register_user", R"({"userId":"ben"})");
  take_asked();
  say("make_call", R"({"to":"ann","from":"ben")" + with_offer() + "}");
  EXPECT_THAT(take_asked(), ElementsAre(StartsWith("start 02/phone 01 ")));
}

TEST_F(Seed003, WaitingCandidatesAreDroppedWhenTheStartIsRefused) {
  core.refuses_starts = Refusal::rate_limited;
  say("ice_candidate", to("ben", with_candidate()));
  say("make_call", to("ben", with_offer()));
  EXPECT_THAT(core.asked, ElementsAre(StartsWith("start ")));
}

// W-003-07
TEST_F(Seed003, EndingOrDecliningWithoutACallIsAnsweredOnlyByTheAcknowledgement) {
  say("end_call", to("cid"), 1);
  say("decline_call", to("cid"), 2);
  EXPECT_THAT(take(), ElementsAre(no_call(1), no_call(2)));
  EXPECT_THAT(core.asked, IsEmpty());
  ring();
  say("end_call", to("ben"), 3);
  say("end_call", to("ben"), 4);
  done(over(kBen, kAnn, 7, EndReason::cancelled, kAnn), 0);
  done(over(kBen, kAnn, 7, EndReason::cancelled, kAnn), 1);
  EXPECT_THAT(take(), ElementsAre(good(3), no_call(4))) << "it asked twice";
  say("decline_call", to("ben"), 5);
  refused(Refusal::call_not_found);
  EXPECT_THAT(take(), ElementsAre(no_call(5))) << "and once more";
}

// W-003-07: both hang up at once; to the core the second one succeeds.
TEST_F(Seed003, AHangUpThatCrossesThePeersIsAnsweredOnlyByTheAcknowledgement) {
  ring();
  say("end_call", to("ben"), 1);
  done(over(kBen, kAnn, 7, EndReason::hangup, kBen));
  EXPECT_THAT(take(), ElementsAre(no_call(1)));
}

// W-003-07
TEST_F(Seed003, AMalformedOrForgedEndOrDeclineFailsWithAnEvent) {
  say("end_call", R"({"to":7})");
  say("decline_call", R"({"to":"ben","from":"cid"})");
  EXPECT_THAT(take(), ElementsAre(failed("Field 'to' must be a string", ""),
                                  failed("Field 'from' is not the user registered on this connection", "ben")));
}

// --- a page that was loaded again ------------------------------------------------------------------------------------

// T-18: it keeps the call that it took over by registering, until it dials somebody else.
TEST_F(Seed003, DiallingHangsUpACallThatThePageTookOverAndHasNotSpokenOf) {
  const auto on_taken_over = [&] { return core.started.value_or(calls::StartCall{}).taken_over; };
  ring();
  say("make_call", to("cid", with_offer()));
  EXPECT_EQ(on_taken_over(), calls::OnTakenOver::hang_up) << "being rung is no event of its own";
  refused(Refusal::caller_busy);
  core.under_way = {{"cid", calls::CallId(uuid(8))}};
  say("ice_candidate", to("cid", with_candidate()));
  say("make_call", to("zoe", with_offer()));
  EXPECT_EQ(on_taken_over(), calls::OnTakenOver::fail) << "it has taken up its part in the call with Cid";
}

TEST_F(Seed003, DiallingHangsUpNothingThatThePageDialledItself) {
  dial();
  say("make_call", to("cid", with_offer()));
  EXPECT_EQ(core.started.value_or(calls::StartCall{}).taken_over, calls::OnTakenOver::fail);
  refused(Refusal::caller_busy);
  notify_ended(over(kAnn, kBen, 0x71, EndReason::hangup, kBen));
  say("make_call", to("cid", with_offer()));
  EXPECT_EQ(core.started.value_or(calls::StartCall{}).taken_over, calls::OnTakenOver::hang_up) << "that call is over";
}

// --- words ----------------------------------------------------------------------------------------------------------

// W-003-04
TEST_F(Seed003, LoggingOutIsConfirmedOnceTheNameIsFree) {
  say("logout_user", R"({"userId":"ann"})");
  EXPECT_THAT(core.asked, ElementsAre("gone 01 3"));
  EXPECT_THAT(take(), ElementsAre(R"(unkept logout_success {"userId":"ann"})"));
}

// W-003-05
TEST_F(Seed003, ATimeoutIsSentToTheCalleeBeforeTheEnd) {
  notify_missed(over(kBen, kAnn, 7, EndReason::timeout));
  EXPECT_THAT(take(), ElementsAre(R"(call_timeout {"user":"ben"})", R"(call_ended {"from":"ben","reason":"timeout"})"));
}

// W-003-08
TEST_F(Seed003, TheEndCausedByALostUserSaysDisconnectedOrLoggedOut) {
  const auto reason = [](const std::string& word) { return R"(call_ended {"from":"ben","reason":")" + word + R"("})"; };
  std::uint8_t id = 10;
  for (const auto& [departure, word] :
       {std::pair{PeerDeparture::left, "disconnected"}, {PeerDeparture::logged_out, "logged out"}}) {
    notify(calls::CallEnded{over(kAnn, kBen, ++id, EndReason::hangup, kBen), {kBen.user(), {}, departure}});
    notify(calls::CallMissed{over(kAnn, kBen, ++id, EndReason::unreachable, kBen), {kBen.user(), {}, departure}});
    notify(calls::CallCancelled{over(kBen, kAnn, ++id, EndReason::caller_disconnected, kBen), {kBen.user(), {}, departure}});
    EXPECT_THAT(take(), ElementsAre(reason(word), reason(word), reason(word)));
  }
  for (const EndReason lost : {EndReason::connection_lost, EndReason::unreachable, EndReason::caller_disconnected}) {
    notify_ended(over(kAnn, kBen, ++id, lost));
    EXPECT_THAT(take(), ElementsAre(reason("disconnected")));
  }
  for (const EndReason other : {EndReason::cancelled, EndReason::superseded, EndReason::server_restart, EndReason::admin}) {
    notify_ended(over(kAnn, kBen, ++id, other));
    EXPECT_THAT(take(), ElementsAre(reason(std::string(to_text(other)))));
  }
}

// W-003-09
TEST_F(Seed003, ACandidateMayBeText) {
  const auto ringing = ring();
  say("ice_candidate", to("ben", member("candidate", R"("candidate:1 1 udp")")));
  EXPECT_THAT(core.asked, ElementsAre(R"(signal 01/phone 07 candidate "candidate:1 1 udp" 0)"));
  pass_signal(ringing, kBen, calls::SignalKind::candidate, R"("candidate:2")");
  EXPECT_THAT(take(), ElementsAre(said("ice_candidate", member("candidate", R"("candidate:2")"))));
  for (const std::string_view candidate : {"true", "7", "[]"}) {
    say("ice_candidate", to("ben", member("candidate", candidate)));
    EXPECT_THAT(take(), ElementsAre(failed("Field 'candidate' must be an object, a string or null", "ben")));
  }
}

// W-003-10
TEST_F(Seed003, RefusalsUseTheTextsOfSeed003) {
  say("make_call", to("zoe", with_offer()), 1);
  refused(Refusal::unreachable);
  const std::string offline = "User not found or offline", busy = "You are already in a call";
  EXPECT_THAT(take(), ElementsAre(refusal(1, "PEER_OFFLINE", offline), failed(offline, "zoe")));
  core.in_a_call = true;
  say("make_call", to("zoe", with_offer()), 2);
  refused(Refusal::unreachable);
  EXPECT_THAT(take(), ElementsAre(refusal(2, "CALLER_BUSY", busy), failed(busy, "zoe")))
      << "also when the dialled user is offline";
  say("make_call", to("ben", with_offer()));
  refused(Refusal::caller_busy, call(kBen, kAnn, 8, call::Status::connected));
  EXPECT_THAT(take(), ElementsAre(failed(busy, "ben"))) << "also with the one it is in a call with";
  say("make_call", to("ben", with_offer()));
  refused(Refusal::caller_busy, call(kBen, kAnn, 8));
  EXPECT_THAT(take(), ElementsAre(R"(call_busy {"targetUser":"ben"})")) << "X-07: they ring each other";
}

// W-003-11
TEST_F(Seed003, FromMayBeLeftOut) {
  say("make_call", R"({"to":"ben")" + with_offer() + "}");
  EXPECT_THAT(take_asked(), ElementsAre("start 01/phone 02 " + kOffer));
  say("ice_candidate", R"({"to":"ben")" + with_candidate() + "}");
  say("end_call", R"({"to":"ben"})");
  EXPECT_THAT(core.asked, ElementsAre(StartsWith("signal 01/phone 71 "), "cancel 01/phone 71"));
  EXPECT_THAT(take(), IsEmpty());
}

// W-003-12
TEST_F(Seed003, AGuestsNameIsNotTakenByAnotherSpelling) {
  core.taken_as = core.entered->spelling;
  const std::string error = "Somebody with another spelling has this name";
  say("register_user", R"({"userId":"a n n"})", 1);
  EXPECT_THAT(take(), ElementsAre(invalid(1, error),
                                  R"(unkept user_registered {"success":false,"userId":"ann","error":")" + error + R"("})"));
  EXPECT_THAT(core.asked, IsEmpty());
  say("register_user", R"({"userId":"ann"})");
  EXPECT_EQ(take_asked().size(), 1U) << "its own spelling";
  core.taken_as.reset();
  say("register_user", R"({"userId":"a n n"})");
  core.taken_as = core.entered->spelling;
  say("register_user", R"({"userId":"a n n"})");
  EXPECT_EQ(take_asked().size(), 2U);
  say("register_user", R"({"userId":"an n"})");
  EXPECT_THAT(take_asked(), IsEmpty());
}

}  // namespace
}  // namespace belfry::gateway::testing
