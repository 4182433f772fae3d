// What users show of themselves, and whom they find.
#include "gateway/api/account_stage_for_tests.hpp"
#include "wire/base64/base64.hpp"

namespace belfry::gateway::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string data_url(const std::string& png) { return "data:image/png;base64," + base64::encode(png, base64::Form::padded); }

class Profile : public AccountStage {};

// R-004-06
TEST_F(Profile, NameAndPictureAreStoredAndShownToOthers) {
  const auto ann = person("ann"), bob = person("bob");
  const auto updated = post(ann, "/user/update", R"({"name":"Ann Smith","image":")" + data_url(png(9, 9)) + "\"}");
  EXPECT_EQ(updated.status, 200);
  const std::string picture = text_in(updated, {"avatar"});
  EXPECT_THAT(picture, ::testing::StartsWith("/api/users/" + ann.text() + "/avatars/"));
  const auto seen = get(bob, "/api/users/" + ann.text());
  EXPECT_EQ(text_in(seen, {"data", "displayName"}), "Ann Smith");
  EXPECT_EQ(text_in(seen, {"data", "avatar"}), picture);
}

TEST_F(Profile, NamesAreMeasuredInCharactersAndMustBePrintable) {
  const auto ann = person("ann");
  std::string bells;
  for (int i = 0; i < 128; ++i) bells += "🔔";
  EXPECT_EQ(post(ann, "/user/update", R"({"name":")" + bells + "\"}").status, 200);
  EXPECT_EQ(post(ann, "/user/update", R"({"name":")" + bells + "x\"}").status, 400);
  EXPECT_EQ(post(ann, "/user/update", R"({"name":"a\u0000b"})").status, 400);
  const auto turned = update(ann, R"({"displayName":"\u202enna"})");
  EXPECT_EQ(turned.status, 400);
  EXPECT_THAT(turned.body, HasSubstr(R"({"field":"displayName","issue":"invalid"})"));
}

TEST_F(Profile, NameOfWhichNothingCanBeSeenIsRefusedAsNoneIs) {
  const auto ann = person("ann");
  const std::string shown = text_in(get(ann, "/api/users/me"), {"data", "displayName"});
  for (const std::string field : {"name", "displayName"}) {
    const auto none = update(ann, R"({")" + field + R"(":""})");
    EXPECT_EQ(none.status, 400);
    for (const std::string name : {" ", "\\u200b", "\\ufeff\\u2060", "\\u00ad", "\\u180e", "\\u3164"}) {
      const auto unseen = update(ann, R"({")" + field + R"(":")" + name + "\"}");
      EXPECT_EQ(unseen.status, 400) << name;
      EXPECT_EQ(text_in(unseen, {"message"}), text_in(none, {"message"}));
      EXPECT_EQ(text_in(unseen, {"error", "details"}), text_in(none, {"error", "details"}));
    }
  }
  EXPECT_EQ(text_in(get(ann, "/api/users/me"), {"data", "displayName"}), shown);
  EXPECT_EQ(send("/api/auth/signup", R"({"username":"bob","password":"correct horse","name":"\u3164"})").status, 400);
}

