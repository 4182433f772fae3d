// The native dialect's server events, byte by byte (SPEC 2.4).
#include "gateway/native/native_stage_for_tests.hpp"

namespace belfry::gateway {
namespace {

using call::Status;
using calls::By;
using testing::common;
using testing::id_text;

class NativeWords : public testing::NativeStage {
 protected:
  /// The one event that this notice becomes. Its seq is 2: the greeting was 1.
  std::string rendered(const Notice& notice) {
    native.on_socket(context);
    take();
    native.notify(context, notice);
    const auto all = take();
    return all.size() == 1 ? all.front() : std::to_string(all.size()) + " events";
  }
};

calls::Description described(std::string_view json) { return calls::Description(json); }

const By kBen{account::UserId(testing::uuid(2)), "tablet"};
const std::string kByBen = R"(,"by":{"userId":")" + id_text(2) + R"(","deviceId":"tablet"})";

// R-001-26, R-001-27
TEST_F(NativeWords, IncomingNamesTheCallerAndTheRingDeadline) {
  store::StoredCall stored = *call();
  stored.row.offer = described(R"({"type":"offer","sdp":"v=0"})");
  const auto view = std::make_shared<const store::StoredCall>(std::move(stored));
  EXPECT_EQ(rendered(calls::IncomingCall{view}),
            "call.incoming " + common(2, 1) + R"(,"call":)" + json_of(view) + R"(,"caller":)" + person_json(view->caller()) +
                R"(,"timestamp":"2023-11-14T22:13:20.000Z","ringExpiresAt":"2023-11-14T22:14:05.000Z",)" +
                R"("offer":{"type":"offer","sdp":"v=0"}})");
}

TEST_F(NativeWords, ProgressNamesTheStateAndTheCallee) {
  EXPECT_EQ(rendered(calls::Progress{call(), calls::Progress::State::created, false}),
            "call.progress " + common(2, 1) + R"(,"state":"created","userId":")" + id_text(2) + R"(","reachable":false})");
  EXPECT_THAT(rendered(calls::Progress{call(), calls::Progress::State::ringing, true}),
              ::testing::HasSubstr(R"("state":"ringing")"));
}

// R-001-29
TEST_F(NativeWords, AcceptedNamesTheDeviceAndTheStartTime) {
  auto view = std::make_shared<store::StoredCall>(*call(Status::connected, 2));
  view->row.started = {1'700'000'003'000};
  const calls::CallView shared = view;
  EXPECT_EQ(rendered(calls::CallAccepted{shared, kBen, described(R"({"sdp":"a"})")}),
            "call.accepted " + common(2, 2) + R"(,"call":)" + json_of(shared) + kByBen +
                R"(,"startedAt":"2023-11-14T22:13:23.000Z","answer":{"sdp":"a"}})");
}

TEST_F(NativeWords, AnsweredOrDeclinedElsewhereNamesTheDevice) {
  const std::string by = R"(,"by":{"deviceId":"tablet","name":"tablet"}})";
  EXPECT_EQ(rendered(calls::AnsweredElsewhere{call(), kBen}), "call.answered_elsewhere " + common(2, 1) + by);
  EXPECT_EQ(rendered(calls::DeclinedElsewhere{call(), kBen}), "call.declined_elsewhere " + common(2, 1) + by);
  EXPECT_EQ(rendered(calls::DeclinedElsewhere{call(), {}}),
            "call.declined_elsewhere " + common(2, 1) + R"(,"by":{"deviceId":null,"name":null}})");
}

// R-001-30
TEST_F(NativeWords, RejectedNamesTheUserAndTheReason) {
  const auto view = call(Status::rejected, 2);
  EXPECT_EQ(rendered(calls::CallRejected{view, kBen}),
            "call.rejected " + common(2, 2) + R"(,"call":)" + json_of(view) + kByBen + R"(,"reason":"declined","final":true})");
}

TEST_F(NativeWords, CancelledAndMissedNameTheReason) {
  auto view = std::make_shared<store::StoredCall>(*call(Status::missed, 2));
  view->row.end_reason = call::EndReason::cancelled;
  const calls::CallView shared = view;
  EXPECT_EQ(rendered(calls::CallCancelled{shared, {}, false}),
            "call.cancelled " + common(2, 2) + R"(,"call":)" + json_of(shared) +
                R"(,"by":{"userId":null,"deviceId":null},"endReason":"cancelled"})");
  EXPECT_EQ(rendered(calls::CallMissed{shared}),
            "call.missed " + common(2, 2) + R"(,"call":)" + json_of(shared) + R"(,"endReason":"cancelled"})");
}

// R-001-31
TEST_F(NativeWords, EndedNamesTheUserTheReasonAndTheDurationInSeconds) {
  auto view = std::make_shared<store::StoredCall>(*call(Status::ended, 3));
  view->row.started = {1'700'000'000'000};
  view->row.ended = {1'700'000'012'999};
  view->row.end_reason = call::EndReason::hangup;
  view->row.ended_by = account::UserId(testing::uuid(2));
  const calls::CallView shared = view;
  EXPECT_EQ(rendered(calls::CallEnded{shared, kBen, false}), "call.ended " + common(2, 3) + R"(,"call":)" + json_of(shared) +
                                                                 R"(,"endedBy":")" + id_text(2) +
                                                                 R"(","endReason":"hangup","duration":12})");
}

