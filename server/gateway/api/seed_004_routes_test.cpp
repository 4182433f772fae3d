// SPEC K1 to K7 and W-004-01 to W-004-04: accounts as seed 004's client knows them.
#include "gateway/api/account_stage_for_tests.hpp"
#include "gateway/api/avatars.hpp"

namespace belfry::gateway::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Seed004Accounts : public AccountStage {
 protected:
  /// With the form of seed 004's page.
  protocol::HttpAnswer join(const std::string& name, const std::string& prefix = "") {
    return send(prefix + "/user/sign-up", R"({"name":"Ms )" + name + R"(","email":")" + name + R"(@mail.example","username":")" +
                                              name + R"(","password":"secret-1"})");
  }
};

// W-004-02, W-004-03, K3
TEST_F(Seed004Accounts, SignUpAnswers200WithTheUserAtTheTop) {
  const auto answer = join("ann");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(text_in(answer, {"success"}), "true");
  EXPECT_EQ(text_in(answer, {"message"}), "Signed up successfully");
  EXPECT_THAT(header(answer, "Set-Cookie"), HasSubstr("HttpOnly"));
  EXPECT_EQ(text_in(answer, {"user"}), text_in(answer, {"data", "user"}));
  const std::string id = text_in(answer, {"data", "user", "id"});
  for (const auto& [name, value] : std::initializer_list<std::pair<std::string_view, std::string>>{
           {"_id", id}, {"name", "Ms ann"}, {"username", "ann"}, {"email", "ann@mail.example"}, {"bio", "Busy"}}) {
    EXPECT_EQ(text_in(answer, {"user", name}), value) << name;
    EXPECT_EQ(text_in(answer, {name}), value) << name;
  }
  for (const std::string_view time : {"createdAt", "updatedAt"}) EXPECT_NE(text_in(answer, {"user", time}), "<none>") << time;
  EXPECT_EQ(text_in(answer, {"user", "profileImg"}), "/avatars/default.svg") << "K11: never null";
  for (const std::string secret : {"secret-1", "passwordHash"}) EXPECT_THAT(answer.body, Not(HasSubstr(secret)));
}

// W-004-02, K5: the client sends what was typed as `email`.
TEST_F(Seed004Accounts, LogInTakesAnAddressOrANameAsEmail) {
  ASSERT_EQ(join("ann").status, 200);
  for (const std::string as : {"ann@mail.example", "ANN@mail.example", "ann"}) {
    const auto in = send("/user/login", R"({"email":")" + as + R"(","password":"secret-1"})");
    EXPECT_EQ(in.status, 200) << as;
    EXPECT_EQ(text_in(in, {"user", "username"}), "ann") << as;
    EXPECT_EQ(text_in(in, {"message"}), "Logged in successfully");
  }
  const auto wrong = send("/user/login", R"({"email":"ann","password":"secret-2"})");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_NE(text_in(wrong, {"message"}), "<none>");
}

// W-004-01, K1
TEST_F(Seed004Accounts, EachRouteIsServedUnderApiToo) {
  const std::string token = text_in(join("ann", "/api"), {"token"});
  ASSERT_EQ(join("bob").status, 200);
  for (const std::string path : {"/user/check", "/user/getusers"}) {
    const auto bare = with_token(token, path), prefixed = with_token(token, "/api" + path);
    EXPECT_EQ(bare.status, 200) << path;
    EXPECT_EQ(prefixed.body, bare.body) << path;
  }
  const auto post_to = [&](const std::string& path, const std::string& body) {
    return ask({.method = "POST", .path = path, .body = body, .token = token});
  };
  for (const std::string path : {"/user/update", "/api/user/update"})
    EXPECT_EQ(text_in(post_to(path, R"({"name":"Ann"})"), {"user", "name"}), "Ann") << path;
  EXPECT_EQ(send("/api/user/login", R"({"email":"ann","password":"secret-1"})").status, 200);
  EXPECT_EQ(with_token(token, "/api/user/logout").status, 200);
  EXPECT_EQ(with_token(token, "/user/check").status, 401);
}

// W-004-02, R-004-05
TEST_F(Seed004Accounts, CheckNamesTheUserAtTheTop) {
  const auto ann = person("ann");
  const auto answer = get(ann, "/user/check");
  EXPECT_EQ(text_in(answer, {"user", "_id"}), ann.text());
  EXPECT_EQ(text_in(answer, {"_id"}), ann.text());
  EXPECT_EQ(text_in(answer, {"success"}), "true");
  EXPECT_NE(text_in(answer, {"message"}), "<none>");
}

