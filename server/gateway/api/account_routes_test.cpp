#include "gateway/api/api_stage.hpp"

namespace belfry::gateway::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class AccountRoutes : public ApiStage {
 protected:
  session::HttpAnswer send(const std::string& path, const std::string& body) {
    return ask({.method = "POST", .path = path, .body = body});
  }
  session::HttpAnswer sign_up(const std::string& name, const std::string& path = "/api/auth/signup") {
    return send(path, R"({"username":")" + name + R"(","email":")" + name + R"(@mail.example","password":"correct horse"})");
  }
  session::HttpAnswer log_in(const std::string& account, const std::string& password) {
    return send("/api/auth/login", R"({"email":")" + account + R"(","password":")" + password + R"("})");
  }
  session::HttpAnswer with_token(const std::string& token, const std::string& path) {
    return ask({.path = path, .token = token});
  }
  session::HttpAnswer update(const Person& who, const std::string& body) {
    return ask({.method = "PATCH", .path = "/api/users/me", .body = body, .token = who.token});
  }
};

// R-004-01, SPEC 2.8.5
TEST_F(AccountRoutes, SigningUpLogsInAtOnceAndTellsNoHash) {
  for (const std::string path : {"/api/auth/signup", "/user/sign-up"}) {
    const auto answer = sign_up(path == "/user/sign-up" ? "bob" : "ann", path);
    EXPECT_EQ(answer.status, 201);
    const std::string token = text_in(answer, {"data", "token"});
    EXPECT_EQ(text_in(answer, {"token"}), token);
    EXPECT_EQ(text_in(answer, {"username"}), text_in(answer, {"data", "user", "username"}));
    EXPECT_THAT(header(answer, "Set-Cookie"), HasSubstr("belfry_session=" + token));
    EXPECT_EQ(with_token(token, "/api/users/me").status, 200);
    EXPECT_THAT(answer.body, Not(HasSubstr("correct horse")));
  }
}

// R-004-01
TEST_F(AccountRoutes, NameIsMadeOfTheRealNameOrTheAddressWhenNoneIsWished) {
  const auto ann = send("/user/sign-up", R"({"name":"Ann Smith","email":"a@mail.example","password":"correct horse"})");
  EXPECT_EQ(text_in(ann, {"username"}), "Ann_Smith");
  EXPECT_EQ(text_in(ann, {"name"}), "Ann Smith");
  const auto twin = send("/user/sign-up", R"({"name":"Ann Smith","email":"b@mail.example","password":"correct horse"})");
  EXPECT_EQ(twin.status, 201);
  EXPECT_THAT(text_in(twin, {"username"}), ::testing::StartsWith("Ann_Smith-"));
  const auto mail = send("/user/sign-up", R"({"email":"jo.doe@mail.example","password":"correct horse"})");
  EXPECT_EQ(text_in(mail, {"username"}), "jo_doe");
}

