// SPEC J-3 over HTTP.
#include <algorithm>
#include <cctype>
#include <map>

#include "gateway/api/token_routes_stage_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class TokenRoutes : public TokenRoutesStage {};

// R-000-01, R-000-29, R-000-31, R-002-09, J-3.1, J-3.2
TEST_F(TokenRoutes, AnswerHasAllThatAJoinNeedsAndIsNotCached) {
  const auto answer = fetch(ann, room);
  EXPECT_EQ(answer.status, 200);
  EXPECT_NE(token_in(answer), "");
  EXPECT_EQ(text_in(answer, {"data", "provider"}), "native");
  EXPECT_EQ(text_in(answer, {"data", "appId"}), "belfry");
  EXPECT_EQ(text_in(answer, {"data", "channel"}), room);
  EXPECT_EQ(text_in(answer, {"data", "uid"}), ann.text());
  EXPECT_EQ(text_in(answer, {"data", "uidType"}), "string");
  EXPECT_EQ(text_in(answer, {"data", "expiresIn"}), "300");
  EXPECT_EQ(text_in(answer, {"data", "expiresAt"}), "2026-11-21T12:05:00.000Z");
  EXPECT_EQ(text_in(answer, {"data", "privilegeExpiresAt"}), "2026-11-22T12:00:00.000Z");
  EXPECT_EQ(text_in(answer, {"data", "iceServers"}), "[]");
  EXPECT_EQ(header(answer, "Cache-Control"), "no-store");
  EXPECT_EQ(header(answer, "RateLimit-Limit"), "3");
  EXPECT_EQ(header(answer, "RateLimit-Remaining"), "2");
}

// R-000-28, J-1.6
TEST_F(TokenRoutes, IdsMeanTheSameInEitherCaseAndInNoOtherSpelling) {
  std::string upper = room;
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  EXPECT_EQ(text_in(fetch(ann, upper), {"data", "channel"}), room);
  EXPECT_EQ(fetch(dan, upper).status, 403);
  for (const std::string& other : {"%7B" + room + "%7D", "urn:uuid:" + room, room + "%20", "%20" + room, room.substr(1)})
    EXPECT_EQ(fetch(ann, other).status, 400) << other;
}

// R-000-32, R-000-30
TEST_F(TokenRoutes, NumericUidIsTheUsersMediaUidAndOtherProvidersAreAskedForByName) {
  const auto numeric = fetch(ann, room, "&uidType=numeric&provider=agora&role=subscriber");
  const std::string uid = text_in(numeric, {"data", "uid"});
  EXPECT_EQ(uid, text_in(get(ann, "/api/users/me"), {"data", "mediaUid"}));
  EXPECT_EQ(text_in(numeric, {"data", "provider"}), "agora");
  EXPECT_TRUE(token_in(numeric).starts_with("007"));
  EXPECT_EQ(text_in(numeric, {"data", "iceServers"}), "<none>");
  const auto livekit = fetch(ann, room, "&provider=livekit");
  EXPECT_EQ(livekit.status, 400);
  EXPECT_THAT(livekit.body, HasSubstr(R"({"field":"provider","issue":"not_configured"})"));
}

// J-3.1, J-3.5
TEST_F(TokenRoutes, ExactlyOneOfConversationAndCallIsNamedAndFaultsUseUpNothing) {
  for (const std::string& query :
       {std::string(), "?conversationId=" + room + "&callId=" + room, std::string("?conversationId=x"), std::string("?callId="),
        std::string("?provider=agora"), "?conversationId=" + room + "&provider=zoom"}) {
    const auto answer = get(ann, "/api/call/token" + query);
    EXPECT_EQ(answer.status, 400) << query;
    EXPECT_EQ(code_in(answer), "VALIDATION_FAILED") << query;
  }
  EXPECT_THAT(get(ann, "/api/call/token").body,
              AllOf(HasSubstr(R"("field":"conversationId")"), HasSubstr(R"("field":"callId")")));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(fetch(ann, room).status, 200);
}

