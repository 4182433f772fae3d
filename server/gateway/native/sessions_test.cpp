// A native socket as a session: its greeting, its numbered events, its going and coming back.
#include "gateway/native/native_stage_for_tests.hpp"

namespace belfry::gateway {
namespace {

using ::testing::AllOf;
using testing::common;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::id_text;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using testing::uuid;

class NativeSessions : public testing::NativeStage {};

const std::string kReady = R"(,"sessionId":")" + id_text(0x51) + R"(","userId":")" + id_text(1) +
                           R"(","deviceId":"phone","dialect":"native","maxFileBytes":10485760)";

// SPEC 2.8.12
TEST_F(NativeSessions, ASocketIsGreetedAndEnters) {
  native.on_socket(context);
  EXPECT_THAT(take(), ElementsAre("session.ready " + common(1) + kReady + "}"));
  EXPECT_THAT(core.asked, ElementsAre("online 01 ann phone"));
}

// SPEC 2.8.12
TEST_F(NativeSessions, ADeviceWithoutANameIsNamedByItsSession) {
  context.device = RareText();
  native.on_socket(context);
  EXPECT_THAT(take().front(), HasSubstr(R"("deviceId":")" + id_text(0x51)));
  EXPECT_EQ(core.asked.front(), "online 01 ann " + id_text(0x51));
}

// SPEC 0: `--dev` opens the signaling dialect, not the API.
TEST_F(NativeSessions, ASocketWithoutACredentialMayConnectButNotCall) {
  context.identity.reset();
  native.on_socket(context);
  EXPECT_THAT(take(), ElementsAre(HasSubstr(R"("userId":null,"deviceId":"phone")")));
  say("call.start", R"({"recipientId":"x"})");
  say("session.resume", R"({})", 2);
  EXPECT_THAT(
      take(),
      ElementsAre(
          R"(ack 1 {"success":false,"error":{"code":"UNAUTHENTICATED","message":"Authentication required","details":[],"retryAfterMs":null}})",
          StartsWith(R"(ack 2 {"success":false,"error":{"code":"UNAUTHENTICATED")")));
  native.on_suspended(context);
  native.on_gone(context, sessions::Departure::lost);
  EXPECT_THAT(core.asked, IsEmpty());
}

TEST_F(NativeSessions, NothingIsSentBeforeSessionReady) {
  core.during_online = [&] { native.notify(context, calls::IncomingCall{call()}); };
  native.on_socket(context);
  EXPECT_THAT(take(), ElementsAre(StartsWith("session.ready " + common(1)), StartsWith("call.incoming " + common(2, 1))));
}

// SPEC 0: a session that comes back gets every change of its calls that it missed.
TEST_F(NativeSessions, AUserWithActiveOrJustEndedCallsGetsASnapshot) {
  kept.calls = {*call(call::Status::connected, 3)};
  native.on_socket(context);
  EXPECT_EQ(take().back(), "call.snapshot " + common(2) + R"(,"calls":[)" + json_of(call(call::Status::connected, 3)) +
                               R"(],"callSeqs":{")" + id_text(7) + R"(":3}})");
  EXPECT_EQ(kept.asked_since, clock.wall() - std::chrono::minutes{2});
}

// R-001-22: found by an attack. A page of seed 003 with a credential gets the snapshot before it registers, and cannot read it.
TEST_F(NativeSessions, ASnapshotCountsAsReadOnceTheClientSpeaksThisDialect) {
  kept.calls = {*call(call::Status::ended, 3)};
  native.on_hello(context, {});
  say("end_call", R"({"to":"ben"})");
  EXPECT_THAT(core.shown_ends, IsEmpty());
  say("call.ringing", about_call());
  EXPECT_THAT(core.shown_ends, ElementsAre(calls::CallId(uuid(7))));
}

TEST_F(NativeSessions, ASnapshotCountsAsReadByAClientWhoseHandshakeNamesThisDialect) {
  kept.calls = {*call(call::Status::ended, 3)};
  native.on_hello(context, {.fixed = true});
  EXPECT_THAT(core.shown_ends, ElementsAre(calls::CallId(uuid(7))));
}

TEST_F(NativeSessions, ASessionThatMovesIsStillKnownToSpeakThisDialect) {
  native.on_hello(context, {});
  say("call.ringing", about_call());
  native.on_suspended(context);
  const std::string state = native.on_detached(context, 1);
  const SessionAddress before = std::exchange(context.at, {.shard = 0, .node = 0, .slot = 9, .generation = 1});
  kept.calls = {*call(call::Status::ended, 3)};
  native.on_recovered(context, before, state);
  EXPECT_THAT(core.shown_ends, ElementsAre(calls::CallId(uuid(7))));
}

// X-24: after a restart no earlier session is known, yet its calls wait.
TEST_F(NativeSessions, ResumingAnUnknownSessionStillRejoinsItsCalls) {
  connect();
  core.knows_earlier = false;
  say("session.resume", R"({"sessionId":")" + id_text(0x50) + R"(","lastSeq":9})");
  EXPECT_THAT(core.asked, ElementsAre("resumed 50", "rejoin_calls phone"));
  EXPECT_THAT(take(), ElementsAre(R"(ack 1 {"success":true,"data":{"resumed":false,"snapshot":{"calls":[],"callSeqs":{}}}})"));
  EXPECT_EQ(to_text(context.session.value()), id_text(0x51));
}

TEST_F(NativeSessions, AResumedSessionContinuesTheNumbersItsClientHasSeen) {
  connect();
  say("session.resume", R"({"sessionId":")" + id_text(0x50) + R"(","lastSeq":9})");
  EXPECT_THAT(take().front(), HasSubstr(R"("resumed":true)"));
  EXPECT_EQ(to_text(context.session.value()), id_text(0x50));
  native.notify(context, calls::CallMissed{call(call::Status::missed, 2)});
  EXPECT_THAT(take().front(), StartsWith("call.missed " + common(10, 2)));
}

TEST_F(NativeSessions, TheHandshakeMayResumeToo) {
  const std::string auth = R"({"sessionId":")" + id_text(0x50) + R"(","lastSeq":41})";
  native.on_hello(context, {reader.validate(auth).value()});
  EXPECT_THAT(take(),
              ElementsAre("session.ready " + common(42) + R"(,"sessionId":")" + id_text(0x50) + R"(","userId":")" + id_text(1) +
                          R"(","deviceId":"phone","dialect":"native","maxFileBytes":10485760,"resumed":true})"));
}

