// The router: who is admitted, which dialect gets their events, and what is kept of a lost socket.
#include "base/uuid.hpp"
#include "gateway/dialects/packed_context.hpp"
#include "gateway/dialects/router_stage_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

using protocol::DisconnectReason;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SocketAdmission : public RouterStage {};

// R-003-46
TEST_F(SocketAdmission, ASocketWithoutACredentialIsAdmittedOnlyInOpenMode) {
  EXPECT_EQ(connect(kHere), kNot);
  EXPECT_EQ(connect(kHere, "{}"), kNot);
  settings.admission = Admission::open;
  EXPECT_EQ(connect(kHere), "");
}

// R-003-46
TEST_F(SocketAdmission, AGoodTokenIsAdmittedAndABadOneIsRefusedWithItsReason) {
  EXPECT_EQ(connect(kHere, R"({"token":"ann"})"), "");
  EXPECT_THAT(received, ElementsAre(R"(native hello ann {"token":"ann"})"));
  EXPECT_EQ(connect(kThere, R"({"token":"guess"})"), kNot);
  EXPECT_EQ(connect(kThere, R"({"token":"old"})"), R"(Authentication error {"code":"SESSION_EXPIRED"})");
  EXPECT_EQ(connect(kThere, R"({"token":"revoked"})"), R"(Authentication error {"code":"TOKEN_REVOKED"})");
}

// SPEC 2.8.17
TEST_F(SocketAdmission, ACredentialThatIsPresentedMustBeGoodInOpenModeToo) {
  settings.admission = Admission::open;
  EXPECT_EQ(connect(kHere, R"({"token":"guess"})"), kNot);
  EXPECT_EQ(connect(kHere, R"({"token":""})"), kNot);
  EXPECT_EQ(connect(kHere, R"({"token":17})"), kNot);
  EXPECT_EQ(connect(kHere, R"({"token":null})"), "") << "null is what JSON.stringify makes of a token that is not there";
}

