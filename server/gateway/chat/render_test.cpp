// What clients of the chat dialect are sent for each notice about calls.
#include "gateway/chat/render.hpp"

#include "base/golden_page_for_tests.hpp"
#include "gateway/chat/chat_stage_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

using call::EndReason;
using call::Status;
using calls::By;
using chat_clients::EndEvents;
using chat_clients::Offer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class ChatEvents : public ChatStage {
 protected:
  static std::vector<std::string> lines(const chat_clients::ServerEvents& events) {
    std::vector<std::string> all;
    for (const auto& [name, payload] : events) all.push_back(std::string(name) + " " + payload);
    return all;
  }
  static std::vector<std::string> sent(const Notice& notice, std::uint8_t viewer, EndEvents ends = EndEvents::both) {
    return lines(chat_clients::render(notice, {user(viewer), ends}));
  }
};

// K20, R-004-31, W-004-08
TEST_F(ChatEvents, IncomingCallNamesTheCallerAsTheServerKnowsThem) {
  EXPECT_THAT(
      lines(chat_clients::ring(view(stored()), "Ann Lee", Offer::shown)),
      ElementsAre(R"(incoming-call {"from":")" + id_text(1) + R"(","callerId":")" + id_text(1) + R"(","caller":{"id":")" +
                  id_text(1) + R"(","_id":")" + id_text(1) +
                  R"(","username":"ann","name":"Ann Lee","avatar":"/a.png","profileImg":"/a.png"},"name":"Ann Lee",)" +
                  R"("profileImg":"/a.png","callId":")" + id_text(7) + R"(","conversationId":")" + id_text(0x0C) +
                  R"(","callType":"video","peerId":")" + id_text(1) + R"(","ringExpiresAt":"2023-11-14T22:13:35.000Z"})"));
}

// W-004-08: the client takes any `signal` for a call
TEST_F(ChatEvents, IncomingCallHasASignalOnlyIfTheCallerGaveOne) {
  store::StoredCall call = stored();
  EXPECT_THAT(lines(chat_clients::ring(view(call), "", Offer::shown)).front(), Not(HasSubstr("signal")));
  call.row.offer = call::Description(R"({"type":"offer","sdp":"v=0"})");
  EXPECT_THAT(lines(chat_clients::ring(view(call), "", Offer::shown)).front(),
              HasSubstr(R"("signal":{"type":"offer","sdp":"v=0"})"));
  EXPECT_THAT(lines(chat_clients::ring(view(call), "", Offer::left_out)).front(), Not(HasSubstr("signal"))) << "K20: by PeerJS";
  EXPECT_THAT(lines(chat_clients::ring(view(call), "", Offer::shown)).front(), HasSubstr(R"("name":"ann")")) << "the username";
}

// K55: seed 003's client may write the bare SDP, with its candidates beside it
TEST_F(ChatEvents, CandidatesBesideAnOfferComeBehindTheRing) {
  store::StoredCall call = stored();
  call.row.offer = call::Description::with_candidates(R"("v=0")", R"([{"candidate":"c1"}])");
  const auto heard = lines(chat_clients::ring(view(call), "", Offer::shown));
  ASSERT_EQ(heard.size(), 2U);
  EXPECT_THAT(heard[0], HasSubstr(R"("signal":{"type":"offer","sdp":"v=0"})"));
  EXPECT_EQ(heard[1], R"(ice-candidate {"from":")" + id_text(1) + R"(","candidate":{"candidate":"c1"}})");
  EXPECT_EQ(lines(chat_clients::ring(view(call), "", Offer::left_out)).size(), 1U);
}

