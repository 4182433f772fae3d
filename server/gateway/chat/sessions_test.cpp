// The sessions of the chat dialect: connecting, rings, recovery, leaving, and what a session is not told twice.
#include "gateway/chat/chat_stage_for_tests.hpp"
#include "store/forwarding_account_store.hpp"

namespace belfry::gateway::testing {
namespace {

using call::Status;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

const std::string kOnlyMe = R"(unkept getonline [")" + id_text(1) + R"("])";

class ChatSessions : public ChatStage {
 protected:
  std::vector<std::string> ring() { return sent_for(calls::IncomingCall{view(stored())}); }
  void become_ben() {
    become(2, "ben");
    connect();
  }
  std::vector<std::string> pass_candidate(const std::string& candidate) {
    const auto call = view(stored());
    dialect.pass_signal(context,
                        {.call = call, .from = call->caller(), .kind = calls::SignalKind::candidate, .payload = candidate});
    return take();
  }
};

// K14
TEST_F(ChatSessions, SocketIsOnlineFromConnectOnAndIsSentWhoIsOnline) {
  dialect.on_hello(context, {});
  EXPECT_THAT(core.asked, ElementsAre("online 01 ann page"));
  EXPECT_EQ(core.entered->dialect, call::Dialect::chat);
  EXPECT_THAT(take(), ElementsAre(kOnlyMe));
  EXPECT_FALSE(in.held);
}

// K14: only a page that was connected before shows a call that may have ended meanwhile
TEST_F(ChatSessions, PageThatNamesItsEarlierSocketIsNotBlank) {
  for (const auto& [auth, blank] :
       {std::pair{R"({"userId":"01"})", true}, {R"({"pid":7})", true}, {R"({"pid":"p","offset":"o"})", false}}) {
    dialect.on_hello(context, {.auth = reader.validate(auth).value()});
    EXPECT_EQ(core.entered->blank, blank) << auth;
    dialect.on_gone(context, sessions::Departure::left);
  }
  dialect.on_hello(context, {});
  EXPECT_TRUE(core.entered->blank);
}

// K14: the ring comes behind the list
TEST_F(ChatSessions, RingThatWaitsForTheSessionComesBehindTheList) {
  become(2, "ben");
  core.during_online = [this] { dialect.notify(context, calls::IncomingCall{view(stored())}); };
  dialect.on_hello(context, {});
  EXPECT_THAT(take(), ElementsAre(StartsWith("unkept getonline "), StartsWith("incoming-call ")));
}

TEST_F(ChatSessions, SocketWithoutACredentialMayDoNothing) {
  context.identity.reset();
  dialect.on_hello(context, {});
  say("call-user", to(2), 1);
  EXPECT_THAT(take(), ElementsAre(HasSubstr("UNAUTHENTICATED")));
  EXPECT_THAT(ring(), IsEmpty());
  dialect.on_suspended(context);
  dialect.on_gone(context, sessions::Departure::lost);
  EXPECT_THAT(core.asked, IsEmpty());
}

// W-004-08, R-004-31: name and picture are the server's own
TEST_F(ChatSessions, RingNamesTheCallerAndComesOncePerSession) {
  become_ben();
  EXPECT_THAT(ring(), ElementsAre(HasSubstr(R"("name":"Ann Lee","profileImg":"/a.png")")));
  EXPECT_THAT(ring(), IsEmpty());
  EXPECT_EQ(peers.rings, 1);
  const std::string state = dialect.on_detached(context, 1);
  const SessionAddress before = std::exchange(context.at, {.shard = 1, .node = 0, .slot = 9, .generation = 2});
  dialect.on_recovered(context, before, state);
  take();
  EXPECT_THAT(ring(), IsEmpty()) << "nor to the session when it is back";
}

/// Answers who a caller is when it is asked to.
class SlowAccounts final : public store::ForwardingAccountStore {
 public:
  using ForwardingAccountStore::ForwardingAccountStore;
  void find(store::UserId id, store::Done<Expected<std::optional<store::User>, store::Unavailable>> done) override {
    late.push_back([this, id, done] { ForwardingAccountStore::find(id, done); });
  }
  std::vector<std::function<void()>> late;
};

// Found in review.
TEST_F(ChatSessions, RingsThatWaitForTheirCallersAreSentBeforeTheSocketMoves) {
  become(2, "ben");
  SlowAccounts slow(stores.accounts());
  ChatDialect other{
      settings,
      {.calls = core, .in = in, .out = out, .accounts = slow, .blocks = conversations, .clock = clock, .online = lists}};
  other.on_hello(context, {});
  take();
  store::StoredCall second = stored();
  second.row.id = calls::CallId(uuid(8));
  other.notify(context, calls::IncomingCall{view(stored())});
  other.notify(context, calls::IncomingCall{view(second)});
  EXPECT_THAT(take(), IsEmpty());
  static_cast<void>(other.on_detached(context, 1));
  EXPECT_THAT(take(), ElementsAre(AllOf(StartsWith("incoming-call "), HasSubstr(id_text(7))),
                                  AllOf(StartsWith("incoming-call "), HasSubstr(id_text(8)))));
  for (const auto& answer : slow.late) answer();
  EXPECT_THAT(take(), IsEmpty());
}

// K20
TEST_F(ChatSessions, CalleeWithAnOpenPeerGetsNoSignal) {
  become_ben();
  store::StoredCall call = stored();
  call.row.offer = call::Description(R"({"type":"offer"})");
  peers.open = true;
  EXPECT_THAT(sent_for(calls::IncomingCall{view(call)}), ElementsAre(::testing::Not(HasSubstr("signal"))));
  call.row.id = calls::CallId(uuid(8));
  peers.open = false;
  EXPECT_THAT(sent_for(calls::IncomingCall{view(call)}), ElementsAre(HasSubstr(R"("signal":{"type":"offer"})")));
}

// K24
TEST_F(ChatSessions, CandidatesOfThePeerArePassedOn) {
  become_ben();
  ring();
  EXPECT_THAT(pass_candidate(R"({"candidate":"c1"})"),
              ElementsAre(R"(ice-candidate {"from":")" + id_text(1) + R"(","candidate":{"candidate":"c1"}})"));
}

// K21, K55: told that another device answered, it is told nothing more of that call
TEST_F(ChatSessions, SessionThatWasToldOfAnotherDeviceIsToldNoEnd) {
  become_ben();
  ring();
  EXPECT_EQ(sent_for(calls::AnsweredElsewhere{view(stored(Status::connected)), {}}), pair_of(1, "answered_elsewhere"));
  EXPECT_THAT(pass_candidate("{}"), IsEmpty());
  EXPECT_THAT(sent_for(calls::CallEnded{over(Status::ended, call::EndReason::hangup), {user(1), {}}, false}), IsEmpty());
  EXPECT_THAT(sent_for(calls::CallEnded{over(Status::ended, call::EndReason::hangup), {user(1), {}}, false}), SizeIs(2))
      << "a call that it knows nothing of";
}

// K21: found with seed 004's own page on a slow link
TEST_F(ChatSessions, OtherSocketsOfThePageThatAnsweredAreToldTheEndAlone) {
  become_ben();
  ring();
  const calls::AnsweredElsewhere by_sibling{view(stored(Status::connected)), {}, true};
  peers.one_page = true;
  EXPECT_THAT(sent_for(by_sibling), IsEmpty());
  EXPECT_THAT(sent_for(calls::CallEnded{over(Status::ended, call::EndReason::hangup), {user(1), {}}, false}), SizeIs(2));
  ring();
  EXPECT_EQ(sent_for(calls::AnsweredElsewhere{by_sibling.call, {}}), pair_of(1, "answered_elsewhere")) << "another login";
  peers.one_page = false;
  store::StoredCall next = stored(Status::connected);
  next.row.id = calls::CallId(uuid(8));
  EXPECT_THAT(sent_for(calls::AnsweredElsewhere{view(next), {}, true}), SizeIs(2)) << "another tab";
}

TEST_F(ChatSessions, GroupCallsAreNotShown) {
  become_ben();
  store::StoredCall call = stored();
  call.row.callee.reset();
  EXPECT_THAT(sent_for(calls::IncomingCall{view(call)}), IsEmpty());
  EXPECT_THAT(sent_for(calls::CallMissed{view(call)}), IsEmpty());
}

TEST_F(ChatSessions, LostSocketThatRecoversIsTheSameSession) {
  connect();
  dialect.on_suspended(context);
  const std::string state = dialect.on_detached(context, 1);
  const SessionAddress before = std::exchange(context.at, {.shard = 1, .node = 0, .slot = 9, .generation = 2});
  dialect.on_recovered(context, before, state);
  EXPECT_THAT(core.asked, ElementsAre("suspended 01", "moves 4 to shard 1", "recovered 01 4>9"));
  EXPECT_THAT(take(), ElementsAre(kOnlyMe)) << "who is online now";
  dialect.on_gone(context, sessions::Departure::left);
  EXPECT_EQ(core.asked.back(), "gone 01 1");
}

// W-004-20: nothing but the end of its login closes a chat socket
TEST_F(ChatSessions, EndOfTheLoginIsSaidBeforeTheSocketCloses) {
  connect();
  EXPECT_THAT(sent_for(sessions::Replaced{}), IsEmpty());
  EXPECT_THAT(sent_for(sessions::LoginEnded{}), ElementsAre(HasSubstr(R"("code":"TOKEN_REVOKED")"), "close"));
}

TEST_F(ChatSessions, UserOfAnotherIssuerIsOnlineOnceTheStoreKnowsThem) {
  context.identity->external = true;
  std::function<void(const accounts::KnownUser&)> known;
  ChatDialect other{settings,
                    {.calls = core,
                     .in = in,
                     .out = out,
                     .accounts = stores.accounts(),
                     .blocks = conversations,
                     .clock = clock,
                     .online = lists,
                     .ensure_known = [&](const accounts::Identity&, auto done) { known = std::move(done); }}};
  other.on_hello(context, {});
  EXPECT_TRUE(in.held);
  EXPECT_THAT(core.asked, IsEmpty());
  account::User ann;
  ann.username = "ann-2";
  known(ann);
  EXPECT_THAT(core.asked, ElementsAre("online 01 ann-2 page"));
  EXPECT_FALSE(in.held);
}

// K45
TEST_F(ChatSessions, WhoIsBlockedIsHiddenAtOnceAndShownAgainAtOnce) {
  sessions.enter(user(2), "ben", {.at = {0, 0, 9, 1}});
  connect();
  stores.conversations().block(user(2), user(1), {}, [](const auto&) {});
  dialect.blocks_changed(user(2), user(1));
  EXPECT_THAT(take(), ElementsAre(kOnlyMe));
  stores.conversations().unblock(user(2), user(1), [](const auto&) {});
  dialect.blocks_changed(user(2), user(1));
  EXPECT_THAT(take(), ElementsAre(HasSubstr(id_text(2))));
  dialect.blocks_changed(user(2), user(3));
  EXPECT_THAT(take(), IsEmpty());
}

// K45: somebody who blocks them must not show
TEST_F(ChatSessions, WhoseBlocksCannotBeFoundSeesNobodyUntilTheStoreIsBack) {
  sessions.enter(user(2), "ben", {.at = {0, 0, 9, 1}});
  conversations.away = true;
  dialect.on_hello(context, {});
  EXPECT_THAT(take(), ElementsAre(kOnlyMe));
  clock.passed += std::chrono::seconds{1};
  ASSERT_LE(dialect.next_deadline(), clock.now());
  dialect.on_time(clock.now());
  EXPECT_THAT(take(), IsEmpty());
  conversations.away = false;
  clock.passed += std::chrono::seconds{1};
  dialect.on_time(clock.now());
  EXPECT_THAT(take(), ElementsAre(HasSubstr(id_text(2))));
  EXPECT_EQ(dialect.next_deadline(), TimePoint::max());
}

// K45: found in review
TEST_F(ChatSessions, BlockMadeWhileASessionConnectsHidesFromTheFirstListOn) {
  sessions.enter(user(2), "ben", {.at = {0, 0, 9, 1}});
  conversations.slow = true;
  dialect.on_hello(context, {});
  stores.conversations().block(user(2), user(1), {}, [](const auto&) {});
  dialect.blocks_changed(user(2), user(1));
  while (!conversations.late.empty())
    for (const auto& answer : std::exchange(conversations.late, {})) answer();
  EXPECT_THAT(take(), ElementsAre(kOnlyMe));
  EXPECT_FALSE(in.held);
}

// K16: found by an attack. What is unkept is lost on the way to a socket without a transport.
TEST_F(ChatSessions, PageThatIsLostWhileItConnectsIsSentNoList) {
  conversations.slow = true;
  dialect.on_hello(context, {});
  out.suspended = true;
  dialect.on_suspended(context);
  for (const auto& answer : std::exchange(conversations.late, {})) answer();
  EXPECT_THAT(core.asked, ElementsAre("online 01 ann page"));
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_FALSE(in.held);
}

// K45: found in review
TEST_F(ChatSessions, OlderAnswerAboutBlocksNeverReplacesANewerOne) {
  sessions.enter(user(2), "ben", {.at = {0, 0, 9, 1}});
  connect();
  conversations.slow = true;
  dialect.blocks_changed(user(2), user(3));
  dialect.blocks_changed(user(1), user(3));
  stores.conversations().block(user(2), user(1), {}, [](const auto&) {});
  dialect.blocks_changed(user(2), user(1));
  while (!conversations.late.empty()) {
    const auto late = std::exchange(conversations.late, {});
    for (auto answer = late.rbegin(); answer != late.rend(); ++answer) (*answer)();
  }
  EXPECT_THAT(take(), ElementsAre(kOnlyMe));
}

}  // namespace
}  // namespace belfry::gateway::testing