TEST_F(Profile, NewPasswordReplacesTheOldOne) {
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

// A stolen session was enough to take an account over for good.
TEST_F(Profile, NewPasswordOrAddressNeedsTheCurrentPassword) {
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
TEST_F(Profile, GuessesOfTheCurrentPasswordAreLimitedAsLoginsAre) {
  const auto ann = person("ann");
  const std::string guess = R"({"password":"battery staple","currentPassword":"guess"})";
  for (int i = 0; i < 9; ++i) EXPECT_EQ(update(ann, guess).status, 400);
  EXPECT_EQ(log_in("ann", "guess").status, 401);
  EXPECT_EQ(update(ann, guess).status, 429);
  EXPECT_EQ(update(ann, R"({"displayName":"Ann"})").status, 200) << "a name is no secret";
}

class Pictures : public AccountStage {
 protected:
  /// As before pictures were made small.
  void keep_data_url(const Person& who, const std::string& url) {
    stores_.accounts().update(who.id, {.avatar = url}, clock_.wall(), [](const auto&) {});
  }
};

// R-004-06, R-001-71: found by black-box acceptance. Messages of calls held the images of both people, a megabyte in three calls.
TEST_F(Pictures, CallsReferToAPictureByItsUrl) {
  const auto ann = person("ann"), bob = person("bob");
  keep_data_url(ann, "data:image/png;base64,iVBORw0KGgo=");
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
TEST_F(Pictures, ListsReferToPicturesByTheirUrls) {
  const auto ann = person("ann"), bob = person("bob");
  keep_data_url(ann, "data:image/png;base64," + std::string(100'000, 'A'));
  for (const std::string path : {"/api/users", "/api/users?q=ann", "/user/getusers"}) {
    const auto list = get(bob, path);
    EXPECT_THAT(list.body, HasSubstr(R"("avatar":"/user/avatar/)" + ann.text() + "\"")) << path;
    EXPECT_LT(list.body.size(), 2'000U) << path;
  }
  EXPECT_EQ(get(bob, "/user/avatar/" + ann.text()).status, 200);
  EXPECT_EQ(update(ann, R"({"avatar":"https://a.example/)" + std::string(2048, 'a') + "\"}").status, 400);
}

// R-004-06, R-004-69
TEST_F(Pictures, UnsafePictureUrlsAreRefused) {
  const auto ann = person("ann");
  for (const std::string field : {"avatar", "image"})
    for (const std::string image : {"javascript:alert(1)", "data:text/html,x", "data:image/svg+xml;base64,AA",
                                    "http://a.example/x", "//evil.example/x.png", "/\\t/evil.example/x.png", "x"})
      EXPECT_EQ(update(ann, "{\"" + field + "\":\"" + image + "\"}").status, 400) << field << " " << image;
  for (const std::string image : {"https://a.example/x.png", "/avatars/1.png", ""})
    EXPECT_EQ(update(ann, R"({"avatar":")" + image + "\"}").status, 200) << image;
  for (const std::string image : {"https://", "https:///x.png", "https://ann:secret@a.example/x.png", "https://ann@a.example",
                                  "https://a.example\\\\@b.example", "https://a.example/x y.png", "https://a.example/\\n",
                                  "https://a.example/\\u0000", "https://a.example/\\u202e", "http://a.example"})
    EXPECT_EQ(update(ann, R"({"avatar":")" + image + "\"}").status, 400) << image;
  EXPECT_EQ(update(ann, R"({"avatar":"https://a.example/@ann?of=a@b#@"})").status, 200);
  EXPECT_EQ(update(ann, R"({"avatar":"data:image/png;base64,)" + std::string(256 * 1024, 'A') + "\"}").status, 400);
  EXPECT_EQ(blobs_.count(), 0U);
}

// R-004-13: found by review. Whoever is shown the picture would log out.
TEST_F(Pictures, AddressOfARouteIsNoPicture) {
  const auto ann = person("ann");
  for (const std::string path : {"/user/logout", "/api/user/logout", "/message/markread/bob", "/x/../user/logout",
                                 "/./user/logout", "/%75ser/logout", "/x/\\\\..\\\\..\\\\user/logout", "/api/users/me"})
    EXPECT_EQ(update(ann, R"({"avatar":")" + path + "\"}").status, 400) << path;
  for (const std::string& path : {std::string("/avatar.jpg"), std::string("/images/ann.png"), "/user/avatar/" + ann.text()})
    EXPECT_EQ(update(ann, R"({"avatar":")" + path + "\"}").status, 200) << path;
}

// K50, R-004-62
TEST_F(Pictures, AreMadeSmallAndPublicAndNewWithEachChange) {
  const auto ann = person("ann"), bob = person("bob");
  const auto put = [&](const std::string& field) {
    return ask({"POST", "/api/users/me/avatar", form_with_file(field, "me.png", png(9, 9)), ann.token, {kFormType}});
  };
  const auto first = put("avatar");
  ASSERT_EQ(first.status, 200) << first.body;
  const std::string before = text_in(first, {"data", "avatar"});
  const auto shown = ask({.path = before});
  EXPECT_EQ(shown.status, 200) << "to anybody";
  EXPECT_EQ(shown.content_type, "image/webp");
  EXPECT_EQ(shown.shared.view(), "small 29");
  EXPECT_THAT(header(shown, "Cache-Control"), HasSubstr("public"));
  EXPECT_EQ(ask({.path = before, .headers = {"If-None-Match: " + header(shown, "ETag")}}).status, 304);
  for (const std::string field : {"image", "file"}) EXPECT_EQ(put(field).status, 200) << field;
  const std::string after = text_in(get(ann, "/api/users/me"), {"data", "avatar"});
  EXPECT_NE(after, before);
  EXPECT_EQ(ask({.path = before}).status, 404) << "the old ones are gone";
  EXPECT_EQ(blobs_.count(), 1U);
  EXPECT_EQ(ask({"DELETE", "/api/users/me/avatar", {}, ann.token, {}}).status, 200);
  EXPECT_EQ(blobs_.count(), 0U);
  EXPECT_EQ(update(bob, R"({"avatar":")" + after + "\"}").status, 200) << "a path of ours";
}

// K50: found by review. The picture of a change that is refused stayed in the storage, at a public address.
TEST_F(Pictures, OfARefusedChangeAreNotKept) {
  const auto ann = person("ann"), bob = person("bob");
  const std::string picture = data_url(png(9, 9));
  EXPECT_EQ(post(ann, "/user/update", R"({"username":"bob","image":")" + picture + "\"}").status, 409);
  EXPECT_EQ(blobs_.count(), 0U);
  const auto kept = update(ann, R"({"avatar":")" + picture + "\"}");
  const std::string path = text_in(kept, {"data", "avatar"});
  EXPECT_EQ(update(ann, R"({"username":"bob","avatar":")" + path + "\"}").status, 409);
  EXPECT_EQ(ask({.path = path}).status, 200) << "which was theirs before";
}

