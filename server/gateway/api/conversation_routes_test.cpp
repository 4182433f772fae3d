// SPEC J-1 over HTTP.
#include <cctype>
#include <map>
#include <set>

#include "gateway/api/api_stage_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ConversationRoutes : public ApiStage {
 protected:
  protocol::HttpAnswer del(const Person& who, const std::string& path) { return ask({"DELETE", path, {}, who.token, {}}); }
  protocol::HttpAnswer patch(const Person& who, const std::string& path, const std::string& body) {
    return ask({"PATCH", path, body, who.token, {}});
  }
  static std::string quoted(const std::vector<std::string>& ids) {
    std::string text;
    for (const auto& id : ids) text.append(text.empty() ? "[\"" : ",\"").append(id).append("\"");
    return text.empty() ? "[]" : text + "]";
  }
  protocol::HttpAnswer open_group(const Person& who, const std::vector<std::string>& ids, const std::string& more = {}) {
    return post(who, kPath, R"({"kind":"group","memberIds":)" + quoted(ids) + more + "}");
  }
  std::string path(const std::string& id, const std::string& rest = {}) { return kPath + ("/" + id) + rest; }
  /// Of ann, bob and cid.
  std::string group() { return id_in(open_group(ann, {bob.text(), cid.text()}, R"(,"title":"Crew")")); }

  static constexpr const char* kPath = "/api/conversations";
  Person ann = person("ann"), bob = person("bob"), cid = person("cid"), eve = person("eve");
};

// J-1.1, J-1.2
TEST_F(ConversationRoutes, GroupIsAnsweredWithEverythingOfIt) {
  const auto made = open_group(ann, {bob.text()}, R"(,"title":"Crew")");
  EXPECT_EQ(made.status, 201);
  for (const auto& [name, value] : std::map<std::string, std::string>{{"kind", "group"},
                                                                      {"title", "Crew"},
                                                                      {"avatar", "null"},
                                                                      {"createdBy", ann.text()},
                                                                      {"lastSeq", "0"},
                                                                      {"createdAt", "2026-11-21T12:00:00.000Z"},
                                                                      {"updatedAt", "2026-11-21T12:00:00.000Z"}})
    EXPECT_EQ(text_in(made, {"data", name}), value) << name;
  EXPECT_THAT(made.body,
              HasSubstr(R"({"userId":")" + ann.text() +
                        R"(","username":"ann","avatar":"/avatars/default.svg","role":"owner","ringMode":"all","joinedAt":")"));
  EXPECT_THAT(made.body, HasSubstr(R"("username":"bob","avatar":"/avatars/default.svg","role":"member")"));
  EXPECT_EQ(get(bob, path(id_in(made))).body, made.body);
}