// K6, W-004-15
TEST_F(Seed004Accounts, ProfileTakesNameUsernameAndBio) {
  const auto ann = person("ann"), bob = person("bob");
  const auto answer = post(ann, "/user/update", R"({"name":"Ann","username":"annie","bio":"At sea","image":"undefined"})");
  EXPECT_EQ(answer.status, 200);
  for (const auto& [name, value] : std::initializer_list<std::pair<std::string_view, std::string>>{
           {"name", "Ann"}, {"username", "annie"}, {"bio", "At sea"}, {"avatar", "/avatars/default.svg"}})
    EXPECT_EQ(text_in(answer, {"user", name}), value) << name;
  EXPECT_THAT(get(bob, "/user/getusers").body, HasSubstr(R"("bio":"At sea")"));
  const auto taken = post(ann, "/user/update", R"({"username":"bob"})");
  EXPECT_EQ(taken.status, 409);
  EXPECT_EQ(text_in(taken, {"message"}), "This username is taken");
  EXPECT_EQ(post(ann, "/user/update", R"({"username":"two words"})").status, 400);
  EXPECT_EQ(post(ann, "/user/update", R"({"bio":")" + std::string(513, 'x') + "\"}").status, 400);
  EXPECT_EQ(post(ann, "/user/update", R"({"bio":"a\u0000b"})").status, 400);
}

// K6: what the client's form sends when no picture was chosen changes no picture.
TEST_F(Seed004Accounts, ImageThatNobodyChoseIsIgnored) {
  const auto ann = person("ann");
  EXPECT_EQ(text_in(post(ann, "/user/update", R"({"image":"https://a.example/x.png"})"), {"user", "profileImg"}),
            "https://a.example/x.png");
  for (const std::string image : {R"("undefined")", R"("null")", R"("")", "null"})
    EXPECT_EQ(text_in(post(ann, "/user/update", R"({"image":)" + image + "}"), {"user", "profileImg"}), "https://a.example/x.png")
        << image;
}

// W-004-16: its form takes six characters; our own routes take no shorter passwords for that.
TEST_F(Seed004Accounts, SignUpTakesThePasswordsOfItsForm) {
  EXPECT_EQ(send("/user/sign-up", R"({"username":"ann","password":"abcde"})").status, 400);
  EXPECT_EQ(send("/user/sign-up", R"({"username":"ann","password":"abcdef"})").status, 200);
  EXPECT_EQ(send("/api/user/sign-up", R"({"username":"bob","password":"abcdef"})").status, 200);
  EXPECT_EQ(send("/user/login", R"({"email":"ann","password":"abcdef"})").status, 200);
  EXPECT_EQ(send("/api/auth/signup", R"({"username":"cid","password":"abcdefg"})").status, 400);
}

// W-004-16: its page shows the message alone.
TEST_F(Seed004Accounts, RefusalsNameTheFieldInASentence) {
  const auto message = [&](const std::string& path, const std::string& body) { return text_in(send(path, body), {"message"}); };
  EXPECT_EQ(message("/user/sign-up", R"({"username":"two words","email":"a@b.example","password":"long enough"})"),
            "Username may hold letters, digits, - and _");
  EXPECT_EQ(message("/api/user/sign-up", R"({"username":"ann","email":"nobody","password":"long enough"})"),
            "E-mail address must look like name@example.com");
  EXPECT_EQ(message("/user/sign-up", R"({"username":"ann","password":"short"})"), "Password must have at least 6 characters");
  EXPECT_EQ(message("/user/login", R"({"email":"ann"})"), "Password is missing");
  const auto ann = person("ann");
  EXPECT_EQ(text_in(post(ann, "/user/update", R"({"bio":")" + std::string(513, 'x') + "\"}"), {"message"}),
            "Bio may have at most 512 characters");
  EXPECT_EQ(text_in(post(ann, "/message/send", R"({"receiver":"bob","text":" "})"), {"message"}), "Message is missing");
  EXPECT_EQ(text_in(get(ann, "/message/get/a%20b"), {"message"}), "User is not valid");
  EXPECT_EQ(message("/api/auth/signup", R"({"username":"ann","password":"short"})"), "Validation failed") << "ours has details";
}

// K50, W-004-16
TEST_F(Seed004Accounts, PictureThatIsTooLargeIsNamedWithItsLimit) {
  const auto ann = person("ann");
  const auto update = [&](std::size_t size) {
    return ask({"POST", "/api/user/update", form_with_file("image", "a.png", std::string(size, 'x')), ann.token, {kFormType}});
  };
  for (const std::size_t size : {files::kMaxAvatarBytes + 1, kMaxPictureBody + 1}) {
    const auto refused = update(size);
    EXPECT_EQ(refused.status, 413) << size;
    EXPECT_EQ(text_in(refused, {"message"}), "The picture may have at most 5 MiB") << size;
  }
}

class Seed004Contacts : public ApiStage {
 protected:
  std::string contacts(const Person& who) { return text_in(get(who, "/user/getusers"), {"users"}); }
  /// The usernames in their order.
  std::string names(const Person& who, const std::string& query = {}) {
    const std::string list = text_in(get(who, "/user/getusers" + query), {"users"});
    std::string all;
    const std::string_view name = R"("username":")";
    for (std::size_t at = 0; (at = list.find(name, at)) != std::string::npos; at += name.size())
      all += list.substr(at + name.size(), list.find('"', at + name.size()) - at - name.size()) + " ";
    return all;
  }
  void tell(const Person& from, const Person& to, const std::string& text) {
    pass(std::chrono::seconds{1});
    EXPECT_EQ(post(from, "/message/send", R"({"text":")" + text + R"(","receiver":")" + to.text() + "\"}").status, 201);
  }
  Person ann = person("ann"), bob = person("bob"), cid = person("cid"), eve = person("eve");
};

