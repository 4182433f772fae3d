// What clients of the token dialect are sent for each notice.
#include "gateway/token/render.hpp"

#include "gateway/token/token_stage_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

using call::EndReason;
using call::Status;
using calls::By;
using ::testing::ElementsAre;

const account::UserId kAnn(uuid(1)), kBen(uuid(2));

class TokenEvents : public TokenStage {
 protected:
  static std::vector<std::string> sent(const Notice& notice, const account::UserId& viewer) {
    std::vector<std::string> lines;
    for (const auto& [name, payload] : token::render(notice, viewer)) lines.push_back(std::string(name) + " " + payload);
    return lines;
  }
  static calls::CallView over(Status status, EndReason reason) {
    store::StoredCall call = stored(status);
    call.row.end_reason = reason;
    if (status == Status::ended) call.row.ended = {1'700'000'016'500};
    return view(call);
  }
  static std::string about(const std::string& more) {
    return R"({"callId":")" + id_text(7) + R"(","conversationId":")" + id_text(0x0C) + '"' + more + '}';
  }
  static std::string of_user(int user) { return R"(,"userId":")" + id_text(static_cast<std::uint8_t>(user)) + '"'; }
  static std::string sentence(const std::string& message, const std::string& image) {
    return R"("message":")" + message + R"(","image":)" + image;
  }
  static std::string alias(const std::string& event, const std::string& message, const std::string& image) {
    return event + " {" + sentence(message, image) + R"(,"conversationId":")" + id_text(0x0C) + R"("})";
  }
  const std::string picture = R"("/a.png")";
};

// R-000-05, J-5.2, W-000-03, C-19: the members of both dialects
TEST_F(TokenEvents, IncomingCallNamesTheCallerAndTheConversation) {
  EXPECT_THAT(sent(calls::IncomingCall{view(stored())}, kBen),
              ElementsAre("incoming-call " +
                          about(R"(,"from":")" + id_text(1) + R"(","callerId":")" + id_text(1) + R"(","caller":{"id":")" +
                                id_text(1) + R"(","username":"ann","avatar":"/a.png"},"name":"ann","profileImg":"/a.png",)" +
                                R"("callType":"audio","signal":null,"peerId":null,"ringExpiresAt":"2023-11-14T22:13:50.000Z",)" +
                                sentence("ann is calling you", picture))));
}

TEST_F(TokenEvents, IncomingCallOfAnotherDialectHasItsOffer) {
  store::StoredCall call = stored();
  call.row.offer = call::Description(R"({"type":"offer","sdp":"v=0"})");
  EXPECT_THAT(sent(calls::IncomingCall{view(call)}, kBen).front(),
              ::testing::HasSubstr(R"("signal":{"type":"offer","sdp":"v=0"})"));
}

// J-5.3
TEST_F(TokenEvents, ProgressSaysWhoseDevicesRing) {
  using State = calls::Progress::State;
  EXPECT_THAT(sent(calls::Progress{.call = view(stored()), .state = State::ringing, .about = kBen}, kAnn),
              ElementsAre("call-progress " + about(R"(,"state":"ringing")" + of_user(2) + R"(,"reachable":true)")));
}

// R-000-16, J-5.4, W-000-03
TEST_F(TokenEvents, AcceptIsToldToBothSidesAndToTheOtherDevices) {
  const auto call = view(stored(Status::connected));
  const std::string accepted = "call-accepted " + about(of_user(2) + R"(,"startedAt":"2023-11-14T22:13:24.000Z")");
  EXPECT_THAT(sent(calls::CallAccepted{call, By{kBen, "tab"}, {}}, kAnn),
              ElementsAre(accepted, alias("call-connected", "ben has joined the call", "null")));
  EXPECT_THAT(sent(calls::CallAccepted{call, By{kBen, "tab"}, {}}, kBen), ElementsAre(accepted));
  EXPECT_THAT(sent(calls::AnsweredElsewhere{call, By{kBen, "tab"}}, kBen),
              ElementsAre("call-accepted " + about(of_user(2) + R"(,"startedAt":"2023-11-14T22:13:24.000Z","elsewhere":true)")));
}

// R-000-18, J-5.4
TEST_F(TokenEvents, RejectIsFinalInACallOfTwo) {
  const auto call = over(Status::rejected, EndReason::declined);
  const std::string rejected =
      "call-rejected " + about(of_user(2) + R"(,"reason":"declined","final":true,)" + sentence("ben declined the call", "null"));
  EXPECT_THAT(sent(calls::CallRejected{call, By{kBen, ""}}, kAnn), ElementsAre(rejected));
  EXPECT_THAT(sent(calls::DeclinedElsewhere{call, By{kBen, ""}}, kBen),
              ElementsAre(::testing::HasSubstr(R"("final":true,"elsewhere":true)")));
}