// J-1.2: a page of a hundred groups of a thousand would be 17 MB.
TEST_F(ConversationRoutes, PageEndsBeforeItHoldsTooManyMembersAndTheCursorGoesOn) {
  std::vector<account::UserId> others;
  for (int i = 0; i < 999; ++i) others.push_back(person("member" + std::to_string(i)).id);
  std::set<std::string> groups;
  for (std::uint8_t number = 1; number <= 12; ++number) {
    Uuid id{};
    id[15] = number;
    groups.insert(to_text(id));
    stores_.conversations().open(
        {.id = conversation::ConversationId(id), .creator = ann.id, .others = others, .at = {clock_.wall().unix_ms + number}},
        std::nullopt, [](const auto& opened) { ASSERT_TRUE(opened.has_value()); });
  }
  const auto ids_in = [&](const protocol::HttpAnswer& answer) {
    std::vector<std::string> ids;
    for (std::size_t at = 0; (at = answer.body.find(R"({"id":")", at)) != std::string::npos; ++at)
      ids.push_back(answer.body.substr(at + 7, 36));
    return ids;
  };
  const auto first = get(ann, kPath + std::string("?limit=100"));
  EXPECT_EQ(ids_in(first).size(), 10U);
  const auto rest = get(ann, kPath + std::string("?limit=100&cursor=") + text_in(first, {"data", "nextCursor"}));
  EXPECT_EQ(ids_in(rest).size(), 2U);
  EXPECT_EQ(text_in(rest, {"data", "nextCursor"}), "null");
  std::set<std::string> shown;
  for (const auto& answer : {first, rest})
    for (const std::string& id : ids_in(answer)) shown.insert(id);
  EXPECT_EQ(shown, groups);
  const auto by_number = get(ann, kPath + std::string("?page=1&limit=100"));
  EXPECT_EQ(by_number.status, 400);
  EXPECT_THAT(by_number.body, HasSubstr(R"({"field":"limit","issue":"too_large"})"));
  EXPECT_EQ(ids_in(get(ann, kPath + std::string("?page=2&limit=10"))).size(), 2U);
}

// J-1.1, J-1.6, K28
TEST_F(ConversationRoutes, DirectOneIsFoundByEitherSideInEitherFormAndCase) {
  std::string upper = bob.text();
  std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  const auto made = post(ann, kPath, R"({"kind":"direct","memberIds":[")" + upper + R"("],"title":"none"})");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(text_in(made, {"data", "title"}), "null");
  EXPECT_THAT(made.body, HasSubstr(bob.text()));
  for (const auto& again :
       {post(bob, kPath, R"({"kind":"direct","userId":")" + ann.text() + "\"}"),
        post(ann, kPath, R"({"kind":"direct","memberIds":)" + quoted({bob.text(), ann.text(), bob.text()}) + "}")}) {
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(id_in(again), id_in(made));
  }
}

// J-1.1
TEST_F(ConversationRoutes, WrongFieldsAreNamedAllAtOnce) {
  const auto wrong = post(ann, kPath, R"({"kind":"crowd","memberIds":["bob"],"title":17})");
  EXPECT_EQ(wrong.status, 400);
  for (const std::string field : {"kind", "memberIds", "title"}) EXPECT_THAT(wrong.body, HasSubstr("\"" + field + "\""));
  const std::string long_title = R"(,"title":")" + std::string(201, 'x') + "\"";
  EXPECT_THAT(open_group(ann, {bob.text()}, long_title).body, HasSubstr(R"({"field":"title","issue":"too_long"})"));
  EXPECT_THAT(open_group(ann, {bob.text()}, R"(,"title":"a\u0000b")").body, HasSubstr(R"({"field":"title","issue":"invalid"})"));
  for (const std::string& body :
       {std::string(R"({"kind":"group","memberIds":[]})"), R"({"kind":"direct","memberIds":)" + quoted({ann.text()}) + "}",
        R"({"kind":"direct","memberIds":)" + quoted({bob.text(), cid.text()}) + "}"}) {
    const auto answer = post(ann, kPath, body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_THAT(answer.body, HasSubstr(R"("field":"memberIds")")) << body;
  }
  EXPECT_EQ(open_group(ann, {"018f3c1e-7b2a-7cde-9abc-0123456789ab"}).status, 404);
}

// J-1.6
TEST_F(ConversationRoutes, OtherSpellingsOfAnIdAreRefused) {
  const std::string id = bob.text();
  std::string bare = id;
  std::erase(bare, '-');
  for (const std::string& spelling : {"{" + id + "}", " " + id, id + " ", bare, "urn:uuid:" + id, std::string()}) {
    EXPECT_EQ(open_group(ann, {spelling}).status, 400) << spelling;
    if (spelling.find(' ') != std::string::npos) continue;  // no request line
    EXPECT_NE(get(ann, path(spelling)).status, 200) << spelling;
  }
  EXPECT_EQ(get(ann, path("urn:uuid:" + id)).status, 400);
}

// J-1.4, R-000-27
TEST_F(ConversationRoutes, StrangerGetsOneAnswerForForeignLeftAndUnknownOnes) {
  const std::string foreign = group(), unknown = "018f3c1e-7b2a-7cde-9abc-0123456789ab";
  const std::string left = id_in(open_group(ann, {eve.text(), bob.text()}));
  EXPECT_EQ(del(eve, path(left, "/members/" + eve.text())).status, 200);
  std::set<std::string> bodies;
  for (const auto& id : {foreign, left, unknown}) {
    const std::string nobody = R"({"userIds":[")" + unknown + "\"]}";
    for (const Asking& asking : std::vector<Asking>{{"GET", path(id)},
                                                    {"DELETE", path(id)},
                                                    {"PATCH", path(id), R"({"title":"x"})"},
                                                    {"POST", path(id, "/members"), nobody},
                                                    {"DELETE", path(id, "/members/" + unknown)},
                                                    {"DELETE", path(id, "/members/" + eve.text())},
                                                    {"PATCH", path(id, "/members/me"), R"({"ringMode":"none"})"}}) {
      Asking by_eve = asking;
      by_eve.token = eve.token;
      by_eve.headers = {"X-Request-Id: same"};
      const auto answer = ask(by_eve);
      EXPECT_EQ(answer.status, 403) << asking.method << ' ' << asking.path;
      bodies.insert(answer.body);
    }
  }
  ASSERT_EQ(bodies.size(), 1U);
  EXPECT_THAT(*bodies.begin(),
              HasSubstr(R"("code":"NOT_PARTICIPANT","message":"You are not a participant in this conversation")"));
}