// R-000-24, R-000-27, R-000-50
TEST_F(TokenRoutes, StrangerIsRefusedAlikeAndThenLimitedWithoutAnyLookUp) {
  const auto foreign = fetch(dan, room), unknown = fetch(dan, dan.text());
  EXPECT_EQ(foreign.status, 403);
  EXPECT_EQ(text_in(foreign, {"message"}), "You are not a participant in this conversation");
  EXPECT_EQ(text_in(foreign, {"message"}), text_in(unknown, {"message"}));
  EXPECT_EQ(code_in(unknown), "NOT_PARTICIPANT");
  EXPECT_EQ(fetch(dan, room).status, 403);
  const auto limited = fetch(dan, room);
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(header(limited, "Retry-After"), "60");
  EXPECT_EQ(fetch(ann, room).status, 200) << "others are unaffected";
  pass(60s);
  EXPECT_EQ(fetch(dan, room).status, 403);
}

// J-3.1
TEST_F(TokenRoutes, TokenOfACallIsForThoseInIt) {
  const std::string id = call(ann, bob);
  const auto answer = get(bob, "/api/call/token?callId=" + id);
  const std::string place = text_in(get(bob, "/api/calls/" + id), {"data", "conversationId"});
  EXPECT_EQ(text_in(answer, {"data", "channel"}), place) << "K27: the channel of the two";
  for (const std::string& other : {id, room}) {
    const auto stranger = get(dan, "/api/call/token?callId=" + other);
    EXPECT_EQ(stranger.status, 403);
    EXPECT_EQ(text_in(stranger, {"message"}), "You are not a participant in this call");
  }
  const auto joined = join(bob, token_in(answer));
  EXPECT_EQ(text_in(joined, {"data", "callId"}), id);
  EXPECT_EQ(text_in(joined, {"data", "conversationId"}), place);
}

// J-3.2, J-3.4
TEST_F(TokenRoutes, CallInAConversationHasTheChannelOfTheConversation) {
  const auto started = post(ann, "/api/calls", R"({"conversationId":")" + room + R"(","callType":"video"})");
  EXPECT_EQ(started.status, 201) << started.body;
  const auto token = get(bob, "/api/call/token?callId=" + id_in(started));
  EXPECT_EQ(text_in(token, {"data", "channel"}), room);
  const auto joined = join(bob, token_in(token));
  EXPECT_EQ(text_in(joined, {"data", "conversationId"}), room);
  EXPECT_EQ(text_in(joined, {"data", "callId"}), id_in(started));
}

// J-3.1, J-3.4, J-3.6
TEST_F(TokenRoutes, FormerMemberGetsNoTokenByAnOldCallOfTheConversation) {
  const auto started = post(ann, "/api/calls", R"({"conversationId":")" + room + R"(","callType":"video"})");
  const std::string query = "/api/call/token?callId=" + id_in(started) + "&provider=agora";
  EXPECT_EQ(get(bob, query).status, 200);
  EXPECT_EQ(ask({.method = "DELETE", .path = "/api/conversations/" + room + "/members/" + bob.text(), .token = ann.token}).status,
            200);
  const auto refused = get(bob, query);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(code_in(refused), "NOT_PARTICIPANT");
  EXPECT_EQ(text_in(refused, {"message"}), "You are not a participant in this call");
  EXPECT_EQ(post(bob, "/api/calls/" + id_in(started) + "/token").status, 403);
  EXPECT_EQ(get(ann, query).status, 200);
}

// J-7.4, R-000-26
TEST_F(TokenRoutes, RefusedStrangerIsAudited) {
  const Person root = person("root", account::Role::admin);
  (void)fetch(dan, room);
  (void)fetch(dan, room);
  const auto audit = get(root, "/api/admin/audit?userId=" + dan.text());
  EXPECT_THAT(audit.body, AllOf(HasSubstr("conversation.refused"), HasSubstr("fetchCallToken"), HasSubstr(room))) << audit.body;
}

