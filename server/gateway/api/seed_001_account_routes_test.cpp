// Seed 001's operations on accounts (SPEC W-001-06).
#include "gateway/api/api_stage_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

using ::testing::MatchesRegex;
using ::testing::Not;

class Seed001Accounts : public ApiStage {
 protected:
  protocol::HttpAnswer send(const std::string& path, const std::string& body, const std::string& token = {}) {
    return ask({"POST", path, body, token, {}});
  }
  protocol::HttpAnswer sign_up(const std::string& name, const std::string& more = {}) {
    return send("/api/auth/register", R"({"username":")" + name + R"(","email":")" + name +
                                          R"(@mail.example","password":"correct horse")" + more + "}");
  }
  protocol::HttpAnswer log_in(const std::string& identifier) {
    return send("/api/auth/login", R"({"identifier":")" + identifier + R"(","password":"correct horse"})");
  }
  protocol::HttpAnswer refresh(const std::string& token) {
    return send("/api/auth/refresh", R"({"refreshToken":")" + token + R"("})");
  }
  std::string access_in(const protocol::HttpAnswer& answer) { return text_in(answer, {"data", "tokens", "accessToken"}); }
  std::string refresh_in(const protocol::HttpAnswer& answer) { return text_in(answer, {"data", "tokens", "refreshToken"}); }
  int status_of(const std::string& access) { return ask({.path = "/api/auth/me", .token = access}).status; }
};

// W-001-06
TEST_F(Seed001Accounts, RegistrationTakesTwoNames) {
  const auto made = sign_up("ann", R"(,"firstName":"Ann","lastName":"de Vries")");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(text_in(made, {"data", "user", "firstName"}), "Ann");
  EXPECT_EQ(text_in(made, {"data", "user", "lastName"}), "de Vries");
  EXPECT_EQ(text_in(made, {"data", "user", "displayName"}), "Ann de Vries");
  EXPECT_EQ(text_in(sign_up("bob"), {"data", "user", "firstName"}), "null");
  EXPECT_EQ(text_in(sign_up("cid", R"(,"firstName":"","lastName":"Long")"), {"data", "user", "displayName"}), "Long");
  EXPECT_EQ(text_in(sign_up("dan", R"(,"firstName":" ","lastName":"\u200b")"), {"data", "user", "displayName"}), "dan");
  EXPECT_EQ(sign_up("ann").status, 409);
  EXPECT_EQ(send("/api/auth/register", R"({"username":"dan","password":"correct horse"})").status, 400);
}

// W-001-06, SPEC 2.12 reading 15
TEST_F(Seed001Accounts, LoginTakesAnIdentifierAndAnswersInBothShapes) {
  sign_up("ann");
  for (const char* identifier : {"ann", "Ann@Mail.Example"}) {
    const auto in = log_in(identifier);
    EXPECT_EQ(in.status, 200);
    EXPECT_EQ(text_in(in, {"data", "token"}), access_in(in));
    EXPECT_EQ(text_in(in, {"token"}), access_in(in));
    EXPECT_EQ(text_in(in, {"username"}), "ann");
    EXPECT_THAT(refresh_in(in), MatchesRegex("[0-9a-f]{64}"));
    EXPECT_THAT(text_in(in, {"data", "session", "id"}), Not("<none>"));
    EXPECT_EQ(text_in(ask({.path = "/api/auth/me", .token = access_in(in)}), {"data", "user", "username"}), "ann");
  }
  EXPECT_EQ(send("/api/auth/login", R"({"identifier":"ann","password":"wrong"})").status, 401);
  EXPECT_EQ(send("/api/auth/login", R"({"password":"correct horse"})").status, 400);
}

// W-001-06
TEST_F(Seed001Accounts, RefreshTokenIsGoodAfterTheAccessTokenExpired) {
  sign_up("ann");
  const auto in = log_in("ann");
  pass(std::chrono::hours{2});  // the access token lasts one
  EXPECT_EQ(status_of(access_in(in)), 401);
  const auto again = ask({"POST", "/api/auth/refresh", R"({"refreshToken":")" + refresh_in(in) + R"("})", access_in(in), {}});
  EXPECT_EQ(again.status, 200) << "the client sends the expired token along";
  EXPECT_NE(refresh_in(again), refresh_in(in));
  EXPECT_EQ(status_of(access_in(again)), 200);
  pass(std::chrono::hours{24 * 31});
  EXPECT_EQ(code_in(refresh(refresh_in(again))), "UNAUTHENTICATED") << "it has expired too";
}