// J-1.3
TEST_F(ConversationRoutes, RolesDecideAndEachChangeAnswersTheConversation) {
  const std::string id = group();
  EXPECT_EQ(code_in(patch(bob, path(id), R"({"title":"x"})")), "FORBIDDEN");
  const auto added = post(ann, path(id, "/members"), R"({"userIds":)" + quoted({eve.text(), ann.text()}) + R"(,"role":"admin"})");
  EXPECT_EQ(added.status, 200);
  EXPECT_THAT(added.body, HasSubstr(R"("username":"eve","avatar":"/avatars/default.svg","role":"admin")"));
  const auto renamed = patch(eve, path(id), R"({"title":"Decks","avatar":"https://x.example/c.png"})");
  EXPECT_EQ(text_in(renamed, {"data", "title"}), "Decks");
  EXPECT_EQ(text_in(renamed, {"data", "avatar"}), "https://x.example/c.png");
  EXPECT_EQ(text_in(patch(eve, path(id), R"({"avatar":""})"), {"data", "avatar"}), "null");
  EXPECT_THAT(del(eve, path(id, "/members/" + bob.text())).body, Not(HasSubstr("\"bob\"")));
  EXPECT_EQ(code_in(del(eve, path(id, "/members/" + ann.text()))), "FORBIDDEN");
  const std::string the_owner = R"({"userIds":)" + quoted({ann.text()});
  EXPECT_EQ(code_in(post(eve, path(id, "/members"), the_owner + R"(,"role":"member"})")), "FORBIDDEN");
  EXPECT_EQ(post(eve, path(id, "/members"), the_owner + "}").status, 200) << "in already";
  EXPECT_EQ(code_in(del(eve, path(id))), "FORBIDDEN");
  const auto left = del(ann, path(id, "/members/" + ann.text()));
  EXPECT_EQ(left.status, 200);
  EXPECT_THAT(left.body, HasSubstr(R"("username":"eve","avatar":"/avatars/default.svg","role":"owner")"));
  EXPECT_EQ(text_in(del(eve, path(id)), {"data", "id"}), id);
  EXPECT_EQ(code_in(get(eve, path(id))), "NOT_PARTICIPANT");
}

// K29, K41
TEST_F(ConversationRoutes, OwnerGivesRolesAndHandsTheGroupOver) {
  const std::string id = group();
  const auto role = [&](const Person& by, const Person& whose, const std::string& word) {
    return patch(by, path(id, "/members/" + whose.text()), R"({"role":")" + word + "\"}");
  };
  EXPECT_EQ(code_in(role(bob, cid, "admin")), "FORBIDDEN");
  EXPECT_EQ(code_in(role(ann, ann, "member")), "FORBIDDEN");
  EXPECT_EQ(code_in(role(ann, eve, "admin")), "USER_NOT_FOUND");
  EXPECT_EQ(role(ann, bob, "king").status, 400);
  EXPECT_THAT(role(ann, bob, "admin").body, HasSubstr(R"("username":"bob","avatar":"/avatars/default.svg","role":"admin")"));
  const auto handed = role(ann, bob, "owner");
  EXPECT_THAT(handed.body, HasSubstr(R"("username":"bob","avatar":"/avatars/default.svg","role":"owner")"));
  EXPECT_THAT(handed.body, HasSubstr(R"("username":"ann","avatar":"/avatars/default.svg","role":"admin")"));
  EXPECT_THAT(handed.body, HasSubstr(R"("name":"bob")"));
  EXPECT_EQ(text_in(handed, {"data", "activeCallId"}), "null");
  EXPECT_EQ(text_in(handed, {"data", "lastMessage", "text"}), "bob is the owner now");
}

// K28, K45
TEST_F(ConversationRoutes, DirectOneWithABlockIsNotMade) {
  EXPECT_EQ(ask({"PUT", "/api/users/" + ann.text() + "/block", {}, bob.token, {}}).status, 200);
  for (const auto& [who, other] : {std::pair{&ann, &bob}, {&bob, &ann}})
    EXPECT_EQ(code_in(post(*who, kPath, R"({"kind":"direct","userId":")" + other->text() + "\"}")), "FORBIDDEN");
}