// K50: found while it was written: whoever names another's picture as theirs and then another one would remove it.
TEST_F(Pictures, OfOthersAreNotRemoved) {
  const auto ann = person("ann"), bob = person("bob");
  const auto made = ask({"POST", "/api/users/me/avatar", form_with_file("avatar", "me.png", png(9, 9)), ann.token, {kFormType}});
  const std::string path = text_in(made, {"data", "avatar"});
  EXPECT_EQ(update(bob, R"({"avatar":")" + path + "\"}").status, 200);
  EXPECT_EQ(update(bob, R"({"avatar":""})").status, 200);
  EXPECT_EQ(ask({.path = path}).status, 200);
}

// K50, R-004-62
TEST_F(Pictures, WhatIsNoPictureIsRefused) {
  const auto ann = person("ann");
  const auto put = [&](const std::string& bytes) {
    return ask({"POST", "/api/users/me/avatar", form_with_file("avatar", "me.png", bytes), ann.token, {kFormType}}).status;
  };
  for (const std::string& bytes : {std::string("<svg/>"), std::string("GIF89a\1\0\1\0", 10), std::string("text"),
                                   png(9, 9).substr(0, 12), png(9, 9) + "broken"})
    EXPECT_EQ(put(bytes), 400) << bytes;
  std::string bomb = png(9, 9);
  bomb[18] = bomb[22] = '\x7F';  // 32 521 pixels a side
  EXPECT_EQ(put(bomb), 400);
  EXPECT_EQ(put(""), 400);
  EXPECT_EQ(ask({"POST", "/api/users/me/avatar", "{}", ann.token, {}}).status, 415);
  EXPECT_EQ(blobs_.count(), 0U);
}

// K6, W-004-15
TEST_F(Pictures, ProfileFormOfSeed004IsTaken) {
  const auto ann = person("ann");
  const std::string field = "------X\r\nContent-Disposition: form-data; name=\"";
  const auto post_form = [&](const std::string& image) {
    return ask({"POST",
                "/user/update",
                field + "name\"\r\n\r\nAnn Smith\r\n" + field + "image\"" + image + "\r\n------X--\r\n",
                ann.token,
                {kFormType}});
  };
  for (const std::string nothing : {"undefined", "null", ""}) {
    const auto updated = post_form("\r\n\r\n" + nothing);
    EXPECT_EQ(updated.status, 200) << nothing << updated.body;
    EXPECT_EQ(text_in(updated, {"name"}), "Ann Smith");
  }
  EXPECT_EQ(blobs_.count(), 0U);
  const auto updated = post_form("; filename=\"me.png\"\r\n\r\n" + png(9, 9));
  EXPECT_EQ(updated.status, 200);
  EXPECT_EQ(ask({.path = text_in(updated, {"avatar"})}).status, 200);
  EXPECT_EQ(post_form("; filename=\"\"\r\n\r\n").status, 200) << "a browser's field without a chosen file";
  EXPECT_EQ(post_form("\r\n\r\njavascript:x").status, 400);
}

class PeopleList : public AccountStage {};

// R-001-71
TEST_F(PeopleList, HidesTheEmailAddressesOfOthers) {
  ASSERT_EQ(sign_up("ann").status, 201);
  const auto bob = person("bob");
  for (const std::string path : {"/api/users?q=ann", "/user/getusers"}) {
    const auto answer = get(bob, path);
    EXPECT_THAT(answer.body, HasSubstr(R"("username":"ann")"));
    EXPECT_THAT(answer.body, Not(HasSubstr("mail.example")));
  }
}

