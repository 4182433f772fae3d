// Signing up, logging in and logging out.
#include "gateway/api/account_stage_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class SignUpRoutes : public AccountStage {};

// R-004-01, SPEC 2.8.5
TEST_F(SignUpRoutes, LogsInAtOnceAndReturnsNoPassword) {
  for (const std::string path : {"/api/auth/signup", "/user/sign-up"}) {
    const auto answer = sign_up(path == "/user/sign-up" ? "bob" : "ann", path);
    EXPECT_EQ(answer.status, path == "/user/sign-up" ? 200 : 201);
    const std::string token = text_in(answer, {"data", "token"});
    EXPECT_EQ(text_in(answer, {"token"}), token);
    EXPECT_EQ(text_in(answer, {"username"}), text_in(answer, {"data", "user", "username"}));
    EXPECT_THAT(header(answer, "Set-Cookie"), HasSubstr("belfry_session=" + token));
    EXPECT_EQ(with_token(token, "/api/users/me").status, 200);
    EXPECT_THAT(answer.body, Not(HasSubstr("correct horse")));
  }
}

// R-004-01
TEST_F(SignUpRoutes, DerivesAMissingUsernameFromTheRealNameOrTheAddress) {
  const auto ann = send("/user/sign-up", R"({"name":"Ann Smith","email":"a@mail.example","password":"correct horse"})");
  EXPECT_EQ(text_in(ann, {"username"}), "Ann_Smith");
  EXPECT_EQ(text_in(ann, {"name"}), "Ann Smith");
  const auto twin = send("/user/sign-up", R"({"name":"Ann Smith","email":"b@mail.example","password":"correct horse"})");
  EXPECT_EQ(twin.status, 200);
  EXPECT_THAT(text_in(twin, {"username"}), ::testing::StartsWith("Ann_Smith-"));
  const auto mail = send("/user/sign-up", R"({"email":"jo.doe@mail.example","password":"correct horse"})");
  EXPECT_EQ(text_in(mail, {"username"}), "jo_doe");
}

// R-004-02
TEST_F(SignUpRoutes, RefusesATakenNameOrAddress) {
  ASSERT_EQ(sign_up("ann").status, 201);
  const auto name = send("/api/auth/signup", R"({"username":"ann","email":"other@mail.example","password":"correct horse"})");
  EXPECT_EQ(name.status, 409);
  EXPECT_EQ(code_in(name), "DUPLICATE");
  EXPECT_EQ(text_in(name, {"message"}), "This username is taken");
  const auto mail = send("/user/sign-up", R"({"username":"bob","email":"ANN@mail.example","password":"correct horse"})");
  EXPECT_EQ(mail.status, 409);
  EXPECT_EQ(text_in(mail, {"message"}), "This e-mail address is taken");
}

// R-004-69
TEST_F(SignUpRoutes, ReportsEveryWrongField) {
  const auto answer = send("/user/sign-up", R"({"username":"two words","email":"nobody","password":"short"})");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(code_in(answer), "VALIDATION_FAILED");
  EXPECT_THAT(answer.body, HasSubstr(R"({"field":"password","issue":"too_short"})"));
  const auto shapes = send("/user/sign-up", R"({"username":"two words","email":"nobody","password":"long enough"})");
  EXPECT_THAT(shapes.body, HasSubstr(R"({"field":"username","issue":"invalid"})"));
  EXPECT_THAT(shapes.body, HasSubstr(R"({"field":"email","issue":"invalid"})"));
  EXPECT_EQ(send("/user/sign-up", R"({"password":"long enough"})").status, 400);
}

// SPEC 2.1 "all fields, not only the first": found by black-box acceptance.
TEST_F(SignUpRoutes, ReportsEveryMissingField) {
  const auto sign_up = ask({.method = "POST", .path = "/user/sign-up", .body = "{}"});
  EXPECT_THAT(sign_up.body, HasSubstr(R"({"field":"username","issue":"required"},{"field":"password","issue":"required"})"));
  const auto log_in = ask({.method = "POST", .path = "/user/login", .body = "{}"});
  EXPECT_THAT(log_in.body, HasSubstr(R"({"field":"email","issue":"required"},{"field":"password","issue":"required"})"));
}

