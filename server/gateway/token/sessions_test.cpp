// The sessions of the token dialect: connecting, recovery, leaving.
#include "gateway/token/token_stage_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class TokenSessions : public TokenStage {};

// W-000-05: an app that only listens can be called.
TEST_F(TokenSessions, SocketIsOnlineFromConnectOnAndIsNotGreeted) {
  dialect.on_hello(context, {});
  EXPECT_THAT(core.asked, ElementsAre("online 01 ann phone"));
  EXPECT_EQ(core.entered->dialect, call::Dialect::token);
  EXPECT_THAT(take(), IsEmpty());
}

TEST_F(TokenSessions, SocketWithoutACredentialMayDoNothing) {
  context.identity.reset();
  dialect.on_socket(context);
  say("call-started", in_conversation());
  EXPECT_THAT(take(), ElementsAre(HasSubstr(R"("code":"UNAUTHENTICATED")"), StartsWith("unkept io-error ")));
  dialect.notify(context, calls::IncomingCall{view(stored())});
  dialect.on_suspended(context);
  dialect.on_gone(context, sessions::Departure::lost);
  EXPECT_THAT(core.asked, IsEmpty());
}

TEST_F(TokenSessions, NoticesAreSentAsEvents) {
  connect();
  dialect.notify(context, calls::IncomingCall{view(stored())});
  EXPECT_THAT(take(), ElementsAre(StartsWith("incoming-call ")));
}

TEST_F(TokenSessions, LostSocketThatRecoversIsTheSameSession) {
  connect();
  dialect.on_suspended(context);
  const std::string state = dialect.on_detached(context, 1);
  const SessionAddress before = std::exchange(context.at, {.shard = 1, .node = 0, .slot = 9, .generation = 2});
  dialect.on_recovered(context, before, state);
  EXPECT_THAT(core.asked, ElementsAre("suspended 01", "moves 4 to shard 1", "recovered 01 4>9"));
  dialect.on_gone(context, sessions::Departure::left);
  EXPECT_EQ(core.asked.back(), "gone 01 1");
}

TEST_F(TokenSessions, AnswerToASocketThatIsGoneReachesNobody) {
  connect();
  say("call-started", in_conversation());
  dialect.on_gone(context, sessions::Departure::lost);
  store::StoredCall made = stored();
  made.row.announced = false;
  core.answer(answered(made));
  EXPECT_EQ(core.asked.back(), "ready 01/phone 07") << "the start was asked for";
}

TEST_F(TokenSessions, EndOfTheLoginIsSaidBeforeTheSocketCloses) {
  connect();
  dialect.notify(context, sessions::LoginEnded{});
  EXPECT_THAT(take(), ElementsAre(StartsWith("unkept io-error "), "close"));
}

TEST_F(TokenSessions, UserOfAnotherIssuerIsOnlineOnceTheStoreKnowsThem) {
  context.identity->external = true;
  std::function<void(const accounts::KnownUser&)> known;
  TokenDialect other{limit,
                     {core, in, out, kept, clock, [&](const accounts::Identity&, auto done) { known = std::move(done); }, {}}};
  other.on_socket(context);
  EXPECT_TRUE(in.held);
  EXPECT_THAT(core.asked, IsEmpty());
  account::User ann;
  ann.username = "ann-2";
  known(ann);
  EXPECT_THAT(core.asked, ElementsAre("online 01 ann-2 phone"));
  EXPECT_FALSE(in.held);
}

}  // namespace
}  // namespace belfry::gateway::testing