// SPEC X-16
TEST_F(NativeSessions, ARecoveredSocketKeepsItsNumbersAndGetsASnapshot) {
  connect();
  native.on_suspended(context);
  native.notify(context, calls::CallEnded{call(call::Status::ended, 3), {}, false});
  const std::string state = native.on_detached(context, 1);
  const SessionAddress before = std::exchange(context.at, {.shard = 0, .node = 0, .slot = 9, .generation = 1});
  kept.calls = {*call(call::Status::ended, 3)};
  native.on_recovered(context, before, state);
  EXPECT_THAT(take(), ElementsAre(StartsWith("call.ended " + common(2, 3)), StartsWith("call.snapshot " + common(3))));
  native.notify(context, calls::CallEnded{call(call::Status::ended, 3), {}, false});
  EXPECT_THAT(take(), IsEmpty()) << "its end has been sent";
  EXPECT_THAT(core.asked, ElementsAre("suspended 01", "moves 4 to shard 1", "recovered 01 4>9"));
}

TEST_F(NativeSessions, TheReasonOfADisconnectReachesTheCalls) {
  connect();
  native.on_gone(context, sessions::Departure::left);
  native.on_gone(context, sessions::Departure::left);
  EXPECT_THAT(core.asked, ElementsAre("gone 01 1"));
  EXPECT_EQ(native.count(), 0U);
}

TEST_F(NativeSessions, AReplacedOrLoggedOutSessionGetsTheReasonAndIsClosed) {
  connect();
  native.notify(context, sessions::Replaced{});
  native.notify(context, sessions::LoginEnded{});
  EXPECT_THAT(take(), ElementsAre("session.replaced " + common(2) + "}", "close",
                                  "session.expiring " + common(3) + R"(,"reason":"login_ended"})", "close"));
}