// W-001-06
TEST_F(Seed001Accounts, UsedRefreshTokenEndsItsWholeFamilyAndNoOtherLogin) {
  sign_up("ann");
  const auto first = log_in("ann"), laptop = log_in("ann");
  const auto second = refresh(refresh_in(first));
  const auto third = refresh(refresh_in(second));
  EXPECT_EQ(status_of(access_in(third)), 200);
  EXPECT_EQ(code_in(refresh(refresh_in(first))), "TOKEN_REVOKED");
  for (const auto& each : {first, second, third}) EXPECT_EQ(status_of(access_in(each)), 401);
  EXPECT_EQ(code_in(refresh(refresh_in(third))), "TOKEN_REVOKED") << "the token of the thief as well as that of the owner";
  EXPECT_EQ(status_of(access_in(laptop)), 200);
  EXPECT_EQ(refresh(refresh_in(laptop)).status, 200);
}

// W-001-06
TEST_F(Seed001Accounts, AnyOtherTextInPlaceOfARefreshTokenIsRefused) {
  sign_up("ann");
  EXPECT_EQ(code_in(refresh("0123456789abcdef")), "UNAUTHENTICATED");
  EXPECT_EQ(code_in(refresh(access_in(log_in("ann")))), "VALIDATION_FAILED") << "an access token is no refresh token";
  for (const std::string body : {R"({"refreshToken":7})", R"({"refreshToken":""})", R"({"refreshToken":{}})"})
    EXPECT_EQ(send("/api/auth/refresh", body).status, 400) << body;
  EXPECT_EQ(send("/api/auth/refresh", "{}").status, 401);
}

// W-001-06
TEST_F(Seed001Accounts, RefreshTokenEndsWithItsLoginAndItsUser) {
  sign_up("ann");
  const auto in = log_in("ann"), other = log_in("ann");
  EXPECT_EQ(send("/api/auth/logout", "{}", access_in(in)).status, 200);
  EXPECT_EQ(code_in(refresh(refresh_in(in))), "TOKEN_REVOKED");
  const auto id = text_in(other, {"data", "user", "id"});
  accounts_.set_status(account::UserId(parse_uuid(id).value()), account::UserStatus::blocked, [](const auto&) {});
  EXPECT_EQ(refresh(refresh_in(other)).status, 403);
}

// W-001-06
TEST_F(Seed001Accounts, RefreshTokenAloneLogsOut) {
  sign_up("ann");
  const auto in = log_in("ann");
  pass(std::chrono::hours{2});
  const std::string body = R"({"refreshToken":")" + refresh_in(in) + R"("})";
  EXPECT_EQ(send("/api/auth/logout", body, access_in(in)).status, 200);
  EXPECT_EQ(refresh(refresh_in(in)).status, 401);
  EXPECT_EQ(send("/api/auth/logout", body).status, 200) << "again";
  EXPECT_EQ(send("/api/auth/logout", "{}").status, 401);
}

// W-001-06
TEST_F(Seed001Accounts, RefreshesAreLimitedButAUsedTokenAlwaysEndsItsFamily) {
  sign_up("ann");
  auto in = log_in("ann");
  const auto stolen = refresh_in(in);
  for (int i = 0; i < 10; ++i) in = refresh(refresh_in(in));
  EXPECT_EQ(code_in(refresh(refresh_in(in))), "RATE_LIMITED");
  EXPECT_EQ(code_in(refresh(stolen)), "TOKEN_REVOKED");
  EXPECT_EQ(status_of(access_in(in)), 401);
}

// W-001-06
TEST_F(Seed001Accounts, CsrfTokenIsGivenAndNotChecked) {
  const auto one = ask({.path = "/api/csrf-token"}), other = ask({.path = "/api/csrf-token"});
  EXPECT_EQ(one.status, 200);
  EXPECT_THAT(one.body, MatchesRegex(R"(\{"csrfToken":"[0-9a-f]{64}"\})"));
  EXPECT_NE(one.body, other.body);
  const auto ann = person("ann");
  EXPECT_EQ(post(ann, "/api/calls", call_body(person("bob")), {"x-csrf-token: anything"}).status, 201);
}

}  // namespace
}  // namespace belfry::gateway::testing