// SPEC 0: terminal events, each exactly once per online session.
TEST_F(NativeWords, EndIsSentOnceHoweverOftenItIsNotified) {
  connect();
  for (int times = 0; times < 3; ++times) {
    native.notify(context, calls::CallCancelled{call(Status::missed, 2), {}, times == 0});
    native.notify(context, calls::CallMissed{call(Status::missed, 2)});
  }
  EXPECT_EQ(take().size(), 1U);
}

// R-001-32
TEST_F(NativeWords, SignalIsPassedOnUnchangedAndWithoutASequenceNumber) {
  const auto view = call();
  native.on_socket(context);
  take();
  native.pass_signal(context, {view, view->callee(), calls::SignalKind::candidate, R"({ "candidate" : "x" })", 3, "tablet"});
  const auto said = take();
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(said.front(), "call.signal " + common(2) + R"(,"callId":")" + id_text(7) + R"(","from":")" + id_text(2) +
                              R"(","deviceId":"tablet","kind":"candidate","payload":{ "candidate" : "x" },"gen":3})");
}

// S6
TEST_F(NativeWords, SignalOfASenderWhoNamesNoDeviceSaysSo) {
  const auto view = call();
  native.on_socket(context);
  take();
  native.pass_signal(context, {view, view->callee(), calls::SignalKind::candidate, "null"});
  EXPECT_THAT(take(),
              ::testing::ElementsAre(::testing::HasSubstr(R"("deviceId":null,"kind":"candidate","payload":null,"gen":0})")));
}

// S5
TEST_F(NativeWords, MediaOfThePeerAreNamedWithoutACallSeq) {
  const std::string shown = rendered(calls::PeerMedia{call(), account::UserId(testing::uuid(2)), {.audio = true}});
  EXPECT_THAT(shown, ::testing::HasSubstr(R"("callId":")" + id_text(7) + R"(","userId":")" + id_text(2) +
                                          R"(","audio":true,"video":false,"screen":false})"));
  EXPECT_THAT(shown, ::testing::Not(::testing::HasSubstr("callSeq")));
}

// SPEC T-18
TEST_F(NativeWords, PeerStateNamesTheEndOfTheGrace) {
  const account::UserId ben(testing::uuid(2));
  EXPECT_EQ(rendered(calls::PeerState{call(), ben, calls::PeerState::State::reconnecting, WallTime{1'700'000'030'000}}),
            "call.peer_state " + common(2, 1) + R"(,"userId":")" + id_text(2) +
                R"(","state":"reconnecting","until":"2023-11-14T22:13:50.000Z"})");
  EXPECT_EQ(rendered(calls::PeerState{call(), ben, calls::PeerState::State::reconnected, {}}),
            "call.peer_state " + common(2, 1) + R"(,"userId":")" + id_text(2) + R"(","state":"reconnected"})");
}

// SPEC X-05
TEST_F(NativeWords, GlareCarriesTheOtherOffer) {
  EXPECT_EQ(rendered(calls::Glare{call(), described(R"({"sdp":"o"})")}),
            "call.glare " + common(2, 1) + R"(,"role":"answerer","offer":{"sdp":"o"}})");
}

}  // namespace
}  // namespace belfry::gateway