// K19, K20
TEST_F(ChatEvents, PeerIdIsTheCallersOwnOrTheirUserId) {
  store::StoredCall call = stored();
  call.row.metadata = R"({"peerId":{"a":1}})";
  EXPECT_THAT(lines(chat_clients::ring(view(call), "", Offer::shown)).front(), HasSubstr(R"("peerId":{"a":1})"));
  call.row.metadata = R"({"peerId":null})";
  EXPECT_THAT(lines(chat_clients::ring(view(call), "", Offer::shown)).front(), HasSubstr(R"("peerId":")" + id_text(1) + '"'));
}

// K21, R-004-32
TEST_F(ChatEvents, AnswerIsToldToTheCaller) {
  const calls::CallView call = view(stored(Status::connected));
  const calls::CallAccepted with{call, By{user(2), {}}, call::Description(R"({"type":"answer"})")};
  const std::string head = R"(call-answered {"from":")" + id_text(2) + R"(","callId":")" + id_text(7) +
                           R"(","conversationId":")" + id_text(0x0C) + R"(","startedAt":"2023-11-14T22:13:24.000Z",)";
  EXPECT_THAT(sent(with, 1), ElementsAre(head + R"("signal":{"type":"answer"},"peerId":")" + id_text(2) + R"("})"));
  const auto by_peer = chat_clients::render(Notice{with}, {.user = user(1), .by_peer = true});  // K58: it comes as ANSWER
  ASSERT_EQ(by_peer.size(), 1U);
  EXPECT_EQ(by_peer.front().payload.find("signal"), std::string::npos);
  EXPECT_THAT(sent(with, 2), IsEmpty()) << "it has answered itself";
  EXPECT_THAT(sent(calls::CallAccepted{call, By{user(2), {}}, {}}, 1),
              ElementsAre(head + R"("peerId":")" + id_text(2) + R"("})"));
}

// K21
TEST_F(ChatEvents, OtherSessionsOfTheCalleeAreToldThatAnotherActed) {
  const calls::CallView call = view(stored(Status::connected));
  EXPECT_EQ(sent(calls::AnsweredElsewhere{call, {}}, 2), pair_of(1, "answered_elsewhere"));
  EXPECT_EQ(sent(calls::DeclinedElsewhere{call, {}}, 2), pair_of(1, "declined_elsewhere"));
}

// K21, R-004-33
TEST_F(ChatEvents, RejectionIsToldToTheCaller) {
  const calls::CallView call = over(Status::rejected, EndReason::declined);
  EXPECT_THAT(
      sent(calls::CallRejected{call, By{user(2), {}}}, 1),
      ElementsAre(R"(call-rejected {"from":")" + id_text(2) + R"(","callId":")" + id_text(7) + R"(","reason":"declined"})"));
}

// K22, R-004-34
TEST_F(ChatEvents, EndIsToldUnderBothNamesWithWhoEndedIt) {
  const calls::CallEnded ended{over(Status::ended, EndReason::hangup), By{user(1), {}}, false};
  EXPECT_EQ(sent(ended, 2), pair_of(1, "hangup", "12"));
  EXPECT_EQ(sent(ended, 1), pair_of(1, "hangup", "12")) << "another page of theirs";
  EXPECT_THAT(sent(calls::CallEnded{ended.call, ended.by, true}, 1), IsEmpty()) << "the page that hung up";
  EXPECT_EQ(sent(calls::CallCancelled{over(Status::missed, EndReason::cancelled), By{user(1), {}}, false}, 2),
            pair_of(1, "cancelled"));
}

// C-20, W-004-07: never without end-call
TEST_F(ChatEvents, CallEndedMayBeLeftOut) {
  const calls::CallEnded ended{over(Status::ended, EndReason::hangup), By{user(1), {}}, false};
  EXPECT_THAT(sent(ended, 2, EndEvents::end_call), ElementsAre(pair_of(1, "hangup", "12").back()));
}

// K22, W-004-12, R-004-38
TEST_F(ChatEvents, TimeOutIsAnEndForTheCalleeAndAnEventOfItsOwnForTheCaller) {
  const calls::CallMissed missed{over(Status::missed, EndReason::timeout)};
  EXPECT_EQ(sent(missed, 2), pair_of(1, "timeout"));
  EXPECT_THAT(sent(missed, 1),
              ElementsAre(R"(call-timeout {"to":")" + id_text(2) + R"(","callId":")" + id_text(7) + R"(","reason":"timeout"})"));
  EXPECT_EQ(sent(calls::CallMissed{over(Status::missed, EndReason::unreachable)}, 1), pair_of(2, "unreachable"));
}

// W-004-14
TEST_F(ChatEvents, LeavingAndLossAreOneWord) {
  for (const EndReason reason : {EndReason::connection_lost, EndReason::caller_disconnected})
    EXPECT_EQ(sent(calls::CallEnded{over(Status::ended, reason), {}, false}, 2), pair_of(1, "disconnected", "12"));
  const By left{.user = user(1), .departure = calls::PeerDeparture::left};
  EXPECT_EQ(sent(calls::CallEnded{over(Status::ended, EndReason::hangup), left, false}, 2), pair_of(1, "disconnected", "12"));
}