// R-004-02
TEST_F(AccountRoutes, NameOrAddressThatIsTakenIsRefused) {
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
TEST_F(AccountRoutes, SignUpReportsEveryWrongField) {
  const auto answer = send("/user/sign-up", R"({"username":"two words","email":"nobody","password":"short"})");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(code_in(answer), "VALIDATION_FAILED");
  EXPECT_THAT(answer.body, HasSubstr(R"({"field":"password","issue":"too_short"})"));
  const auto shapes = send("/user/sign-up", R"({"username":"two words","email":"nobody","password":"long enough"})");
  EXPECT_THAT(shapes.body, HasSubstr(R"({"field":"username","issue":"invalid"})"));
  EXPECT_THAT(shapes.body, HasSubstr(R"({"field":"email","issue":"invalid"})"));
  EXPECT_EQ(send("/user/sign-up", R"({"password":"long enough"})").status, 400);
}

// R-004-03
TEST_F(AccountRoutes, LoggingInByAddressOrNameAnswersAsSigningUpDid) {
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
TEST_F(AccountRoutes, WrongPasswordAndUnknownUserGetTheSameAnswer) {
  ASSERT_EQ(sign_up("ann").status, 201);
  const auto wrong = log_in("ann", "incorrect horse"), unknown = log_in("nobody", "incorrect horse");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(unknown.status, 401);
  EXPECT_EQ(text_in(wrong, {"message"}), text_in(unknown, {"message"}));
  EXPECT_EQ(code_in(wrong), code_in(unknown));
}

// R-004-67, C-02
TEST_F(AccountRoutes, EleventhTryOfAMinuteIsRefusedHoweverTheAddressIsWritten) {
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

// Tries by name and by e-mail address count together; if the header showed that, it would tell whose address it is.
TEST_F(AccountRoutes, RemainingAttemptsDoNotRevealWhoseAddressItIs) {
  ASSERT_EQ(sign_up("ann").status, 201);
  EXPECT_EQ(header(log_in("ann", "guess"), "RateLimit-Remaining"), "9");
  for (const std::string name : {"ann@mail.example", "nobody@mail.example", "nobody"})
    EXPECT_EQ(header(log_in(name, "guess"), "RateLimit-Remaining"), "9") << name;
  EXPECT_EQ(header(log_in("ann", "guess"), "RateLimit-Remaining"), "8");
}

// R-004-67
TEST_F(AccountRoutes, SignUpsOfOneAddressAreLimited) {
  for (int i = 0; i < 20; ++i) EXPECT_EQ(sign_up("user" + std::to_string(i)).status, 201);
  const auto refused = sign_up("one_more", "/user/sign-up");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(header(refused, "Retry-After"), "60");
  EXPECT_EQ(log_in("user1", "correct horse").status, 200) << "another matter";
  pass(std::chrono::seconds{60});
  EXPECT_EQ(sign_up("one_more").status, 201);
}

// R-004-67
TEST_F(AccountRoutes, LoginsOfOneAddressAreLimitedOverAllAccounts) {
  ASSERT_EQ(sign_up("ann").status, 201);
  for (int i = 0; i < 30; ++i) EXPECT_EQ(log_in("user" + std::to_string(i), "guess").status, 401);
  EXPECT_EQ(log_in("ann", "correct horse").status, 429);
  pass(std::chrono::seconds{60});
  EXPECT_EQ(log_in("ann", "correct horse").status, 200);
}

// A stolen session was enough to take an account over for good.
TEST_F(AccountRoutes, NewPasswordOrAddressNeedsTheCurrentPassword) {
  const auto ann = person("ann");
  const auto without = update(ann, R"({"password":"battery staple"})");
  EXPECT_EQ(without.status, 400);
  EXPECT_THAT(without.body, HasSubstr(R"({"field":"currentPassword","issue":"required"})"));
  const auto wrong = post(ann, "/user/update", R"({"email":"eve@mail.example","currentPassword":"guess"})");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_THAT(wrong.body, HasSubstr(R"({"field":"currentPassword","issue":"wrong"})"));
  EXPECT_EQ(log_in("ann", "password").status, 200);
  EXPECT_EQ(update(ann, R"({"password":"battery staple","currentPassword":"password"})").status, 200);
  EXPECT_EQ(log_in("ann", "battery staple").status, 200);
}

// R-004-67
TEST_F(AccountRoutes, GuessesAtTheCurrentPasswordAreLimitedAsLoginsAre) {
  const auto ann = person("ann");
  const std::string guess = R"({"password":"battery staple","currentPassword":"guess"})";
  for (int i = 0; i < 9; ++i) EXPECT_EQ(update(ann, guess).status, 400);
  EXPECT_EQ(log_in("ann", "guess").status, 401);
  EXPECT_EQ(update(ann, guess).status, 429);
  EXPECT_EQ(update(ann, R"({"displayName":"Ann"})").status, 200) << "a name is no secret";
}

// R-004-08, R-004-09
TEST_F(AccountRoutes, CookieIsForTheServerAloneAndInProductionForTlsAlone) {
  const std::string plain = header(sign_up("ann"), "Set-Cookie");
  for (const std::string flag : {"; HttpOnly", "; SameSite=Lax", "; Path=/", "; Max-Age=3600"})
    EXPECT_THAT(plain, HasSubstr(flag));
  EXPECT_THAT(plain, Not(HasSubstr("Secure")));
  account_services_.cookie = CookieSafety::secure;
  router_.emplace(settings_, ApiRouter::Ports{tokens_, stores_.accounts(), clock_, random_, log_, keys_},
                  auth_operations(account_services_));
  EXPECT_THAT(header(sign_up("bob"), "Set-Cookie"), HasSubstr("; Secure"));
}

// R-004-04
TEST_F(AccountRoutes, LoggingOutTakesTheCookieAwayAndEndsTheToken) {
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

// SPEC 2.1 "all fields, not only the first": found by black-box acceptance.
TEST_F(AccountRoutes, EverythingThatIsMissingIsNamedAtOnce) {
  const auto sign_up = ask({.method = "POST", .path = "/user/sign-up", .body = "{}"});
  EXPECT_THAT(sign_up.body, HasSubstr(R"({"field":"username","issue":"required"},{"field":"password","issue":"required"})"));
  const auto log_in = ask({.method = "POST", .path = "/user/login", .body = "{}"});
  EXPECT_THAT(log_in.body, HasSubstr(R"({"field":"email","issue":"required"},{"field":"password","issue":"required"})"));
}

TEST_F(AccountRoutes, NamesAreCountedInCharactersAndMayBePrinted) {
  const auto ann = person("ann");
  std::string bells;
  for (int i = 0; i < 128; ++i) bells += "🔔";
  EXPECT_EQ(post(ann, "/user/update", R"({"name":")" + bells + "\"}").status, 200);
  EXPECT_EQ(post(ann, "/user/update", R"({"name":")" + bells + "x\"}").status, 400);
  EXPECT_EQ(post(ann, "/user/update", R"({"name":"a\u0000b"})").status, 400);
}

// R-001-17, RFC 9110 8.3.1: found by black-box acceptance.
TEST_F(AccountRoutes, MediaTypeIsComparedWholeAndWithoutCase) {
  const auto with = [&](const std::string& type) {
    return ask({.method = "POST", .path = "/user/login", .body = "{}", .headers = {"Content-Type: " + type}}).status;
  };
  EXPECT_EQ(with("APPLICATION/JSON"), 400);
  EXPECT_EQ(with("application/json; charset=utf-8"), 400);
  EXPECT_EQ(with("application/jsonx"), 415);
  EXPECT_EQ(with("text/plain"), 415);
}

// R-004-05, R-004-10, C-16
TEST_F(AccountRoutes, CheckTellsWhoTheCookieIs) {
  const auto ann = person("ann");
  const auto answer = ask({.path = "/user/check", .headers = {"Cookie: belfry_session=" + ann.token}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(text_in(answer, {"success"}), "true");
  EXPECT_EQ(text_in(answer, {"username"}), "ann");
  EXPECT_EQ(text_in(answer, {"data", "user", "id"}), ann.text());
  EXPECT_EQ(ask({.path = "/user/check"}).status, 401);
}

// R-004-06
TEST_F(AccountRoutes, NameAndPictureAreKeptAndSeenByOthers) {
  const auto ann = person("ann"), bob = person("bob");
  const std::string picture = "data:image/png;base64,iVBORw0KGgo=";
  const auto updated = post(ann, "/user/update", R"({"name":"Ann Smith","image":")" + picture + "\"}");
  EXPECT_EQ(updated.status, 200);
  EXPECT_EQ(text_in(updated, {"avatar"}), picture);
  const auto seen = get(bob, "/api/users/" + ann.text());
  EXPECT_EQ(text_in(seen, {"data", "displayName"}), "Ann Smith");
  EXPECT_EQ(text_in(seen, {"data", "avatar"}), picture);
}

// R-004-06, R-001-71: found by black-box acceptance. Messages of calls held the images of both people, a megabyte in three calls.
TEST_F(AccountRoutes, CallsNameAPictureByTheAddressThatServesIt) {
  const auto ann = person("ann"), bob = person("bob");
  post(ann, "/user/update", R"({"image":"data:image/png;base64,iVBORw0KGgo="})");
  const std::string address = "/user/avatar/" + ann.text();
  const auto started = post(ann, "/api/calls", call_body(bob));
  EXPECT_EQ(text_in(get(bob, "/api/calls/" + id_in(started)), {"data", "caller", "avatar"}), address);
  const auto image = get(bob, address);
  EXPECT_EQ(image.status, 200);
  EXPECT_EQ(image.content_type, "image/png");
  EXPECT_EQ(image.body, "\x89PNG\r\n\x1a\n");
  EXPECT_EQ(get(ann, "/user/avatar/" + bob.text()).status, 404);
  EXPECT_EQ(ask({.path = address}).status, 401);
}

// Lists repeated every picture as a data URL.
TEST_F(AccountRoutes, ListsNamePicturesByTheAddressThatServesThem) {
  const auto ann = person("ann"), bob = person("bob");
  post(ann, "/user/update", R"({"image":"data:image/png;base64,)" + std::string(100'000, 'A') + "\"}");
  for (const std::string path : {"/api/users", "/api/users?q=ann", "/user/getusers"}) {
    const auto list = get(bob, path);
    EXPECT_THAT(list.body, HasSubstr(R"("avatar":"/user/avatar/)" + ann.text() + "\"")) << path;
    EXPECT_LT(list.body.size(), 2'000U) << path;
  }
  EXPECT_EQ(get(bob, "/user/avatar/" + ann.text()).status, 200);
  EXPECT_EQ(update(ann, R"({"avatar":"https://a.example/)" + std::string(2048, 'a') + "\"}").status, 400);
}

// R-004-06, R-004-69
TEST_F(AccountRoutes, PicturesThatOtherBrowsersShouldNotLoadAreRefused) {
  const auto ann = person("ann");
  for (const std::string field : {"avatar", "image"})
    for (const std::string image : {"javascript:alert(1)", "data:text/html,x", "data:image/svg+xml;base64,AA",
                                    "http://a.example/x", "//evil.example/x.png", "x"})
      EXPECT_EQ(update(ann, "{\"" + field + "\":\"" + image + "\"}").status, 400) << field << " " << image;
  for (const std::string image : {"https://a.example/x.png", "/avatars/1.png", ""})
    EXPECT_EQ(update(ann, R"({"avatar":")" + image + "\"}").status, 200) << image;
  EXPECT_EQ(update(ann, R"({"avatar":"data:image/png;base64,)" + std::string(256 * 1024, 'A') + "\"}").status, 400);
}

TEST_F(AccountRoutes, NewPasswordReplacesTheOldOne) {
  ASSERT_EQ(sign_up("ann").status, 201);
  const auto in = log_in("ann", "correct horse");
  EXPECT_EQ(ask({.method = "PATCH",
                 .path = "/api/users/me",
                 .body = R"({"password":"battery staple","currentPassword":"correct horse"})",
                 .token = text_in(in, {"token"})})
                .status,
            200);
  EXPECT_EQ(log_in("ann", "correct horse").status, 401);
  EXPECT_EQ(log_in("ann", "battery staple").status, 200);
}

// R-004-07
TEST_F(AccountRoutes, SidebarListsEverybodyElseWithWhatItShows) {
  const auto ann = person("ann"), bob = person("bob"), cid = person("cid");
  const auto answer = get(ann, "/user/getusers");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(text_in(answer, {"users"}), text_in(answer, {"data", "users"}));
  EXPECT_THAT(answer.body, Not(HasSubstr(ann.text())));
  for (const Person& other : {bob, cid}) EXPECT_THAT(answer.body, HasSubstr(other.text()));
  EXPECT_THAT(answer.body, HasSubstr(R"("name":"","avatar":null,"online":false,"unreadCount":0,"lastMessage":null)"));
}

// R-001-71
TEST_F(AccountRoutes, EmailAddressesOfOthersAreNeverShown) {
  ASSERT_EQ(sign_up("ann").status, 201);
  const auto bob = person("bob");
  for (const std::string path : {"/api/users?q=ann", "/user/getusers"}) {
    const auto answer = get(bob, path);
    EXPECT_THAT(answer.body, HasSubstr(R"("username":"ann")"));
    EXPECT_THAT(answer.body, Not(HasSubstr("mail.example")));
  }
}

TEST_F(AccountRoutes, PeopleAreFoundByPartOfTheirName) {
  const auto ann = person("ann"), bob = person("bob");
  EXPECT_THAT(get(ann, "/api/users?q=BO").body, HasSubstr(bob.text()));
  EXPECT_THAT(get(ann, "/api/users?q=ann").body, HasSubstr(ann.text())) << "asked by name, one finds oneself";
  EXPECT_EQ(text_in(get(ann, "/api/users?q=zzz"), {"data", "users"}), "[]");
  EXPECT_EQ(get(ann, "/api/users/018f3c1e-7b2a-7cde-9abc-0123456789ab").status, 404);
}

TEST_F(AccountRoutes, RefreshingBringsANewTokenAndEndsTheOldOne) {
  const auto ann = person("ann");
  pass(std::chrono::minutes{30});
  const auto answer = post(ann, "/api/auth/refresh");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(code_in(get(ann, "/api/auth/session")), "TOKEN_REVOKED");
  pass(std::chrono::minutes{45});
  EXPECT_EQ(with_token(text_in(answer, {"token"}), "/api/auth/session").status, 200);
}

// R-002-06
TEST_F(AccountRoutes, LoggingOutEverywhereEndsEveryLogin) {
  ASSERT_EQ(sign_up("ann").status, 201);
  const std::string phone = text_in(log_in("ann", "correct horse"), {"token"});
  const std::string laptop = text_in(log_in("ann", "correct horse"), {"token"});
  EXPECT_EQ(ask({.method = "DELETE", .path = "/api/sessions", .token = phone}).status, 200);
  for (const std::string& token : {phone, laptop}) EXPECT_EQ(code_in(with_token(token, "/api/users/me")), "TOKEN_REVOKED");
}

TEST_F(AccountRoutes, OneLoginOfMineCanBeEndedAndNoneOfOthers) {
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

TEST_F(AccountRoutes, InactiveUserLearnsItOnlyAfterTheRightPassword) {
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

}  // namespace
}  // namespace belfry::gateway::testing
