// The router: who is admitted, and which dialect gets their events. The tests call it as session/ does.
#include "gateway/dialects/socket_router.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "base/uuid.hpp"
#include "gateway/dialects/packed_context.hpp"
#include "gateway/dialects/scripted_dialect.hpp"
#include "session/world_for_tests.hpp"

namespace belfry::gateway {
namespace {

using session::DisconnectReason;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SilentLog : public Log {
 public:
  [[nodiscard]] bool enabled(LogLevel) const override { return false; }
  void write(LogLevel, std::string_view, std::initializer_list<LogField>) override {}
};

constexpr std::array<std::string_view, 2> kSignalingEvents = {"register_user", "make_call"};
constexpr std::array<std::string_view, 1> kStarts = {"call.start"};
constexpr std::array<std::string_view, 1> kSemaphoreEvents = {"flag.raise"};

/// A router of three dialects: all it takes to add one is a line in its list.
class Router : public ::testing::Test {
 protected:
  std::vector<std::string> heard;
  testing::FewTokens verifier;
  session::testing::HandClock clock;
  session::testing::SeededRandom random;
  SilentLog log;
  SocketRouterSettings settings;
  SocketRouter router{settings, {verifier, clock, random, log}};
  testing::ScriptedDialect native{"native", heard};
  testing::ScriptedDialect signaling{"signaling", heard};
  testing::ScriptedDialect semaphore{"semaphore", heard};
  session::Handshake handshake{};
  json::Reader reader;

  void SetUp() override {
    handshake.host = "belfry.example";
    router.serve({{"native", native, {}, kStarts},
                  {"signaling", signaling, kSignalingEvents},
                  {"semaphore", semaphore, kSemaphoreEvents}});
  }