// R-004-67
TEST_F(SignUpRoutes, IsLimitedByAddress) {
  for (int i = 0; i < 20; ++i) EXPECT_EQ(sign_up("user" + std::to_string(i)).status, 201);
  const auto refused = sign_up("one_more", "/user/sign-up");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(header(refused, "Retry-After"), "60");
  EXPECT_EQ(log_in("user1", "correct horse").status, 200) << "another matter";
  pass(std::chrono::seconds{60});
  EXPECT_EQ(sign_up("one_more").status, 201);
}

class LoginRoutes : public AccountStage {};

// R-004-03
TEST_F(LoginRoutes, ByAddressOrNameAnswersAsSigningUpDid) {
  ASSERT_EQ(sign_up("ann").status, 201);
  for (const std::string account : {"ann@mail.example", "Ann@Mail.Example", "ann"}) {
    const auto answer = log_in(account, "correct horse");
    EXPECT_EQ(answer.status, 200) << account;
    EXPECT_EQ(text_in(answer, {"data", "user", "username"}), "ann");
    EXPECT_FALSE(header(answer, "Set-Cookie").empty());
  }
  EXPECT_EQ(send("/user/login", R"({"username":"ann","password":"correct horse"})").status, 200);
}

// R-004-03
TEST_F(LoginRoutes, AnswersAWrongPasswordAndAnUnknownUserAlike) {
  ASSERT_EQ(sign_up("ann").status, 201);
  const auto wrong = log_in("ann", "incorrect horse"), unknown = log_in("nobody", "incorrect horse");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(unknown.status, 401);
  EXPECT_EQ(text_in(wrong, {"message"}), text_in(unknown, {"message"}));
  EXPECT_EQ(code_in(wrong), code_in(unknown));
}

TEST_F(LoginRoutes, RevealsThatAUserIsInactiveOnlyAfterTheRightPassword) {
  ASSERT_EQ(sign_up("ann").status, 201);
  const std::string token = text_in(log_in("ann", "correct horse"), {"token"});
  const auto id = parse_uuid(text_in(with_token(token, "/api/auth/session"), {"data", "userId"}));
  ASSERT_TRUE(id.has_value());
  accounts_.set_status(account::UserId(*id), account::UserStatus::blocked,
                       [](const auto& done) { EXPECT_TRUE(done.has_value()); });
  EXPECT_EQ(with_token(token, "/api/users/me").status, 403);
  EXPECT_EQ(log_in("ann", "correct horse").status, 403);
  EXPECT_EQ(log_in("ann", "guess").status, 401);
}

// R-004-67, C-02
TEST_F(LoginRoutes, RefusesTheEleventhAttemptOfAMinuteHoweverTheAddressIsWritten) {
  ASSERT_EQ(sign_up("ann").status, 201);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(log_in(i % 2 == 0 ? "ann@mail.example" : "ANN@mail.example", "guess").status, 401);
  const auto refused = log_in("Ann@mail.example", "correct horse");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(code_in(refused), "RATE_LIMITED");
  EXPECT_EQ(header(refused, "Retry-After"), "60");
  EXPECT_EQ(header(refused, "RateLimit-Limit"), "10");
  EXPECT_EQ(header(refused, "RateLimit-Remaining"), "0");
  EXPECT_EQ(log_in("ann", "correct horse").status, 429) << "the same account by its other name";
  EXPECT_EQ(log_in("bob@mail.example", "guess").status, 401) << "another account";
  pass(std::chrono::seconds{60});
  EXPECT_EQ(log_in("ann@mail.example", "correct horse").status, 200);
}

// Attempts by name and by address count together; a header that showed it would reveal whose address it is.
TEST_F(LoginRoutes, RemainingAttemptsDoNotRevealWhetherAnAddressIsKnown) {
  ASSERT_EQ(sign_up("ann").status, 201);
  EXPECT_EQ(header(log_in("ann", "guess"), "RateLimit-Remaining"), "9");
  for (const std::string name : {"ann@mail.example", "nobody@mail.example", "nobody"})
    EXPECT_EQ(header(log_in(name, "guess"), "RateLimit-Remaining"), "9") << name;
  EXPECT_EQ(header(log_in("ann", "guess"), "RateLimit-Remaining"), "8");
}

