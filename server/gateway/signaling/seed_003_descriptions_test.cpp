// The published client of seed 003 writes its SDP as text and sends its candidates beside it. SPEC W-003-01 to W-003-03.
#include "gateway/signaling/seed_003_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

const std::string kSdp = R"("v=0\r\ns=-\r\n")";  // JSON, with its quotes
const std::string kCandidate = R"({"candidate":"candidate:1 1 udp","sdpMid":"0","sdpMLineIndex":0})";

std::string as_object(std::string_view type, std::string_view sdp) {
  return R"({"type":")" + std::string(type) + R"(","sdp":)" + std::string(sdp) + "}";
}
std::string with_candidates(std::string_view array) { return member("iceCandidates", array); }

class Seed003Descriptions : public RegisteredPage {
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
TEST_F(Seed003Descriptions, SdpAsTextIsAnOfferAndAnAnswer) {
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
TEST_F(Seed003Descriptions, AnOfferOrAnswerIsPassedOnAsTheSameJsonValue) {
  notify_incoming_from(call::Description::with_candidates(kSdp, ""));
  EXPECT_THAT(take(), ElementsAre(said("incoming_call", member("offer", kSdp))));
  notify_accepted_with(call::Description::with_candidates(kSdp, ""));
  EXPECT_THAT(take(), ElementsAre(said("call_answered", member("answer", kSdp))));
}

// W-003-01
TEST_F(Seed003Descriptions, ADescriptionThatIsNeitherObjectNorTextIsRefused) {
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
TEST_F(Seed003Descriptions, IceCandidatesOfAnEventBelongToItsDescription) {
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
TEST_F(Seed003Descriptions, IceCandidatesArePassedOnAndAbsentIfNoneWereSent) {
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
TEST_F(Seed003Descriptions, IceCandidatesMustBeAnArrayOfAtMost64Objects) {
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
TEST_F(Seed003Descriptions, AClientThatSentSdpAsTextGetsSdpAsTextAndAlwaysIceCandidates) {
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
TEST_F(Seed003Descriptions, ALateDescriptionIsTextForAClientThatSentText) {
  dial_with(kSdp);
  take();
  const auto ringing = call(kBen, kAnn, 7);
  notify_incoming(ringing, "");
  pass_signal(ringing, kBen, calls::SignalKind::offer, R"({"type":"offer","sdp":"v=0"})");
  EXPECT_THAT(take(), ElementsAre(said("incoming_call", member("offer", R"("v=0")") + with_candidates("[]"))));
}

// W-003-03: what it wrote last counts.
TEST_F(Seed003Descriptions, AClientThatCalledWithAnObjectGetsATextAnswerAsAnObject) {
  dial_with(kSdp);
  dial_with(kOffer);
  take();
  notify_accepted_with(call::Description::with_candidates(kSdp, "[]"));
  EXPECT_THAT(take(), ElementsAre(said("call_answered", member("answer", as_object("answer", kSdp)) + with_candidates("[]"))));
}

// W-003-03: a lost socket that comes back, as on another shard, is the same client.
TEST_F(Seed003Descriptions, ARecoveredClientGetsSdpInTheFormItSentBefore) {
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

}  // namespace
}  // namespace belfry::gateway::testing