  /// The refusal's message and data; "" when let in.
  std::string connect(SessionAddress at, const std::string& auth = "") {
    const json::Slice payload = auth.empty() ? json::Slice{} : reader.validate(auth).value();
    const session::ConnectRequest request{"/", payload, handshake};
    if (const auto refusal = router.on_connecting(request)) return refusal->message + " " + refusal->data;
    router.on_connected(at, request);
    return "";
  }
  void hear(SessionAddress at, std::string_view name) {
    router.on_event(at, {.name = name, .arguments = {}, .ack_id = {}, .attachments = {}});
  }
};

constexpr SessionAddress kHere{.shard = 0, .node = 0, .slot = 3, .generation = 7};
constexpr SessionAddress kThere{.shard = 0, .node = 0, .slot = 5, .generation = 1};
constexpr const char* kNot = R"(Authentication error {"code":"UNAUTHENTICATED"})";

// --- credentials ----------------------------------------------------------------------------------------------------

// R-003-46
TEST_F(Router, ASocketWithoutACredentialIsAdmittedOnlyInOpenMode) {
  EXPECT_EQ(connect(kHere), kNot);
  EXPECT_EQ(connect(kHere, "{}"), kNot);
  settings.admission = Admission::open;
  EXPECT_EQ(connect(kHere), "");
}

// R-003-46
TEST_F(Router, AGoodTokenInTheHandshakeIsLetInAndABadOneIsTold) {
  EXPECT_EQ(connect(kHere, R"({"token":"ann"})"), "");
  EXPECT_THAT(heard, ElementsAre(R"(native hello ann {"token":"ann"})"));
  EXPECT_EQ(connect(kThere, R"({"token":"guess"})"), kNot);
  EXPECT_EQ(connect(kThere, R"({"token":"old"})"), R"(Authentication error {"code":"SESSION_EXPIRED"})");
  EXPECT_EQ(connect(kThere, R"({"token":"revoked"})"), R"(Authentication error {"code":"TOKEN_REVOKED"})");
}

// SPEC 2.8.17
TEST_F(Router, ACredentialThatIsPresentedMustBeGoodInOpenModeToo) {
  settings.admission = Admission::open;
  EXPECT_EQ(connect(kHere, R"({"token":"guess"})"), kNot);
  EXPECT_EQ(connect(kHere, R"({"token":""})"), kNot);
  EXPECT_EQ(connect(kHere, R"({"token":17})"), kNot);
  EXPECT_EQ(connect(kHere, R"({"token":null})"), "") << "null is what JSON.stringify makes of a token that is not there";
}

// SPEC C-14
TEST_F(Router, TheCookieAndTheBearerHeaderCarryTheSameCredential) {
  handshake.authorization = "bearer  ann";
  EXPECT_EQ(connect(kHere), "");
  handshake.authorization = "Basic ann";
  EXPECT_EQ(connect(kThere), kNot);
  handshake.authorization = "";
  handshake.cookie = "theme=dark; belfry_session=ben; xbelfry_session=ann";
  EXPECT_EQ(connect(kThere), "");
  EXPECT_EQ(connect(kThere, R"({"token":"guess"})"), kNot) << "the handshake's own token is the one that counts";
  handshake.authorization = "Bearer guess";
  EXPECT_EQ(connect(kThere), kNot) << "what is said counts before the cookie, as in REST";
  handshake.authorization = "Basic YTpi";
  EXPECT_EQ(connect(kThere), "") << "a proxy's login hides no cookie";
}

// SPEC C-14: a browser sends the cookie of its own accord, whichever page asks.
TEST_F(Router, AForeignPageMayNotUseTheCookieOfItsVisitor) {
  handshake.cookie = "belfry_session=ann";
  settings.origins.mode = session::CorsPolicy::Mode::echo_any;
  for (const char* origin : {"https://evil.example", "null"}) {
    handshake.origin = origin;
    EXPECT_EQ(connect(kHere), R"(Authentication error {"code":"ORIGIN_NOT_ALLOWED"})") << origin;
  }
  handshake.origin = "https://belfry.example";
  EXPECT_EQ(connect(kHere), "");
  handshake.origin = "https://app.example";
  settings.origins.allowed = {"https://app.example"};
  EXPECT_EQ(connect(kHere), "");
}

TEST_F(Router, AForeignPageThatPresentsATokenItselfIsAdmitted) {
  handshake.origin = "https://elsewhere.example";
  EXPECT_EQ(connect(kHere, R"({"token":"ann"})"), "");
}

// R-004-58
TEST_F(Router, TheUserThatIsClaimedMustBeTheOneOfTheCredential) {
  handshake.query = "EIO=4&userId=" + to_text(testing::user_id(1).value());
  EXPECT_EQ(connect(kHere, R"({"token":"ann"})"), "");
  EXPECT_EQ(connect(kHere, R"({"token":"ben"})"), kNot);
  handshake.query = "userId=ann";
  EXPECT_EQ(connect(kHere, R"({"token":"ann"})"), "");
  EXPECT_EQ(connect(kHere, R"({"token":"ann","userId":"ben"})"), kNot);
}

// --- dialects -------------------------------------------------------------------------------------------------------

TEST_F(Router, TheHandshakeMayNameTheDialect) {
  EXPECT_EQ(connect(kHere, R"({"token":"ann","dialect":"signaling"})"), "");
  handshake.query = "dialect=native";
  EXPECT_EQ(connect(kThere, R"({"token":"ben"})"), "");
  EXPECT_THAT(heard, ElementsAre(::testing::StartsWith("signaling hello ann"), ::testing::StartsWith("native hello ben")));
}

TEST_F(Router, ADialectThatIsNotSpokenHereIsRefused) {
  for (const char* dialect : {R"("chat")", R"("")", "4"})
    EXPECT_EQ(connect(kHere, R"({"token":"ann","dialect":)" + std::string(dialect) + "}"),
              R"(Unsupported dialect {"supported":["native","signaling","semaphore"]})");
}

TEST_F(Router, InOpenModeTheFirstEventTellsTheDialect) {
  settings.admission = Admission::open;
  EXPECT_EQ(connect(kHere), "");
  EXPECT_EQ(connect(kThere), "");
  EXPECT_THAT(heard, IsEmpty());
  hear(kHere, "register_user");
  hear(kThere, "call.start");
  EXPECT_THAT(heard, ElementsAre("signaling socket nobody", "signaling event register_user", "native socket nobody",
                                 "native event call.start"));
}

// R-003-35: refused in its own words, though it never registered.
TEST_F(Router, AnyWordOfTheSignalingDialectTellsItTooEvenOneThatCannotBeRead) {
  settings.admission = Admission::open;
  (void)connect(kHere);
  router.on_unreadable_event(kHere, "make_call", socketio::DecodeError::too_deep);
  EXPECT_EQ(heard.front(), "signaling socket nobody");
}

TEST_F(Router, ANativeSocketByDefaultBecomesASignalingOneWhenItRegisters) {
  (void)connect(kHere, R"({"token":"ann"})");
  heard.clear();
  hear(kHere, "register_user");
  EXPECT_THAT(heard, ElementsAre("native gone 2", "signaling socket ann", "signaling event register_user"));
}

TEST_F(Router, ASocketThatNamedItsDialectKeepsIt) {
  (void)connect(kHere, R"({"token":"ann","dialect":"native"})");
  heard.clear();
  hear(kHere, "register_user");
  EXPECT_THAT(heard, ElementsAre("native event register_user"));
}

TEST_F(Router, AThirdDialectIsChosenByTheHandshakeOrByWhatOpensIt) {
  EXPECT_EQ(connect(kHere, R"({"token":"ann","dialect":"semaphore"})"), "");
  hear(kHere, "register_user");
  EXPECT_THAT(heard, ElementsAre(::testing::StartsWith("semaphore hello ann"), "semaphore event register_user"));
  heard.clear();
  (void)connect(kThere, R"({"token":"ben"})");
  hear(kThere, "flag.raise");
  hear(kThere, "register_user");
  EXPECT_THAT(heard, ElementsAre(::testing::StartsWith("native hello ben"), "native gone 2", "semaphore socket ben",
                                 "semaphore event flag.raise", "semaphore event register_user"));
  heard.clear();
  settings.admission = Admission::open;
  (void)connect(kHere);
  hear(kHere, "flag.raise");
  EXPECT_THAT(heard, ElementsAre("semaphore socket nobody", "semaphore event flag.raise"));
}

TEST_F(Router, AnEventThatOpensNoDialectLeavesTheDefaultToBeChangedLater) {
  settings.admission = Admission::open;
  (void)connect(kHere);
  hear(kHere, "call.start");
  hear(kHere, "register_user");
  EXPECT_THAT(heard, ElementsAre("native socket nobody", "native event call.start", "native gone 2", "signaling socket nobody",
                                 "signaling event register_user"));
}

TEST_F(Router, AMovedSocketKeepsItsDialectAndWhetherItIsFixed) {
  (void)connect(kHere, R"({"token":"ann"})");
  router.on_recovered(kThere, kHere, router.on_detached(kHere, 0, ""));
  heard.clear();
  hear(kThere, "flag.raise");
  EXPECT_EQ(heard.back(), "semaphore event flag.raise");
  router.on_recovered(kHere, kThere, router.on_detached(kThere, 0, ""));
  heard.clear();
  hear(kHere, "register_user");
  EXPECT_THAT(heard, ElementsAre("semaphore event register_user"));
}

// --- what is said too early -----------------------------------------------------------------------------------------

class HeldSocket : public Router {
 protected:
  void SetUp() override {
    Router::SetUp();
    (void)connect(kHere, R"({"token":"ann"})");
    router.hold(kHere);
    heard.clear();
  }
};

TEST_F(HeldSocket, ItsEventsWaitInOrderUntilItIsReleased) {
  hear(kHere, "first");
  hear(kHere, "second");
  EXPECT_THAT(heard, IsEmpty());
  router.release(kHere);
  hear(kHere, "third");
  EXPECT_THAT(heard, ElementsAre("native event first", "native event second", "native event third"));
  router.release(kHere);
  EXPECT_EQ(heard.size(), 3U) << "there is nothing left";
}

TEST_F(HeldSocket, HeldAgainByAQueuedEventKeepsTheRestQueued) {
  for (const char* event : {"first", "second", "third"}) hear(kHere, event);
  native.during_event = [&](std::string_view event) {
    if (event == "second") router.hold(kHere);
  };
  router.release(kHere);
  hear(kHere, "fourth");
  EXPECT_THAT(heard, ElementsAre("native event first", "native event second"));
  heard.clear();
  router.release(kHere);
  EXPECT_THAT(heard, ElementsAre("native event third", "native event fourth"));
}

TEST_F(HeldSocket, EventsThatCannotBeQueuedAreRefusedByItsDialect) {
  const std::string attachments[] = {"bytes"};
  router.on_event(kHere, {.name = "picture", .arguments = {}, .ack_id = {}, .attachments = attachments});
  EXPECT_THAT(heard, ElementsAre("native cannot keep picture"));
  for (std::size_t n = 0; n < EventQueue::kMaxEvents; ++n) hear(kHere, "one");
  hear(kHere, "more");
  EXPECT_EQ(heard.back(), "native has no room for more");
  EXPECT_EQ(heard.size(), 2U);
}

TEST_F(HeldSocket, ThatGoesIsHeardNoMore) {
  hear(kHere, "first");
  hear(kHere, "second");
  native.during_event = [&](std::string_view) { router.on_disconnected(kHere, DisconnectReason::server_left); };
  router.release(kHere);
  EXPECT_THAT(heard, ElementsAre("native event first", "native gone 2"));
}

TEST_F(HeldSocket, LeavesNothingBehindForTheNextAtItsAddress) {
  hear(kHere, "first");
  router.on_disconnected(kHere, DisconnectReason::client_left);
  (void)connect(kHere, R"({"token":"ann"})");
  heard.clear();
  router.hold(kHere);
  hear(kHere, "other");
  router.release(kHere);
  EXPECT_THAT(heard, ElementsAre("native event other"));
}

// After a move or a change of dialect, the dialect looks the user up again.
TEST_F(HeldSocket, LosesItsQueuedEventsWhenItMovesOrChangesItsDialect) {
  hear(kHere, "first");
  hear(kHere, "register_user");
  router.release(kHere);
  EXPECT_THAT(heard, ElementsAre("native gone 2", "signaling socket ann", "signaling event register_user"));
  router.hold(kHere);
  hear(kHere, "second");
  router.on_recovered(kThere, kHere, router.on_detached(kHere, 0, ""));
  heard.clear();
  router.release(kHere);
  router.release(kThere);
  EXPECT_THAT(heard, IsEmpty());
}

// --- a start behind a hang-up ---------------------------------------------------------------------------------------

class SocketThatHangsUp : public Router {
 protected:
  void SetUp() override {
    Router::SetUp();
    (void)connect(kHere, R"({"token":"ann"})");
    router.hang_up_begins(kHere);
    heard.clear();
  }
};

// R-003-34
TEST_F(SocketThatHangsUp, ItsNextStartWaitsUntilThatIsDecidedAndWhatFollowsWaitsBehindIt) {
  for (const char* event : {"call.signal", "call.start", "call.signal"}) hear(kHere, event);
  EXPECT_THAT(heard, ElementsAre("native event call.signal"));
  heard.clear();
  router.hang_up_decided(kHere);
  EXPECT_THAT(heard, ElementsAre("native event call.start", "native event call.signal"));
  hear(kHere, "call.start");
  EXPECT_EQ(heard.back(), "native event call.start");
  EXPECT_EQ(heard.size(), 3U);
}

TEST_F(SocketThatHangsUp, SeveralTimesWaitsForTheLast) {
  router.hang_up_begins(kHere);
  hear(kHere, "call.start");
  router.hang_up_decided(kHere);
  EXPECT_THAT(heard, IsEmpty());
  router.hang_up_decided(kHere);
  EXPECT_THAT(heard, ElementsAre("native event call.start"));
  router.hang_up_decided(kHere);
  EXPECT_EQ(heard.size(), 1U) << "one too many is none";
}

TEST_F(SocketThatHangsUp, WithAHangUpAmongTheQueuedEventsWaitsAgain) {
  native.during_event = [&](std::string_view event) {
    if (event == "call.end") router.hang_up_begins(kHere);
  };
  for (const char* event : {"call.start", "call.end", "call.start"}) hear(kHere, event);
  router.hang_up_decided(kHere);
  EXPECT_THAT(heard, ElementsAre("native event call.start", "native event call.end"));
  router.hang_up_decided(kHere);
  EXPECT_EQ(heard.back(), "native event call.start");
  EXPECT_EQ(heard.size(), 3U);
}

TEST_F(SocketThatHangsUp, AndIsHeldWaitsForBothInEitherOrder) {
  hear(kHere, "call.start");
  router.hold(kHere);
  hear(kHere, "call.end");
  router.hang_up_decided(kHere);
  EXPECT_THAT(heard, IsEmpty());
  router.release(kHere);
  EXPECT_THAT(heard, ElementsAre("native event call.start", "native event call.end"));
  heard.clear();
  router.hang_up_begins(kHere);
  router.hold(kHere);
  for (const char* event : {"call.signal", "call.start"}) hear(kHere, event);
  router.release(kHere);
  EXPECT_THAT(heard, ElementsAre("native event call.signal"));
  router.hang_up_decided(kHere);
  EXPECT_THAT(heard, ElementsAre("native event call.signal", "native event call.start"));
}

TEST_F(SocketThatHangsUp, AndGoesStartsNothingAndLeavesNothingBehind) {
  hear(kHere, "call.start");
  router.on_disconnected(kHere, DisconnectReason::client_left);
  router.hang_up_decided(kHere);
  (void)connect(kHere, R"({"token":"ann"})");
  heard.clear();
  router.hang_up_begins(kHere);
  hear(kHere, "call.start");
  router.hang_up_decided(kHere);
  EXPECT_THAT(heard, ElementsAre("native event call.start"));
}

// --- going, coming back ---------------------------------------------------------------------------------------------

// SPEC X-16
TEST_F(Router, ARecoveredSocketKeepsItsSeatItsDialectAndItsState) {
  (void)connect(kHere, R"({"token":"ann","deviceId":"phone","dialect":"signaling"})");
  router.on_suspended(kHere);
  const std::string state = router.on_detached(kHere, 0, "");
  heard.clear();
  router.on_recovered(kThere, kHere, state);
  router.tell(kHere, Notice{sessions::Replaced{}});
  router.tell(kThere, Notice{sessions::Replaced{}});
  EXPECT_THAT(heard, ElementsAre("signaling recovered ann/phone from 3 to 5 with its state", "signaling told"));
}

// C-14: found by black-box acceptance.
TEST_F(Router, ALostSocketIsGivenBackToTheSameLoginOnly) {
  (void)connect(kHere, R"({"token":"ann"})");
  router.on_suspended(kHere);
  const auto who = [&](const std::string& auth) {
    const json::Slice payload = auth.empty() ? json::Slice{} : reader.validate(auth).value();
    return router.on_returning({"/", payload, handshake});
  };
  EXPECT_EQ(who("").error().message, "Authentication error");
  EXPECT_EQ(who(R"({"token":"guess"})").error().message, "Authentication error");
  EXPECT_TRUE(router.owns(kHere, *who(R"({"token":"ann"})")));
  EXPECT_FALSE(router.owns(kHere, *who(R"({"token":"bob"})")));
  EXPECT_FALSE(router.owns(kThere, *who(R"({"token":"ann"})")));
  settings.admission = Admission::open;
  EXPECT_FALSE(router.owns(kHere, *who("")));
  (void)connect(kThere);
  EXPECT_TRUE(router.owns(kThere, *who("")));
  EXPECT_FALSE(router.owns(kThere, *who(R"({"token":"ann"})")));
}

TEST_F(Router, HowASocketWentIsToldToItsDialect) {
  for (const auto& [reason, line] : {std::pair{DisconnectReason::client_left, "native gone 1"},
                                     {DisconnectReason::server_left, "native gone 2"},
                                     {DisconnectReason::transport_lost, "native gone 0"},
                                     {DisconnectReason::window_expired, "native gone 0"}}) {
    (void)connect(kHere, R"({"token":"ann"})");
    router.on_disconnected(kHere, reason);
    EXPECT_EQ(heard.back(), line);
  }
  heard.clear();
  hear(kHere, "call.start");
  router.tell(kHere, Notice{sessions::Replaced{}});
  EXPECT_THAT(heard, IsEmpty()) << "nobody sits there any more";
}

TEST_F(Router, ASocketWhichNeverSpokeLeavesWithoutAWord) {
  settings.admission = Admission::open;
  (void)connect(kHere);
  router.on_suspended(kHere);
  router.on_recovered(kThere, kHere, router.on_detached(kHere, 0, ""));
  router.on_disconnected(kThere, DisconnectReason::client_left);
  EXPECT_THAT(heard, IsEmpty());
}

// --- contexts ----------------------------------------------------------------------------------------------------------

TEST(ContextState, SurvivesPackingAndDamagedTextIsNoSeat) {
  PackedContext packed;
  packed.choice = {.index = 3, .fixed = true};
  packed.context.device = RareText("tablet");
  packed.context.identity = std::make_unique<accounts::Identity>();
  packed.context.identity->username = "ann";
  packed.context.identity->expires = {77};
  packed.dialect = "d";
  const std::string text = pack(packed);
  const PackedContext again = unpack(text).value_or(PackedContext{});
  EXPECT_EQ(again.context.device.view(), "tablet");
  ASSERT_NE(again.context.identity, nullptr);
  EXPECT_EQ(again.context.identity->expires.unix_ms, 77);
  EXPECT_EQ(again.dialect, "d");
  EXPECT_EQ(again.choice, packed.choice);
  for (std::size_t size = 0; size < text.size(); ++size) EXPECT_FALSE(unpack(std::string_view(text).substr(0, size)));
}

TEST(ContextState, ASeatIsSmallSinceAMillionIdleSocketsHaveOne) { EXPECT_LE(sizeof(SocketContext), 56U); }

}  // namespace
}  // namespace belfry::gateway