// R-000-54, J-3.6
TEST_F(TokenRoutes, RenewalIsALaterTokenAndUsesNeitherTheTokenNorTheCallLimit) {
  const std::string id = call(ann, bob);
  const std::string path = "/api/calls/" + id + "/token";
  const auto first = post(ann, path);
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(header(first, "RateLimit-Limit"), "10");
  pass(10s);
  const auto second = post(ann, path, R"({"provider":"agora","uidType":"numeric","role":"subscriber"})");
  EXPECT_GT(text_in(second, {"data", "expiresAt"}), text_in(first, {"data", "expiresAt"}));
  EXPECT_EQ(text_in(second, {"data", "provider"}), "agora");
  for (int i = 2; i < 10; ++i) EXPECT_EQ(post(ann, path).status, 200);
  EXPECT_EQ(post(ann, path).status, 429);
  EXPECT_EQ(post(bob, path).status, 200) << "per user and call";
  EXPECT_EQ(header(fetch(ann, room), "RateLimit-Remaining"), "2");
  EXPECT_EQ(calls_.start_limit(ann.id).remaining, 4U);
  EXPECT_EQ(post(dan, path).status, 403);
  post(ann, "/api/calls/" + id + "/end");
  const auto over = post(bob, path);
  EXPECT_EQ(over.status, 400);
  EXPECT_EQ(code_in(over), "CALL_NOT_ACTIVE");
}

// J-3.6: the ids are the client's choice.
TEST_F(TokenRoutes, RenewalsOfAllCallsTogetherAreLimitedToo) {
  const std::string id = call(ann, bob);
  for (std::uint8_t i = 0; i < 40; ++i) {
    Uuid made_up{};
    made_up[0] = i;
    EXPECT_EQ(post(dan, "/api/calls/" + to_text(made_up) + "/token").status, 403);
  }
  const auto limited = post(dan, "/api/calls/" + id + "/token");
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(header(limited, "RateLimit-Limit"), "40");
  EXPECT_EQ(post(ann, "/api/calls/" + id + "/token").status, 200);
  pass(60s);
  EXPECT_EQ(post(dan, "/api/calls/" + id + "/token").status, 403);
}

TEST_F(TokenRoutes, JoinsAreLimited) {
  const std::string token = token_in(fetch(ann, room));
  for (int i = 0; i < 40; ++i) EXPECT_EQ(join(ann, token).status, 200);
  const auto limited = join(ann, token);
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(header(limited, "Retry-After"), "60");
  EXPECT_EQ(code_in(join(bob, token)), "TOKEN_INVALID") << "others are unaffected";
}

// J-7.3, J-7.5
TEST_F(TokenRoutes, FloodOfRefusalsIsCountedButLoggedOnceAMinute) {
  for (int i = 0; i < 30; ++i) (void)fetch(ann, room);
  const auto refused_lines = [&] {
    return std::count_if(token_log_.lines.begin(), token_log_.lines.end(),
                         [](const auto& line) { return line.find("outcome=RATE_LIMITED") != std::string::npos; });
  };
  EXPECT_EQ(refused_lines(), 1);
  for (int i = 0; i < 30; ++i) (void)ask({.path = "/api/token?channel=x&uid=7"});
  EXPECT_EQ(refused_lines(), 2) << "one more, of an address";
  std::uint64_t counted = 0;
  token_counters_.each_refused(
      [&](std::string_view code, std::uint64_t count) { counted += code == "RATE_LIMITED" ? count : 0; });
  EXPECT_EQ(counted, 27U + 20U);
  pass(60s);
  for (int i = 0; i < 4; ++i) (void)fetch(ann, room);
  EXPECT_EQ(refused_lines(), 3);
}