// R-000-19, J-5.3
TEST_F(TokenEvents, RejectOrBusyMemberOfAGroupThatRingsIsNotFinal) {
  using Why = calls::CallRejected::Why;
  EXPECT_THAT(sent(calls::CallRejected{view(stored()), By{kBen, ""}}, kAnn),
              ElementsAre(::testing::HasSubstr(R"("final":false)")));
  EXPECT_THAT(sent(calls::CallRejected{view(stored()), By{kBen, ""}, Why::busy}, kAnn),
              ElementsAre("call-busy " + about(of_user(2))));
  EXPECT_THAT(sent(calls::CallRejected{over(Status::rejected, EndReason::declined), By{kBen, ""}, Why::busy}, kAnn),
              ElementsAre(::testing::HasSubstr(R"("reason":"busy","final":true)")));
}

// R-000-37, W-000-03
TEST_F(TokenEvents, CancelEndsTheRingUnderBothNames) {
  const auto call = over(Status::missed, EndReason::cancelled);
  const std::string cancelled = "call-cancelled " + about(R"(,"endReason":"cancelled")");
  EXPECT_THAT(sent(calls::CallCancelled{call, By{kAnn, ""}}, kBen),
              ElementsAre(cancelled, alias("call-end", "ann cancelled the call", picture)));
  EXPECT_THAT(sent(calls::CallCancelled{call, By{kAnn, ""}, true}, kAnn), ElementsAre(cancelled)) << "who acted knows";
  EXPECT_THAT(sent(calls::CallCancelled{view(stored()), By{}, false, EndReason::kicked}, kBen),
              ElementsAre("call-cancelled " + about(R"(,"endReason":"kicked")"), alias("call-end", "The call is over", "null")));
}

// R-000-21, J-5.4
TEST_F(TokenEvents, TimeOutEndsTheRingUnderBothNames) {
  EXPECT_THAT(
      sent(calls::CallMissed{over(Status::missed, EndReason::timeout)}, kBen),
      ElementsAre("call-timeout " + about(R"(,"endReason":"timeout")"), alias("call-end", "The call was not answered", "null")));
}

// W-000-03
TEST_F(TokenEvents, EndHasItsReasonAndDuration) {
  const auto call = over(Status::ended, EndReason::hangup);
  const std::string ended = "call-ended " + about(R"(,"endReason":"hangup","duration":12)");
  EXPECT_THAT(sent(calls::CallEnded{call, By{kBen, ""}, false, {}}, kAnn),
              ElementsAre(ended, alias("call-end", "ben ended the call", "null")));
  EXPECT_THAT(sent(calls::CallEnded{call, By{kBen, ""}, true, {}}, kBen), ElementsAre(ended));
}

// J-5.4
TEST_F(TokenEvents, MembersWhoAreInTheCallAreToldWhoComesAndGoes) {
  using State = calls::PeerState::State;
  const auto call = view(stored(Status::connected));
  EXPECT_THAT(sent(calls::PeerState{call, kBen, State::joined, {}}, kAnn),
              ElementsAre("call-accepted " + about(of_user(2) + R"(,"startedAt":"2023-11-14T22:13:24.000Z")"),
                          alias("call-connected", "ben has joined the call", "null"),
                          "call-peer " + about(of_user(2) + R"(,"state":"joined")")));
  EXPECT_THAT(sent(calls::PeerState{call, kBen, State::left, {}}, kAnn),
              ElementsAre("call-peer " + about(of_user(2) + R"(,"state":"left")")));
}

// R-000-20, J-5.3
TEST_F(TokenEvents, BusyCalleesAreTheOutcomeOfAStartThatMadeNoCall) {
  const calls::ConversationId conversation(uuid(0x0C));
  const std::string busy = R"(call-busy {"callId":null,"conversationId":")" + id_text(0x0C) + R"(","userId":)";
  EXPECT_THAT(sent(calls::CalleesBusy{conversation, kBen}, kAnn), ElementsAre(busy + '"' + id_text(2) + "\"}"));
  EXPECT_THAT(sent(calls::CalleesBusy{conversation}, kAnn), ElementsAre(busy + "null}")) << "all of a group";
}

// J-3.7
TEST_F(TokenEvents, TokenThatIsAboutToExpireIsNamedByItsCall) {
  EXPECT_THAT(sent(calls::TokenExpiring{view(stored(Status::connected)), {1'700'000'300'000}}, kAnn),
              ElementsAre("call-token-expiring " + about(R"(,"expiresAt":"2023-11-14T22:18:20.000Z")")));
}

TEST_F(TokenEvents, CallWithoutAConversationSaysSo) {
  store::StoredCall call = stored();
  call.row.conversation.reset();
  EXPECT_THAT(sent(calls::IncomingCall{view(call)}, kBen).front(), ::testing::HasSubstr(R"("conversationId":null)"));
}

TEST_F(TokenEvents, GlareMeansNothingToThisDialect) {
  EXPECT_THAT(sent(calls::Glare{view(stored()), {}}, kAnn), ::testing::IsEmpty());
}

}  // namespace
}  // namespace belfry::gateway::testing
