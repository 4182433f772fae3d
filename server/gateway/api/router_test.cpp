#include "gateway/api/api_stage_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

using ::testing::HasSubstr;

class Router : public ApiStage {};

// QA-51, QA-52, R-001-06
TEST_F(Router, UnknownRouteIsA404InTheEnvelope) {
  const auto answer = ask({.path = "/api/nothing"});
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(code_in(answer), "NOT_FOUND");
  EXPECT_EQ(text_in(answer, {"success"}), "false");
  EXPECT_EQ(text_in(answer, {"error", "requestId"}), header(answer, "X-Request-Id"));
  EXPECT_EQ(text_in(answer, {"error", "retryAfterMs"}), "null");
}

// QA-51
TEST_F(Router, WrongMethodIsAnsweredWithTheAllowedOnes) {
  const auto answer = ask({.method = "DELETE", .path = "/api/calls"});
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(code_in(answer), "METHOD_NOT_ALLOWED");
  EXPECT_EQ(header(answer, "Allow"), "POST, GET, HEAD, OPTIONS");
  EXPECT_EQ(ask({.path = "/api/calls/respond"}).status, 405) << "a word of its own wins over {id}";
  const auto options = ask({.method = "OPTIONS", .path = "/api/calls/active"});
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(header(options, "Allow"), "GET, HEAD, OPTIONS");
}

TEST_F(Router, PlannedRoutesAreNotThereYet) {
  const auto ann = person("ann");
  const std::string id = "018f3c1e-7b2a-7cde-9abc-0123456789ab";
  for (const std::string path : {"timeline", "hold", "recording", "voicemail"})
    EXPECT_EQ(get(ann, "/api/calls/" + id + "/" + path).status, 404) << path;
}

TEST_F(Router, ValidRequestIdIsEchoedAndAnyOtherReplaced) {
  EXPECT_EQ(header(ask({.path = "/api/x", .headers = {"X-Request-Id: abc-1"}}), "X-Request-Id"), "abc-1");
  EXPECT_NE(header(ask({.path = "/api/x", .headers = {"X-Request-Id: two words"}}), "X-Request-Id"), "two words");
}

// QA-39, R-004-12
TEST_F(Router, OperationsOfASessionRequireACredential) {
  for (const Operation& operation : router_->operations()) {
    if (operation.auth == Auth::none) continue;
    const auto answer = ask({.method = std::string(method_name(operation.method)), .path = std::string(operation.path)});
    EXPECT_EQ(answer.status, 401) << operation.id;
    if (operation.id != "seed002Token" && operation.failure_body == nullptr) {  // W-002-01 and W-000-01 have forms of their own
      EXPECT_EQ(code_in(answer), "UNAUTHENTICATED") << operation.id;
    }
    EXPECT_EQ(header(answer, "WWW-Authenticate"), "Bearer");
  }
}

// QA-40, R-002-04
TEST_F(Router, EachBadCredentialHasItsOwnCode) {
  const auto ann = person("ann");
  EXPECT_EQ(code_in(ask({.path = "/api/users/me", .token = "nonsense"})), "UNAUTHENTICATED");
  EXPECT_EQ(code_in(ask({.path = "/api/users/me", .headers = {"Authorization: Basic YTpi"}})), "UNAUTHENTICATED");
  EXPECT_EQ(get(ann, "/api/users/me").status, 200);
  revocations_.note_status(ann.id, account::UserStatus::blocked);
  EXPECT_EQ(get(ann, "/api/users/me").status, 403);
  revocations_.forget_all();
  EXPECT_EQ(post(ann, "/api/auth/logout").status, 200);
  EXPECT_EQ(code_in(get(ann, "/api/users/me")), "TOKEN_REVOKED");
  const auto bob = person("bob");
  pass(std::chrono::hours{2});
  EXPECT_EQ(code_in(get(bob, "/api/users/me")), "SESSION_EXPIRED");
}

// One client that asks without waiting must not fill the queue of the readers and fail everybody's reads.
TEST_F(Router, ReadsOfOneUserAreRefusedWhileTooManyAreInFlight) {
  const auto ann = person("ann"), bob = person("bob");
  std::vector<limits::ReadsInFlight::OpenRead> under_way;
  for (int i = 0; i < 3; ++i) under_way.push_back(reads_.enter(ann.id).value());
  const auto refused = get(ann, "/api/calls/history");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(code_in(refused), "RATE_LIMITED");
  EXPECT_EQ(text_in(refused, {"error", "retryAfterMs"}), "1000");
  EXPECT_EQ(get(bob, "/api/calls/history").status, 200);
  EXPECT_EQ(post(ann, "/api/calls", call_body(bob)).status, 201) << "what it does is not what it reads";
  under_way.pop_back();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(get(ann, "/api/calls/history").status, 200) << "an answered one counts no more";
}