// T-25: the new call of this user has begun
TEST_F(ChatEvents, OwnRedialEndsTheOldCallForTheOtherSideOnly) {
  store::StoredCall call = stored(Status::ended);
  call.row.end_reason = EndReason::superseded;
  call.row.ended_by = user(1);
  const calls::CallEnded ended{view(call), By{user(1), {}}, false};
  EXPECT_THAT(sent(ended, 1), IsEmpty());
  EXPECT_EQ(sent(ended, 2), pair_of(1, "superseded", "12"));
}

/// The names alone: `a`, `b`; or a dash.
std::string names(const chat_clients::ServerEvents& events) {
  std::string text;
  for (const auto& each : events) text += (text.empty() ? "`" : ", `") + std::string(each.name) + "`";
  return text.empty() ? "–" : text;
}

// K55
TEST_F(ChatEvents, ThePageShowsWhatEachSideIsSent) {
  using chat_clients::ServerEvents;
  const calls::CallView rings = view(stored()), on = view(stored(Status::connected));
  const By ann{user(1), {}}, ben{user(2), {}};
  const calls::CallCancelled cancelled{over(Status::missed, EndReason::cancelled), ann, false};
  const calls::CallMissed missed{over(Status::missed, EndReason::timeout)};
  const calls::CallEnded ended{over(Status::ended, EndReason::hangup), ann, false};
  const auto caller = [](const Notice& notice) { return chat_clients::render(notice, {user(1), EndEvents::both}); };
  const auto callee = [](const Notice& notice) { return chat_clients::render(notice, {user(2), EndEvents::both}); };
  struct Line {
    const char* what;
    ServerEvents caller, callee, other;
  };
  const ServerEvents ringing = chat_clients::ring(rings, "", Offer::shown);
  const std::vector<Line> rows = {
      {"it rings", caller(calls::Progress{.call = rings}), ringing, ringing},
      {"the callee answers", caller(calls::CallAccepted{on, ben, {}}), callee(calls::CallAccepted{on, ben, {}}),
       callee(calls::AnsweredElsewhere{on, ben})},
      {"the callee declines",
       caller(calls::CallRejected{over(Status::rejected, EndReason::declined), ben}),
       {},
       callee(calls::DeclinedElsewhere{over(Status::rejected, EndReason::declined), ben})},
      {"the caller cancels", caller(calls::CallCancelled{cancelled.call, ann, true}), callee(cancelled), callee(cancelled)},
      {"nobody answers", caller(missed), callee(missed), callee(missed)},
      {"the caller hangs up", caller(calls::CallEnded{ended.call, ann, true}), callee(ended), {}},
      {"the callee hangs up",
       caller(calls::CallEnded{ended.call, ben, false}),
       callee(calls::CallEnded{ended.call, ben, true}),
       {}},
  };
  std::string page =
      "# What clients of seed 004 are sent of a call\n\nPrinted by `gateway_chat_test`. An event goes to the page that acted "
      "only where a row says so.\n\n| | caller | callee | another page of the callee |\n|---|---|---|---|\n";
  for (const Line& line : rows)
    page += "| " + std::string(line.what) + " | " + names(line.caller) + " | " + names(line.callee) + " | " + names(line.other) +
            " |\n";
  belfry::testing::expect_page("docs/chat-call-events.md", page);
}

TEST_F(ChatEvents, WhatTheClientKnowsNothingOfIsNotSent) {
  const calls::CallView call = view(stored());
  EXPECT_THAT(sent(calls::Progress{.call = call}, 1), IsEmpty());
  EXPECT_THAT(sent(calls::PeerState{call, user(2), calls::PeerState::State::reconnecting}, 1), IsEmpty());
  EXPECT_THAT(sent(calls::Glare{call, {}}, 1), IsEmpty());
  EXPECT_THAT(sent(calls::TokenExpiring{call, {}}, 1), IsEmpty());
  EXPECT_THAT(sent(calls::CalleesBusy{}, 1), IsEmpty());
}

// K25
TEST_F(ChatEvents, EachRefusalOfAStartHasItsWord) {
  using calls::Refusal;
  const std::pair<Refusal, const char*> kWords[] = {{Refusal::recipient_busy, "busy"},
                                                    {Refusal::caller_busy, "caller_busy"},
                                                    {Refusal::recipient_unknown, "unknown_user"},
                                                    {Refusal::recipient_inactive, "inactive"},
                                                    {Refusal::self_call, "self"},
                                                    {Refusal::rate_limited, "rate_limited"},
                                                    {Refusal::store_unavailable, "unavailable"}};
  for (const auto& [why, word] : kWords) EXPECT_EQ(chat_clients::reason_of(why), word);
}

}  // namespace
}  // namespace belfry::gateway::testing