// J-1.3
TEST_F(ConversationRoutes, MembersOfADirectOneCannotChange) {
  const std::string id = id_in(post(ann, kPath, R"({"kind":"direct","userId":")" + bob.text() + "\"}"));
  for (const auto& answer : {post(ann, path(id, "/members"), R"({"userIds":)" + quoted({cid.text()}) + "}"),
                             del(ann, path(id, "/members/" + bob.text())), del(ann, path(id, "/members/" + ann.text()))})
    EXPECT_EQ(code_in(answer), "VALIDATION_FAILED");
  EXPECT_EQ(code_in(del(ann, path(id))), "FORBIDDEN");
}

TEST_F(ConversationRoutes, PicturesAreAddressesNotData) {
  const std::string id = group();
  for (const std::string avatar :
       {"javascript:alert(1)", "http://x.example/c.png", "data:image/png;base64,iVBORw0KGgo=", "//x.example", "/a\\u0000b",
        "https://ann:secret@x.example/c.png", "https://x.example/\\u0000"})
    EXPECT_THAT(patch(ann, path(id), R"({"avatar":")" + avatar + "\"}").body,
                HasSubstr(R"({"field":"avatar","issue":"invalid"})"));
  EXPECT_EQ(patch(ann, path(id), "{}").status, 400);
}

// J-1.3: an empty title is none.
TEST_F(ConversationRoutes, TitleOfWhichNothingCanBeSeenIsRefused) {
  const std::string id = group();
  for (const std::string title : {" ", "\\u200b", "\\u3164\\ufeff", "\\u202eDeck", "a\\nb"}) {
    const std::string member = R"("title":")" + title + '"';
    EXPECT_THAT(patch(ann, path(id), "{" + member + "}").body, HasSubstr(R"({"field":"title","issue":"invalid"})")) << title;
    EXPECT_EQ(open_group(ann, {bob.text()}, "," + member).status, 400) << title;
  }
  EXPECT_EQ(text_in(patch(ann, path(id), R"({"title":""})"), {"data", "title"}), "null");
}

// J-1.1
TEST_F(ConversationRoutes, GroupTakes999OthersAndNotOneMore) {
  std::vector<std::string> ids;
  for (int i = 0; i < 999; ++i) {
    std::array<std::byte, kUuidRandomBytes> chance{};
    random_.fill(chance);
    const account::UserId id(make_uuid_v7(clock_.wall(), chance));
    stores_.accounts().create({.id = id, .username = "user" + std::to_string(i)},
                              [](const auto& made) { EXPECT_TRUE(made.has_value()); });
    ids.push_back(to_text(id.value()));
  }
  auto with_doubles = ids;
  with_doubles.insert(with_doubles.end(), ids.begin(), ids.end());
  with_doubles.push_back(ann.text());
  const auto made = open_group(ann, with_doubles);
  EXPECT_EQ(made.status, 201);
  const auto full = post(ann, path(id_in(made), "/members"), R"({"userIds":)" + quoted({bob.text()}) + "}");
  EXPECT_THAT(full.body, HasSubstr(R"({"field":"userIds","issue":"too_long"})"));
  ids.push_back(bob.text());
  EXPECT_THAT(open_group(ann, ids).body, HasSubstr(R"({"field":"memberIds","issue":"too_long"})"));
  EXPECT_THAT(open_group(ann, std::vector<std::string>(4001, bob.text())).body,
              HasSubstr(R"({"field":"memberIds","issue":"too_long"})"));
}