// R-004-72: all searches wait for one thread of the store.
TEST_F(Router, ASearchCountsAsManyReads) {
  const auto ann = person("ann");
  const auto under_way = reads_.enter(ann.id);
  EXPECT_EQ(get(ann, "/api/messages/search?q=tea").status, 429);
  EXPECT_EQ(get(ann, "/api/calls/history").status, 200);
  EXPECT_EQ(get(person("bob"), "/api/messages/search?q=tea").status, 200) << "one is always possible";
}

// The database walks all rows before OFFSET while other readers wait.
TEST_F(Router, CursorContinuesWhereThePageEnds) {
  const auto ann = person("ann");
  EXPECT_EQ(get(ann, "/api/calls/history?page=101&limit=100").status, 200);
  const auto refused = get(ann, "/api/calls/history?page=102&limit=100");
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, HasSubstr("cursor"));
  EXPECT_THAT(refused.body, HasSubstr(R"("field":"page","issue":"out_of_range")"));
  EXPECT_EQ(get(ann, "/api/users?page=102&limit=100").status, 200) << "a list without a cursor goes deeper";
  EXPECT_EQ(get(ann, "/api/users?page=1002&limit=100").status, 400);
}

// R-004-13, SPEC 0
TEST_F(Router, CookieIsNotTakenFromPagesOfOthers) {
  const auto ann = person("ann");
  const std::string cookie = "Cookie: a=b; belfry_session=" + ann.token;
  const auto with = [&](std::string method, std::string path, const std::string& origin) {
    return ask({.method = std::move(method), .path = std::move(path), .headers = {cookie, "Origin: " + origin}}).status;
  };
  EXPECT_EQ(ask({.path = "/api/users/me", .headers = {cookie}}).status, 200);
  EXPECT_EQ(with("GET", "/api/users/me", "https://evil.example"), 200) << "reading is for CORS to stop";
  EXPECT_EQ(with("POST", "/api/auth/refresh", "https://evil.example"), 403);
  EXPECT_EQ(with("POST", "/api/auth/refresh", "null"), 403);
  EXPECT_EQ(with("GET", "/user/logout", "https://evil.example"), 403);
  EXPECT_EQ(with("POST", "/api/auth/refresh", "https://call.example"), 200);
  const auto bob = person("bob");
  EXPECT_EQ(ask({.method = "POST", .path = "/api/auth/refresh", .token = bob.token, .headers = {"Origin: https://evil.example"}})
                .status,
            200)
      << "a Bearer token is not sent unasked";
}