// R-004-07, K7, W-004-04
TEST_F(Seed004Contacts, EverybodyElseIsListedButNoGuest) {
  (void)person("guest", account::Role::guest);
  const auto answer = get(ann, "/user/getusers");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(text_in(answer, {"success"}), "true");
  EXPECT_EQ(text_in(answer, {"users"}), text_in(answer, {"data", "users"}));
  EXPECT_EQ(names(ann), "bob cid eve ");
  EXPECT_THAT(
      answer.body,
      HasSubstr(R"({"id":")" + bob.text() + R"(","username":"bob","name":"","avatar":"/avatars/default.svg","_id":")" +
                bob.text() +
                R"(","bio":"Busy","profileImg":"/avatars/default.svg","online":false,"unreadCount":0,"lastMessage":null,)" +
                R"("conversationId":null})"));
}

// K7
TEST_F(Seed004Contacts, NewestMessageComesFirstWithItsUnreadCount) {
  tell(cid, ann, "one");
  tell(cid, ann, "two");
  tell(ann, eve, "three");
  EXPECT_EQ(names(ann), "eve cid bob ");
  const std::string list = contacts(ann);
  EXPECT_THAT(list, HasSubstr(R"("unreadCount":2,"lastMessage":{"id":)"));
  EXPECT_THAT(list, HasSubstr(R"("text":"two")"));
  EXPECT_THAT(list, HasSubstr(R"("sender":")" + cid.text() + R"(","receiver":")" + ann.text() + '"'));
  EXPECT_THAT(list, Not(HasSubstr(R"("text":"one")")));
  EXPECT_EQ(get(ann, "/message/markread/" + cid.text()).status, 200);
  EXPECT_THAT(contacts(ann), Not(HasSubstr(R"("unreadCount":2)")));
  EXPECT_THAT(contacts(eve), HasSubstr(R"("unreadCount":1,"lastMessage":{)"));
  EXPECT_EQ(names(ann, "?page=2&limit=1"), "cid ") << "a page is by name";
}

// K7, K45: who is blocked stays in the list, and shows no more whether they are online.
TEST_F(Seed004Contacts, BlockedAreListedAsOffline) {
  shard_sessions_.come(bob.id, "bob", {.at = {0, 0, 1, 1}});
  shard_sessions_.come(ann.id, "ann", {.at = {0, 0, 2, 1}});
  EXPECT_THAT(contacts(ann), HasSubstr(R"("online":true)"));
  ASSERT_EQ(ask({"PUT", "/api/users/" + bob.text() + "/block", {}, ann.token, {}}).status, 200);
  EXPECT_EQ(names(ann), "bob cid eve ");
  EXPECT_THAT(contacts(ann), Not(HasSubstr(R"("online":true)")));
  EXPECT_THAT(contacts(bob), Not(HasSubstr(R"("online":true)"))) << "it hides both ways";
  EXPECT_THAT(contacts(cid), HasSubstr(R"("online":true)"));
}

// A connection with 4 MiB unsent is closed: long messages do not cost the list its people.
TEST_F(Seed004Contacts, LongMessagesAreLeftOutBeforePeopleAre) {
  std::vector<Person> people;
  for (int i = 0; i < 60; ++i) people.push_back(person("user" + std::to_string(i)));
  const std::string text(8'000, 'x');
  for (const Person& each : people)
    EXPECT_EQ(post(each, "/message/send", R"({"text":")" + text + R"(","receiver":"ann"})").status, 201);
  const auto answer = get(ann, "/user/getusers");
  EXPECT_LT(answer.body.size(), 1'000'000U);
  EXPECT_THAT(answer.body, HasSubstr(text));
  for (const Person& each : people) EXPECT_THAT(answer.body, HasSubstr("\"_id\":\"" + each.text()));
}

}  // namespace
}  // namespace belfry::gateway::testing