// SPEC X-30
TEST_F(NativeSessions, AnExpiredCredentialMayLeaveACallButNotJoinOne) {
  connect();
  clock.passed = std::chrono::hours{1};
  const std::string start = R"({"recipientId":")" + id_text(2) + R"(","callType":"audio"})";
  say("call.start", start);
  say("call.start", start, 2);
  say("call.end", about_call(), 3);
  EXPECT_THAT(take(), ElementsAre(StartsWith(R"(ack 1 {"success":false,"error":{"code":"SESSION_EXPIRED")"),
                                  AllOf(StartsWith("session.expiring "), HasSubstr(R"(,"reason":"expired"})")),
                                  StartsWith("ack 2 {\"success\":false")));
  EXPECT_THAT(core.asked, ElementsAre("end 01/phone 07"));
}

// X-30: found by an attack. A snapshot took the part again, and showed the calls to a login that had expired.
TEST_F(NativeSessions, AnExpiredCredentialMayNotSync) {
  connect();
  clock.passed = std::chrono::hours{1};
  say("call.sync", "{}");
  say("call.sync", about_call(), 2);
  EXPECT_THAT(take(), ElementsAre(StartsWith(R"(ack 1 {"success":false,"error":{"code":"SESSION_EXPIRED")"),
                                  StartsWith("session.expiring "),
                                  StartsWith(R"(ack 2 {"success":false,"error":{"code":"SESSION_EXPIRED")")));
  EXPECT_THAT(core.asked, ElementsAre());
}

TEST_F(NativeSessions, PresentAndNewSessionsAreNotifiedOfADrain) {
  connect();
  native.drain();
  EXPECT_THAT(take(), ElementsAre("server.draining " + common(2) + "}"));
  native.on_socket(context);
  EXPECT_THAT(take(), ElementsAre(StartsWith("session.ready"), StartsWith("server.draining")));
}

class ForeignUsers : public testing::NativeStage {
 protected:
  std::vector<std::function<void(const accounts::KnownUser&)>> waiting;
  /// Instead of the stage's, which asks no store.
  Native native{settings, {core, in, out, kept, kept, clock, [this](const accounts::Identity&, const auto& done) {
                             waiting.push_back(done);
                           }}};
};

TEST_F(ForeignUsers, EnterOnceTheStoreFindsThemAndTheirEventsAreHandled) {
  context.identity->external = true;
  in.on_release = [&] { out.said.emplace_back("released"); };
  native.on_socket(context);
  EXPECT_TRUE(in.held);
  EXPECT_THAT(core.asked, IsEmpty());
  account::User user;
  user.username = "ann2";
  waiting.front()(user);
  EXPECT_THAT(core.asked, ElementsAre("online 01 ann2 phone"));
  EXPECT_THAT(take(), ElementsAre(StartsWith("session.ready"), "released"));
}

TEST_F(ForeignUsers, EventsThatCannotBeQueuedMeanwhileAreRefused) {
  context.identity->external = true;
  native.on_socket(context);
  const protocol::IncomingEvent event{.name = "call.start", .arguments = {}, .ack_id = 1, .attachments = {}};
  native.on_not_queued(context, event, NotQueued::too_many);
  native.on_not_queued(context, event, NotQueued::binary);
  EXPECT_THAT(take(), ElementsAre(HasSubstr(R"("code":"STORE_UNAVAILABLE")"),
                                  AllOf(HasSubstr(R"("code":"VALIDATION_FAILED")"), HasSubstr(R"("issue":"binary")"))));
}

TEST_F(ForeignUsers, MayMoveToAnotherShardBeforeTheStoreAnswers) {
  context.identity->external = true;
  native.on_socket(context);
  const std::string state = native.on_detached(context, 1);
  waiting.front()(account::User{});
  EXPECT_THAT(core.asked, IsEmpty());
  const SessionAddress before = std::exchange(context.at, {.shard = 0, .node = 0, .slot = 9, .generation = 1});
  native.on_recovered(context, before, state);
  waiting.back()(account::User{});
  EXPECT_THAT(take(), ElementsAre(StartsWith("session.ready " + common(1))));
}

TEST_F(ForeignUsers, AreDisconnectedWhileTheStoreIsDown) {
  context.identity->external = true;
  native.on_socket(context);
  waiting.front()(unexpected(accounts::ExternalUserFault::unavailable));
  EXPECT_THAT(take(), ElementsAre("close"));
}

}  // namespace
}  // namespace belfry::gateway