// R-001-17, QA-49
TEST_F(Router, UnreadableBodyIsRefused) {
  const auto ann = person("ann");
  for (const std::string body : {"{", "", "[]", "null", "\"x\"", "{} {}"}) {
    const auto answer = post(ann, "/api/calls", body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_EQ(text_in(answer, {"error", "details"}), R"([{"field":"body","issue":"malformed"}])") << body;
  }
  EXPECT_EQ(code_in(post(ann, "/api/calls", "hello", {"Content-Type: text/plain"})), "UNSUPPORTED_MEDIA_TYPE");
  EXPECT_EQ(post(ann, "/api/calls", "hello", {"Content-Type: text/plain"}).status, 415);
  EXPECT_EQ(post(ann, "/api/calls", std::string(1'000'001, ' ')).status, 413);
}

// A body of 80 000 members held a shard for half a minute.
TEST_F(Router, BodyOfFarTooManyMembersIsRefusedBeforeTheStoreIsAsked) {
  std::string body = "{\"a\":0";
  for (int i = 0; i < 200; ++i) body += ",\"a" + std::to_string(i) + "\":1";
  const auto answer = ask({"POST", "/user/login", body + "}"});
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(text_in(answer, {"error", "details"}), R"([{"field":"body","issue":"too_many"}])");
}

TEST_F(Router, UnknownFieldsAreIgnoredUnlessTheClientIsStrict) {
  const auto ann = person("ann"), bob = person("bob");
  const std::string body = R"({"recipientId":")" + bob.text() + R"(","callType":"audio","colour":"blue"})";
  const auto strict = post(ann, "/api/calls", body, {"Prefer: strict"});
  EXPECT_EQ(strict.status, 400);
  EXPECT_THAT(strict.body, HasSubstr(R"({"field":"colour","issue":"unknown"})"));
  EXPECT_EQ(post(ann, "/api/calls", body).status, 201);
}

TEST_F(Router, AdministratorOperationIsForbiddenToUsers) {
  const auto ann = person("ann"), root = person("root", account::Role::admin);
  for (const Operation& operation : router_->operations()) {
    if (operation.auth != Auth::admin) continue;
    const auto answer =
        ask({.method = std::string(method_name(operation.method)), .path = std::string(operation.path), .token = ann.token});
    EXPECT_EQ(answer.status, 403) << operation.id;
    EXPECT_EQ(code_in(answer), "FORBIDDEN") << operation.id;
  }
  EXPECT_EQ(get(root, "/api/admin/config").status, 200);
}

// --- Idempotency-Key -------------------------------------------------------------------------------------------------

class Idempotency : public ApiStage {
 protected:
  protocol::HttpAnswer start(const Person& who, const std::string& body) {
    return post(who, "/api/calls", body, {"Idempotency-Key: k-1"});
  }
};

TEST_F(Idempotency, SameKeyReturnsTheSameAnswerAndMakesOneCall) {
  const auto ann = person("ann"), bob = person("bob");
  const auto first = start(ann, call_body(bob)), again = start(ann, call_body(bob));
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(header(again, "Idempotent-Replayed"), "true");
  keys_.forget_all();  // as after a restart
  EXPECT_EQ(start(ann, call_body(bob)).body, first.body);
}

TEST_F(Idempotency, SameKeyForAnotherRequestIsAConflict) {
  const auto ann = person("ann"), bob = person("bob");
  ASSERT_EQ(start(ann, call_body(bob)).status, 201);
  for (const bool restarted : {false, true}) {
    if (restarted) keys_.forget_all();
    const auto other = start(ann, R"({"recipientId":")" + bob.text() + R"(","callType":"audio"})");
    EXPECT_EQ(other.status, 409);
    EXPECT_EQ(code_in(other), "IDEMPOTENCY_CONFLICT");
    EXPECT_THAT(other.body, HasSubstr("use a new key")) << restarted;
  }
}

TEST_F(Idempotency, SameKeyOfAnotherUserIsAnotherKey) {
  const auto ann = person("ann"), bob = person("bob"), cid = person("cid"), dan = person("dan");
  EXPECT_EQ(start(ann, call_body(bob)).status, 201);
  EXPECT_EQ(start(cid, call_body(dan)).status, 201);
}

// SPEC 0, 2.1
TEST_F(Idempotency, KeyOfAnUnfinishedRequestIsAConflictAndTheMessageSaysWhatToDo) {
  const auto ann = person("ann"), bob = person("bob");
  call_store_.holds = true;
  EXPECT_EQ(start(ann, call_body(bob)).status, 0) << "not answered yet";
  const auto same = start(ann, call_body(bob));
  EXPECT_EQ(code_in(same), "IDEMPOTENCY_CONFLICT");
  EXPECT_THAT(same.body, HasSubstr("still under way"));
  const auto other = start(ann, R"({"recipientId":")" + bob.text() + R"(","callType":"audio"})");
  EXPECT_EQ(code_in(other), "IDEMPOTENCY_CONFLICT");
  EXPECT_THAT(other.body, HasSubstr("use a new key"));
  call_store_.holds = false;
  call_store_.held.at(0)();
  EXPECT_EQ(start(ann, call_body(bob)).status, 201);
}

// X-26: what a retry after a crash gets is stored with the call, before anybody is answered.
TEST_F(Idempotency, AnswerToAStartIsStoredInTheTransactionOfItsCall) {
  const auto ann = person("ann"), bob = person("bob");
  const auto first = start(ann, call_body(bob));
  EXPECT_EQ(first.status, 201);
  ASSERT_TRUE(call_store_.claimed.has_value());
  EXPECT_EQ(call_store_.claimed->answer, (store::GivenAnswer{.status = 201, .body = first.body}));
}

// X-05, X-26
TEST_F(Idempotency, AnswerToAStartThatAnswersACallIsStoredInTheTransactionOfThatStep) {
  const auto ann = person("ann"), bob = person("bob");
  const auto call = post(ann, "/api/calls", call_body(bob));
  const auto joined = start(bob, R"({"recipientId":")" + ann.text() + R"(","callType":"video","glare":"connect"})");
  EXPECT_EQ(joined.status, 200);
  EXPECT_EQ(text_in(joined, {"data", "id"}), text_in(call, {"data", "id"}));
  ASSERT_TRUE(call_store_.claimed.has_value());
  EXPECT_EQ(call_store_.claimed->answer, (store::GivenAnswer{.status = 200, .body = joined.body}));
  keys_.forget_all();
  const auto again = start(bob, R"({"recipientId":")" + ann.text() + R"(","callType":"video","glare":"connect"})");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, joined.body);
  EXPECT_EQ(text_in(get(ann, "/api/calls/" + text_in(call, {"data", "id"})), {"data", "status"}), "connected");
}