// J-1.2
TEST_F(ConversationRoutes, ListGoesByPageOrByCursor) {
  for (int i = 0; i < 3; ++i) {
    pass(std::chrono::seconds{1});
    EXPECT_EQ(open_group(ann, {bob.text()}, R"(,"title":"No. )" + std::to_string(i) + '"').status, 201);
  }
  const auto first = get(ann, std::string(kPath) + "?limit=2");
  EXPECT_THAT(first.body, HasSubstr("No. 2"));
  EXPECT_THAT(first.body, Not(HasSubstr("No. 0")));
  EXPECT_THAT(first.body, Not(HasSubstr("pagination")));
  const auto second = get(ann, std::string(kPath) + "?limit=2&cursor=" + text_in(first, {"data", "nextCursor"}));
  EXPECT_THAT(second.body, HasSubstr("No. 0"));
  EXPECT_EQ(text_in(second, {"data", "nextCursor"}), "null");
  const auto page = get(ann, std::string(kPath) + "?limit=2&page=2");
  EXPECT_EQ(text_in(page, {"data", "pagination"}), R"({"page":2,"limit":2,"total":3,"totalPages":2})");
  EXPECT_THAT(page.body, HasSubstr("No. 0"));
  EXPECT_EQ(text_in(get(eve, kPath), {"data", "conversations"}), "[]");
  EXPECT_EQ(get(ann, std::string(kPath) + "?cursor=x").status, 400);
}

// J-8.7
TEST_F(ConversationRoutes, SameIdempotencyKeyMakesOneGroup) {
  const std::string body = R"({"kind":"group","memberIds":)" + quoted({bob.text()}) + "}";
  const auto one = post(ann, kPath, body, {"Idempotency-Key: k"}), two = post(ann, kPath, body, {"Idempotency-Key: k"});
  EXPECT_EQ(two.status, 201);
  EXPECT_EQ(one.body, two.body);
  EXPECT_EQ(post(ann, kPath, R"({"kind":"group","memberIds":)" + quoted({cid.text()}) + "}", {"Idempotency-Key: k"}).status, 409);
}

// J-1.5
TEST_F(ConversationRoutes, RingModeIsOnesOwn) {
  const std::string id = group();
  const auto quiet = patch(bob, path(id, "/members/me"), R"({"ringMode":"none"})");
  EXPECT_THAT(quiet.body, HasSubstr(R"("username":"bob","avatar":"/avatars/default.svg","role":"member","ringMode":"none")"));
  EXPECT_THAT(quiet.body, HasSubstr(R"("username":"cid","avatar":"/avatars/default.svg","role":"member","ringMode":"all")"));
  EXPECT_EQ(patch(bob, path(id, "/members/me"), R"({"ringMode":"online"})").status, 400);
}

// S19
TEST_F(ConversationRoutes, MuteIsKeptAndToldToWhoMutedAlone) {
  const std::string id = group();
  const std::string me = path(id, "/members/me");
  const std::string muted = R"("name":"bob","mutedUntil":"2099-01-02T03:04:05.000Z"})";
  EXPECT_THAT(patch(bob, me, R"({"mutedUntil":"2099-01-02T03:04:05Z"})").body, HasSubstr(muted));
  EXPECT_THAT(patch(bob, me, R"({"ringMode":"none"})").body, HasSubstr(muted)) << "what is absent stays";
  EXPECT_THAT(get(bob, path(id)).body, HasSubstr(muted));
  EXPECT_THAT(get(bob, "/api/conversations").body, HasSubstr(muted));
  const auto seen_by_ann = get(ann, path(id)).body;
  EXPECT_THAT(seen_by_ann, AllOf(HasSubstr(R"("name":"ann"})"), HasSubstr(R"("name":"bob"})")));
  EXPECT_THAT(patch(bob, me, R"({"mutedUntil":null})").body, HasSubstr(R"("name":"bob"})"));
  patch(bob, me, R"({"mutedUntil":"2099-01-02T03:04:05Z"})");
  EXPECT_THAT(patch(bob, me, R"({"mutedUntil":"2001-01-01T00:00:00Z"})").body, HasSubstr(R"("name":"bob"})"));
  for (const std::string no_time : {"tomorrow", "2099-01-02T03:04:05+25:00", "9999-12-31T23:59:59-01:00"})
    EXPECT_EQ(patch(bob, me, R"({"mutedUntil":")" + no_time + R"("})").status, 400) << no_time;
  EXPECT_EQ(patch(bob, me, "{}").status, 400);
}

// J-1.7
TEST_F(ConversationRoutes, BlockIsSetAndTakenBackAndRepeatsAreHarmless) {
  const std::string address = "/api/users/" + bob.text() + "/block";
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(text_in(ask({"PUT", address, {}, ann.token, {}}), {"data"}),
              R"({"userId":")" + bob.text() + R"(","blocked":true})");
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(text_in(del(ann, address), {"data"}), R"({"userId":")" + bob.text() + R"(","blocked":false})");
  EXPECT_EQ(ask({"PUT", "/api/users/" + ann.text() + "/block", {}, ann.token, {}}).status, 400);
}

}  // namespace
}  // namespace belfry::gateway::testing