// J-3.4, R-000-34
TEST_F(TokenRoutes, GrantIsPresentedByItsHolderAndIsNoSessionCredential) {
  const std::string token = token_in(fetch(bob, room));
  const auto joined = join(bob, token);
  EXPECT_EQ(joined.status, 200);
  EXPECT_EQ(text_in(joined, {"data", "conversationId"}), room);
  EXPECT_EQ(text_in(joined, {"data", "callId"}), "null");
  EXPECT_EQ(text_in(joined, {"data", "channel"}), room);
  EXPECT_EQ(text_in(joined, {"data", "uid"}), bob.text());
  EXPECT_EQ(text_in(joined, {"data", "mediaMode"}), "p2p");
  EXPECT_THAT(text_in(joined, {"data", "participants"}), AllOf(HasSubstr(ann.text()), HasSubstr(bob.text())));
  for (const std::string& wrong : {token, token + "x", std::string("x")}) {
    const auto refused = join(ann, wrong);
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(code_in(refused), "TOKEN_INVALID");
  }
  EXPECT_EQ(code_in(join(bob, bob.token)), "TOKEN_INVALID") << "a session token";
  EXPECT_EQ(ask({.path = "/api/users/me", .token = token}).status, 401);
  pass(300s);
  const auto expired = join(bob, token);
  EXPECT_EQ(expired.status, 403);
  EXPECT_EQ(code_in(expired), "TOKEN_EXPIRED");
  EXPECT_EQ(text_in(expired, {"data", "renew"}), "true");
}

// R-000-02, R-000-09
TEST_F(TokenRoutes, TokensAndJoinsNotifyNobodyAndMakeNoCall) {
  const SessionAddress phone{.slot = 1, .generation = 1};
  shard_sessions_.come(bob.id, "bob", {.id = calls::SessionId(bob.id.value()), .at = phone});
  const std::string token = token_in(fetch(ann, room));
  for (int i = 0; i < 50; ++i) {
    (void)fetch(ann, room);
    (void)join(ann, token);
  }
  pass(35s);
  EXPECT_EQ(deaf_.notices, 0);
  EXPECT_EQ(text_in(get(ann, "/api/calls/active"), {"data", "calls"}), "[]");
}

// R-002-21, J-7.3, J-7.5
TEST_F(TokenRoutes, EachTokenAndEachRefusalIsALogLineWithoutTheToken) {
  const auto answer =
      ask({.path = "/api/call/token?conversationId=" + room, .token = ann.token, .headers = {"X-Request-Id: r1"}});
  (void)fetch(dan, room);
  ASSERT_EQ(token_log_.lines.size(), 2U);
  EXPECT_EQ(token_log_.lines[0], "media token issued event=token.issued userId=" + ann.text() + " conversationId=" + room +
                                     " channel=" + room + " provider=native ttl=300 outcome=issued requestId=r1");
  EXPECT_THAT(token_log_.lines[1], HasSubstr("event=token.refused userId=" + dan.text() + " conversationId=" + room));
  EXPECT_THAT(token_log_.lines[1], HasSubstr("outcome=NOT_PARTICIPANT requestId="));
  EXPECT_THAT(token_log_.lines[0] + token_log_.lines[1], Not(HasSubstr(token_in(answer))));
  std::map<std::string, std::uint64_t, std::less<>> counts;
  const auto count = [&](std::string_view word, std::uint64_t times) { counts.emplace(word, times); };
  token_counters_.each_issued(count);
  token_counters_.each_refused(count);
  EXPECT_EQ(counts, (decltype(counts){{"native", 1}, {"agora", 0}, {"livekit", 0}, {"NOT_PARTICIPANT", 1}}));
}

// A stored answer would be a credential in the database.
TEST_F(TokenRoutes, RenewalWithAnIdempotencyKeyIsNotStored) {
  const std::string path = "/api/calls/" + call(ann, bob) + "/token";
  const auto first = post(ann, path, {}, {"Idempotency-Key: k"});
  pass(1s);
  const auto second = post(ann, path, {}, {"Idempotency-Key: k"});
  EXPECT_EQ(second.status, 200);
  EXPECT_NE(token_in(second), token_in(first));
}

}  // namespace
}  // namespace belfry::gateway::testing