// K16: a page that is reloaded does not flicker in the list. Who leaves on purpose is offline at once.
TEST_F(PeopleList, ShowsWhoIsOnlineOrInTheGrace) {
  const auto ann = person("ann"), bob = person("bob");
  const auto online = [&] {
    const std::string one = text_in(get(ann, "/api/users/" + bob.text()), {"data", "online"});
    EXPECT_THAT(get(ann, "/user/getusers").body, HasSubstr(R"("online":)" + one));
    return one;
  };
  const SessionAddress phone{0, 0, 1, 1}, back{0, 0, 2, 1};
  EXPECT_EQ(online(), "false");
  shard_sessions_.come(bob.id, "bob", {.at = phone});
  EXPECT_EQ(online(), "true");
  shard_sessions_.suspend(bob.id, phone);
  EXPECT_EQ(online(), "true");
  pass(sessions::kPresenceGrace);
  EXPECT_EQ(online(), "false");
  shard_sessions_.recover(bob.id, phone, back);
  EXPECT_EQ(online(), "true");
  shard_sessions_.leave(bob.id, back, sessions::Departure::left);
  EXPECT_EQ(online(), "false");
}

// K45
TEST_F(PeopleList, BlockHidesTheTwoFromEachOtherAndFromNobodyElse) {
  const auto ann = person("ann"), bob = person("bob"), cid = person("cid");
  shard_sessions_.come(ann.id, "ann", {.at = {0, 0, 1, 1}});
  shard_sessions_.come(bob.id, "bob", {.at = {0, 0, 2, 1}});
  const auto sees = [&](const Person& who, const Person& whom) {
    const std::string one = text_in(get(who, "/api/users/" + whom.text()), {"data", "online"});
    const auto list = get(who, "/api/users?q=" + std::string(whom.id == ann.id ? "ann" : "bob"));
    EXPECT_THAT(list.body, HasSubstr(R"("online":)" + one));
    return one;
  };
  EXPECT_EQ(sees(ann, bob), "true");
  EXPECT_EQ(ask({.method = "PUT", .path = "/api/users/" + bob.text() + "/block", .token = ann.token}).status, 200);
  EXPECT_EQ(sees(ann, bob), "false");
  EXPECT_EQ(sees(bob, ann), "false");
  EXPECT_EQ(sees(cid, bob), "true");
  EXPECT_EQ(ask({.method = "DELETE", .path = "/api/users/" + bob.text() + "/block", .token = ann.token}).status, 200);
  EXPECT_EQ(sees(bob, ann), "true");
}

// J-1.7: a page that is loaded again shows whom one has blocked, and nobody learns who has blocked them.
TEST_F(PeopleList, SaysWhomTheAskingUserBlocks) {
  const auto ann = person("ann"), bob = person("bob");
  const auto blocks = [&](const Person& who, const Person& whom) {
    const std::string one = text_in(get(who, "/api/users/" + whom.text()), {"data", "blocked"});
    EXPECT_THAT(get(who, "/api/users").body, AllOf(HasSubstr(whom.text()), HasSubstr(R"("blocked":)" + one)));
    return one;
  };
  EXPECT_EQ(blocks(ann, bob), "false");
  EXPECT_EQ(ask({.method = "PUT", .path = "/api/users/" + bob.text() + "/block", .token = ann.token}).status, 200);
  EXPECT_EQ(blocks(ann, bob), "true");
  EXPECT_EQ(blocks(bob, ann), "false");
  EXPECT_THAT(get(ann, "/user/getusers").body, Not(HasSubstr("blocked"))) << "seed 004 has no such member";
  EXPECT_EQ(ask({.method = "DELETE", .path = "/api/users/" + bob.text() + "/block", .token = ann.token}).status, 200);
  EXPECT_EQ(blocks(ann, bob), "false");
}

// J-7.3: found by review. Each person of the list was counted.
TEST_F(PeopleList, IsNotCountedAsALookUpOfACallsPeople) {
  const auto ann = person("ann"), bob = person("bob");
  for (const std::string path : {"/api/users", "/user/getusers"}) EXPECT_THAT(get(ann, path).body, HasSubstr(bob.text()));
  EXPECT_EQ(get(ann, "/api/users/" + bob.text()).status, 200);
  EXPECT_EQ(sessions_.look_ups(), 0U);
}

TEST_F(PeopleList, FindsUsersByPartOfTheirName) {
  const auto ann = person("ann"), bob = person("bob");
  EXPECT_THAT(get(ann, "/api/users?q=BO").body, HasSubstr(bob.text()));
  EXPECT_THAT(get(ann, "/api/users?q=ann").body, HasSubstr(ann.text())) << "asked by name, one finds oneself";
  EXPECT_EQ(text_in(get(ann, "/api/users?q=zzz"), {"data", "users"}), "[]");
  EXPECT_EQ(get(ann, "/api/users/018f3c1e-7b2a-7cde-9abc-0123456789ab").status, 404);
}

}  // namespace
}  // namespace belfry::gateway::testing