// R-004-67
TEST_F(LoginRoutes, IsLimitedByAddressOverAllAccounts) {
  ASSERT_EQ(sign_up("ann").status, 201);
  for (int i = 0; i < 30; ++i) EXPECT_EQ(log_in("user" + std::to_string(i), "guess").status, 401);
  EXPECT_EQ(log_in("ann", "correct horse").status, 429);
  pass(std::chrono::seconds{60});
  EXPECT_EQ(log_in("ann", "correct horse").status, 200);
}

// R-004-08, R-004-09
TEST_F(LoginRoutes, CookieIsHttpOnlyAndInProductionSecure) {
  const std::string plain = header(sign_up("ann"), "Set-Cookie");
  for (const std::string flag : {"; HttpOnly", "; SameSite=Lax", "; Path=/", "; Max-Age=3600"})
    EXPECT_THAT(plain, HasSubstr(flag));
  EXPECT_THAT(plain, Not(HasSubstr("Secure")));
  account_services_.cookie = CookieSafety::secure;
  router_.emplace(settings_, ApiRouter::Ports{tokens_, stores_.accounts(), clock_, random_, log_, keys_},
                  auth_operations(account_services_));
  EXPECT_THAT(header(sign_up("bob"), "Set-Cookie"), HasSubstr("; Secure"));
}

