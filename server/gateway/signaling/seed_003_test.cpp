// What the published client of seed 003 needs beyond that seed's page: it shows an error for a failure event that it did not
// cause. SPEC W-003-04 to W-003-12; how it writes descriptions is in seed_003_descriptions_test.cpp.
#include "gateway/signaling/seed_003_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

using call::EndReason;
using calls::PeerDeparture;

class Seed003 : public RegisteredPage {};

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