// SPEC C-14
TEST_F(SocketAdmission, TheCookieAndTheBearerHeaderCarryTheSameCredential) {
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
TEST_F(SocketAdmission, AForeignPageMayNotUseTheCookieOfItsVisitor) {
  handshake.cookie = "belfry_session=ann";
  settings.origins.mode = protocol::CorsPolicy::Mode::echo_any;
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

TEST_F(SocketAdmission, AForeignPageThatPresentsATokenItselfIsAdmitted) {
  handshake.origin = "https://elsewhere.example";
  EXPECT_EQ(connect(kHere, R"({"token":"ann"})"), "");
}

// W-001-01
TEST_F(SocketAdmission, ACredentialWithoutADialectAndAUserIsAWebSession) {
  EXPECT_EQ(connect(kHere, R"({"token":"ann"})"), "");
  EXPECT_TRUE(native.web);
  EXPECT_EQ(connect(kThere, R"({"token":"ann","dialect":"native"})"), "");
  EXPECT_FALSE(native.web);
  for (const char* query : {"EIO=4&userId=ann", "EIO=4&dialect=native"}) {
    handshake.query = query;
    EXPECT_EQ(connect(kHere, R"({"token":"ann"})"), "");
    EXPECT_FALSE(native.web) << query;
  }
}

// R-004-58
TEST_F(SocketAdmission, TheClaimedUserMustBeTheUserOfTheCredential) {
  handshake.query = "EIO=4&userId=" + to_text(user_id(1).value());
  EXPECT_EQ(connect(kHere, R"({"token":"ann"})"), "");
  EXPECT_EQ(connect(kHere, R"({"token":"ben"})"), kNot);
  handshake.query = "userId=ann";
  EXPECT_EQ(connect(kHere, R"({"token":"ann"})"), "");
  EXPECT_EQ(connect(kHere, R"({"token":"ann","userId":"ben"})"), kNot);
}

// W-004-06, W-004-17, K13, 2.12 reading 16: a client of seed 004 needs a credential in open mode too, and it may come later
TEST_F(SocketAdmission, AUserInTheQueryNeedsACredentialWhichMayStillCome) {
  settings.admission = Admission::open;
  settings.named_user_dialect = "semaphore";
  handshake.query = "EIO=4&userId=ann";
  const protocol::ConnectRequest request{"/", {}, handshake};
  const auto refused = router.on_connecting(request);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().message, "Authentication error");
  EXPECT_TRUE(refused.error().awaits_cookie);
  handshake.query = "EIO=4&dialect=semaphore";
  ASSERT_FALSE(router.on_connecting(request).has_value());
  EXPECT_FALSE(router.on_connecting(request).error().awaits_cookie) << "it names nobody";
  handshake.query = "EIO=4&userId=ann&dialect=signaling";
  EXPECT_TRUE(router.on_connecting(request).has_value());
}

// W-004-06, K12
TEST_F(SocketAdmission, AUserInTheQueryChoosesTheDialectOfSeed004UntilAnotherOpens) {
  settings.named_user_dialect = "semaphore";
  serve();
  handshake.query = "EIO=4&userId=ann";
  EXPECT_EQ(connect(kHere, R"({"token":"ann"})"), "");
  EXPECT_EQ(connect(kThere, R"({"token":"ann","dialect":"native"})"), "");
  receive(kHere, "register_user");
  EXPECT_THAT(received,
              ElementsAre(R"(semaphore hello ann {"token":"ann"})", R"(native hello ann {"token":"ann","dialect":"native"})",
                          "semaphore gone 2", "signaling socket ann", "signaling event register_user"));
}

class DialectChoice : public RouterStage {};

TEST_F(DialectChoice, TheHandshakeMayNameTheDialect) {
  EXPECT_EQ(connect(kHere, R"({"token":"ann","dialect":"signaling"})"), "");
  handshake.query = "dialect=native";
  EXPECT_EQ(connect(kThere, R"({"token":"ben"})"), "");
  EXPECT_THAT(received, ElementsAre(::testing::StartsWith("signaling hello ann"), ::testing::StartsWith("native hello ben")));
}

// W-000-05: an app that only listens never sends an event that could choose.
TEST_F(DialectChoice, OperatorChoosesTheDialectOfSocketsThatNameNone) {
  settings.default_dialect = "semaphore";
  serve();
  EXPECT_EQ(connect(kHere, R"({"token":"ann"})"), "");
  receive(kHere, "make_call");
  EXPECT_EQ(connect(kThere, R"({"token":"ben","dialect":"native"})"), "");
  handshake.query = "userId=ann";
  EXPECT_EQ(connect(kHere, R"({"token":"ann"})"), "");
  EXPECT_THAT(received, ElementsAre(R"(semaphore hello ann {"token":"ann"})", "semaphore gone 2", "signaling socket ann",
                                    "signaling event make_call", R"(native hello ben {"token":"ben","dialect":"native"})",
                                    R"(native hello ann {"token":"ann"})"));
}

// W-000-05: a socket without a credential gets no calls, and the first event still chooses.
TEST_F(DialectChoice, DefaultIsNotForSocketsWithoutACredential) {
  settings.admission = Admission::open;
  settings.default_dialect = "semaphore";
  serve();
  EXPECT_EQ(connect(kHere), "");
  receive(kHere, "call.start");
  EXPECT_THAT(received, ElementsAre("native socket nobody", "native event call.start"));
}

TEST_F(DialectChoice, ADialectThatIsNotSpokenHereIsRefused) {
  for (const char* dialect : {R"("chat")", R"("")", "4"})
    EXPECT_EQ(connect(kHere, R"({"token":"ann","dialect":)" + std::string(dialect) + "}"),
              R"(Unsupported dialect {"supported":["native","signaling","semaphore"]})");
}

TEST_F(DialectChoice, TheFirstEventChoosesTheDialectInOpenMode) {
  settings.admission = Admission::open;
  EXPECT_EQ(connect(kHere), "");
  EXPECT_EQ(connect(kThere), "");
  EXPECT_THAT(received, IsEmpty());
  receive(kHere, "register_user");
  receive(kThere, "call.start");
  EXPECT_THAT(received, ElementsAre("signaling socket nobody", "signaling event register_user", "native socket nobody",
                                    "native event call.start"));
}

// R-003-35: refused as that dialect refuses, though it never registered.
TEST_F(DialectChoice, AnUnreadableSignalingEventChoosesTheDialectToo) {
  settings.admission = Admission::open;
  (void)connect(kHere);
  router.on_unreadable_event(kHere, {.name = "make_call"});
  EXPECT_EQ(received.front(), "signaling socket nobody");
}

TEST_F(DialectChoice, ANativeSocketByDefaultBecomesASignalingOneWhenItRegisters) {
  (void)connect(kHere, R"({"token":"ann"})");
  received.clear();
  receive(kHere, "register_user");
  EXPECT_THAT(received, ElementsAre("native gone 2", "signaling socket ann", "signaling event register_user"));
}

TEST_F(DialectChoice, ASocketThatNamedItsDialectKeepsIt) {
  (void)connect(kHere, R"({"token":"ann","dialect":"native"})");
  received.clear();
  receive(kHere, "register_user");
  EXPECT_THAT(received, ElementsAre("native event register_user"));
}

TEST_F(DialectChoice, AThirdDialectIsChosenByTheHandshakeOrByItsFirstEvent) {
  EXPECT_EQ(connect(kHere, R"({"token":"ann","dialect":"semaphore"})"), "");
  receive(kHere, "register_user");
  EXPECT_THAT(received, ElementsAre(::testing::StartsWith("semaphore hello ann"), "semaphore event register_user"));
  received.clear();
  (void)connect(kThere, R"({"token":"ben"})");
  receive(kThere, "flag.raise");
  receive(kThere, "register_user");
  EXPECT_THAT(received, ElementsAre(::testing::StartsWith("native hello ben"), "native gone 2", "semaphore socket ben",
                                    "semaphore event flag.raise", "semaphore event register_user"));
  received.clear();
  settings.admission = Admission::open;
  (void)connect(kHere);
  receive(kHere, "flag.raise");
  EXPECT_THAT(received, ElementsAre("semaphore socket nobody", "semaphore event flag.raise"));
}

TEST_F(DialectChoice, AnEventOfNoDialectChoosesTheDefaultUntilAnotherEventChangesIt) {
  settings.admission = Admission::open;
  (void)connect(kHere);
  receive(kHere, "call.start");
  receive(kHere, "register_user");
  EXPECT_THAT(received, ElementsAre("native socket nobody", "native event call.start", "native gone 2", "signaling socket nobody",
                                    "signaling event register_user"));
}

// The store does not know the user of another issuer's token, and says so within the call.
TEST_F(DialectChoice, DialectMayCloseTheSocketThatAnEventGivesIt) {
  semaphore.during_socket = [&] { router.on_disconnected(kHere, DisconnectReason::server_left); };
  for (const bool readable : {true, false}) {
    EXPECT_EQ(connect(kHere, R"({"token":"ann"})"), "");
    received.clear();
    if (readable)
      receive(kHere, "flag.raise");
    else
      router.on_unreadable_event(kHere, {.name = "flag.raise"});
    EXPECT_THAT(received, ElementsAre("native gone 2", "semaphore socket ann", "semaphore gone 2"));
  }
}

TEST_F(DialectChoice, AMovedSocketKeepsItsDialectAndWhetherItMayChange) {
  (void)connect(kHere, R"({"token":"ann"})");
  router.on_recovered(kThere, kHere, router.on_detached(kHere, 0, ""));
  received.clear();
  receive(kThere, "flag.raise");
  EXPECT_EQ(received.back(), "semaphore event flag.raise");
  router.on_recovered(kHere, kThere, router.on_detached(kThere, 0, ""));
  received.clear();
  receive(kHere, "register_user");
  EXPECT_THAT(received, ElementsAre("semaphore event register_user"));
}

class LostSocket : public RouterStage {};

// SPEC X-16
TEST_F(LostSocket, ARecoveredSocketKeepsItsUserItsDialectAndItsState) {
  (void)connect(kHere, R"({"token":"ann","deviceId":"phone","dialect":"signaling"})");
  router.on_suspended(kHere);
  const std::string state = router.on_detached(kHere, 0, "");
  received.clear();
  router.on_recovered(kThere, kHere, state);
  router.notify(kHere, Notice{sessions::Replaced{}});
  router.notify(kThere, Notice{sessions::Replaced{}});
  EXPECT_THAT(received, ElementsAre("signaling recovered ann/phone from 3 to 5 with its state", "signaling notified"));
}

// C-14: found by black-box acceptance.
TEST_F(LostSocket, OnlyTheSameLoginRecoversALostSocket) {
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

TEST_F(LostSocket, TheDialectIsNotifiedHowASocketClosed) {
  for (const auto& [reason, line] : {std::pair{DisconnectReason::client_left, "native gone 1"},
                                     {DisconnectReason::server_left, "native gone 2"},
                                     {DisconnectReason::transport_lost, "native gone 0"},
                                     {DisconnectReason::window_expired, "native gone 0"}}) {
    (void)connect(kHere, R"({"token":"ann"})");
    router.on_disconnected(kHere, reason);
    EXPECT_EQ(received.back(), line);
  }
  received.clear();
  receive(kHere, "call.start");
  router.notify(kHere, Notice{sessions::Replaced{}});
  EXPECT_THAT(received, IsEmpty()) << "nobody is there any more";
}

TEST_F(LostSocket, ASocketThatNeverSentAnEventClosesUnnoticed) {
  settings.admission = Admission::open;
  (void)connect(kHere);
  router.on_suspended(kHere);
  router.on_recovered(kThere, kHere, router.on_detached(kHere, 0, ""));
  router.on_disconnected(kThere, DisconnectReason::client_left);
  EXPECT_THAT(received, IsEmpty());
}

TEST(ContextState, IsRestoredFromItsPackedTextAndNotFromDamagedText) {
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

TEST(ContextState, IsSmallSinceEveryIdleSocketHasOne) { EXPECT_LE(sizeof(SocketContext), 56U); }

}  // namespace
}  // namespace belfry::gateway::testing