// R-004-05, R-004-10, C-16
TEST_F(LoginRoutes, CheckReturnsTheUserOfTheCookie) {
  const auto ann = person("ann");
  const auto answer = ask({.path = "/user/check", .headers = {"Cookie: belfry_session=" + ann.token}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(text_in(answer, {"success"}), "true");
  EXPECT_EQ(text_in(answer, {"username"}), "ann");
  EXPECT_EQ(text_in(answer, {"data", "user", "id"}), ann.text());
  EXPECT_EQ(ask({.path = "/user/check"}).status, 401);
}

// R-001-17, RFC 9110 8.3.1: found by black-box acceptance.
TEST_F(LoginRoutes, MediaTypeIsComparedWholeAndWithoutCase) {
  const auto with = [&](const std::string& type) {
    return ask({.method = "POST", .path = "/user/login", .body = "{}", .headers = {"Content-Type: " + type}}).status;
  };
  EXPECT_EQ(with("APPLICATION/JSON"), 400);
  EXPECT_EQ(with("application/json; charset=utf-8"), 400);
  EXPECT_EQ(with("application/jsonx"), 415);
  EXPECT_EQ(with("text/plain"), 415);
}

class LogoutRoutes : public AccountStage {};

// R-004-04
TEST_F(LogoutRoutes, RemovesTheCookieAndEndsTheToken) {
  for (const std::string method : {"GET /user/logout", "POST /api/auth/logout"}) {
    const auto ann = person("ann" + std::to_string(method.size()));
    const auto other = person("bob" + std::to_string(method.size()));
    const std::size_t space = method.find(' ');
    const auto answer = ask({.method = method.substr(0, space), .path = method.substr(space + 1), .token = ann.token});
    EXPECT_EQ(answer.status, 200);
    EXPECT_THAT(header(answer, "Set-Cookie"), HasSubstr("belfry_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"));
    EXPECT_EQ(code_in(get(ann, "/user/check")), "TOKEN_REVOKED");
    EXPECT_EQ(get(other, "/user/check").status, 200);
  }
}

// R-002-06
TEST_F(LogoutRoutes, EverywhereEndsEveryLogin) {
  ASSERT_EQ(sign_up("ann").status, 201);
  const std::string phone = text_in(log_in("ann", "correct horse"), {"token"});
  const std::string laptop = text_in(log_in("ann", "correct horse"), {"token"});
  EXPECT_EQ(ask({.method = "DELETE", .path = "/api/sessions", .token = phone}).status, 200);
  for (const std::string& token : {phone, laptop}) EXPECT_EQ(code_in(with_token(token, "/api/users/me")), "TOKEN_REVOKED");
}

TEST_F(LogoutRoutes, OfOneLoginIsAllowedToItsUserOnly) {
  ASSERT_EQ(sign_up("ann").status, 201);
  const std::string phone = text_in(log_in("ann", "correct horse"), {"token"});
  const std::string laptop = text_in(log_in("ann", "correct horse"), {"token"});
  const std::string id = text_in(with_token(laptop, "/api/auth/session"), {"data", "sessionId"});
  EXPECT_THAT(with_token(phone, "/api/sessions").body, HasSubstr(id));
  const auto bob = person("bob");
  EXPECT_EQ(ask({.method = "DELETE", .path = "/api/sessions/" + id, .token = bob.token}).status, 404);
  EXPECT_EQ(with_token(laptop, "/api/users/me").status, 200);
  EXPECT_EQ(ask({.method = "DELETE", .path = "/api/sessions/" + id, .token = phone}).status, 200);
  EXPECT_EQ(with_token(laptop, "/api/users/me").status, 401);
  EXPECT_EQ(with_token(phone, "/api/users/me").status, 200);
}

// The log-out of a browser that could not reach the server in time.
TEST_F(LogoutRoutes, IsDoneByTheNextLoginOfTheSameBrowserIfThatAsksForIt) {
  ASSERT_EQ(sign_up("ann").status, 201);
  ASSERT_EQ(sign_up("bob").status, 201);
  const std::string ann = text_in(log_in("ann", "correct horse"), {"token"});
  const auto bob_logs_in = [&](const std::string& password, const std::string& more,
                               const std::string& origin = "https://call.example") {
    return ask({.method = "POST",
                .path = "/api/auth/login",
                .body = R"({"identifier":"bob","password":")" + password + '"' + more + '}',
                .headers = {"Cookie: belfry_session=" + ann, "Origin: " + origin}});
  };
  const std::string end_previous = R"(,"endPrevious":true)";
  EXPECT_EQ(bob_logs_in("correct horse", "").status, 200);
  EXPECT_EQ(bob_logs_in("guess", end_previous).status, 401);
  EXPECT_EQ(bob_logs_in("correct horse", end_previous, "https://evil.example").status, 200);
  EXPECT_EQ(with_token(ann, "/api/users/me").status, 200) << "nobody who may has asked for it";
  const auto bob = bob_logs_in("correct horse", end_previous);
  EXPECT_EQ(bob.status, 200);
  EXPECT_EQ(code_in(with_token(ann, "/api/users/me")), "TOKEN_REVOKED");
  EXPECT_EQ(with_token(text_in(bob, {"token"}), "/api/users/me").status, 200);
  EXPECT_EQ(bob_logs_in("correct horse", end_previous).status, 200) << "it has ended already";
}

TEST_F(LogoutRoutes, IsDoneBySigningUpAsWell) {
  ASSERT_EQ(sign_up("ann").status, 201);
  const std::string ann = text_in(log_in("ann", "correct horse"), {"token"});
  const auto bob = ask({.method = "POST",
                        .path = "/api/auth/signup",
                        .body = R"({"username":"bob","password":"correct horse","endPrevious":true})",
                        .token = ann});
  EXPECT_EQ(bob.status, 201);
  EXPECT_EQ(code_in(with_token(ann, "/api/users/me")), "TOKEN_REVOKED");
}

class RefreshRoute : public AccountStage {};

TEST_F(RefreshRoute, ReturnsANewTokenAndEndsTheOldOne) {
  const auto ann = person("ann");
  pass(std::chrono::minutes{30});
  const auto answer = post(ann, "/api/auth/refresh");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(code_in(get(ann, "/api/auth/session")), "TOKEN_REVOKED");
  pass(std::chrono::minutes{45});
  EXPECT_EQ(with_token(text_in(answer, {"token"}), "/api/auth/session").status, 200);
}

}  // namespace
}  // namespace belfry::gateway::testing