// SPEC 2.1, X-26: two servers of one database get the same request at once.
TEST_F(Idempotency, RequestThatAnotherServerAnswersMeanwhileGetsThatAnswer) {
  const auto ann = person("ann"), bob = person("bob");
  call_store_.before_commit = [&] {
    const auto& claim = must_have(call_store_.claimed, "a claim");
    stores_.accounts().keep_answer(ann.id, "k-1", {claim.fingerprint, store::CallId(Uuid{1}), 201, R"({"theirs":true})"},
                                   clock_.wall());
  };
  const auto answer = start(ann, call_body(bob));
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.body, R"({"theirs":true})");
  EXPECT_EQ(header(answer, "Idempotent-Replayed"), "true");
}

TEST_F(Idempotency, RequestThatAnotherServerAnswersToAnotherOfThatKeyIsAConflict) {
  const auto ann = person("ann"), bob = person("bob");
  call_store_.before_commit = [&] {
    stores_.accounts().keep_answer(ann.id, "k-1", {"of another request", std::nullopt, 201, "{}"}, clock_.wall());
  };
  EXPECT_EQ(code_in(start(ann, call_body(bob))), "IDEMPOTENCY_CONFLICT");
}

// SPEC 2.1: for a day, also on a server that has few answers to remember.
TEST(KeysInUse, ForgetAnAnswerAfterADay) {
  constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;
  KeysInUse keys;
  KeysInUse::Answered before;
  const KeysInUse::Key key{account::UserId{}, "k-1"};
  ASSERT_EQ(keys.enter(key, "f", {0}, before), KeysInUse::Entry::fresh);
  keys.leave(key, {.status = 201, .at = {0}});
  EXPECT_EQ(keys.enter(key, "f", {kDayMs - 1}, before), KeysInUse::Entry::answered);
  EXPECT_EQ(keys.enter(key, "f", {kDayMs}, before), KeysInUse::Entry::fresh);
  EXPECT_EQ(keys.enter(key, "f", {kDayMs}, before), KeysInUse::Entry::under_way);
}

TEST_F(Idempotency, AnswersWithATokenAreNotStored) {
  const auto ann = person("ann");
  const auto refreshed = post(ann, "/api/auth/refresh", {}, {"Idempotency-Key: k-1"});
  EXPECT_EQ(refreshed.status, 200);
  bool kept = true;
  stores_.accounts().find_answer(ann.id, "k-1", [&](const auto& found) { kept = found->has_value(); });
  EXPECT_FALSE(kept);
}

// X-26
TEST_F(Idempotency, RetryAfterAFailureRunsOnce) {
  const auto ann = person("ann"), bob = person("bob");
  call_store_.down = true;
  const auto failed = start(ann, call_body(bob));
  EXPECT_EQ(failed.status, 503);
  EXPECT_EQ(code_in(failed), "STORE_UNAVAILABLE");
  EXPECT_FALSE(header(failed, "Retry-After").empty());
  call_store_.down = false;
  EXPECT_EQ(start(ann, call_body(bob)).status, 201);
}

// SPEC 2.8.8
TEST_F(Idempotency, ReplaysAndValidationFailuresCostNoStart) {
  const auto ann = person("ann"), bob = person("bob");
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(start(ann, call_body(bob)).status, 201);
    EXPECT_EQ(post(ann, "/api/calls", "{}").status, 400);
  }
}

}  // namespace
}  // namespace belfry::gateway::testing
