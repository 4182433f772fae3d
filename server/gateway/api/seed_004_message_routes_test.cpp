// SPEC K2, K8 to K10 and W-004-05: messages as seed 004's client sends and reads them.
#include "gateway/api/api_stage_for_tests.hpp"
#include "wire/base64/base64.hpp"

namespace belfry::gateway::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Seed004Messages : public ApiStage {
 protected:
  /// As the client does.
  protocol::HttpAnswer send(const Person& from, const std::string& receiver, const std::string& text) {
    return post(from, "/message/send", R"({"text":")" + text + R"(","receiver":")" + receiver + "\"}");
  }
  std::string texts(const protocol::HttpAnswer& answer) {
    const std::string list = text_in(answer, {"messages"});
    std::string all;
    const std::string_view name = R"("text":")";
    for (std::size_t at = 0; (at = list.find(name, at)) != std::string::npos; at += name.size())
      all += list.substr(at + name.size(), list.find('"', at + name.size()) - at - name.size()) + " ";
    return all;
  }
  std::string unread(const Person& who, const Person& of) {
    return text_in(get(who, "/message/getunread/" + of.text()), {"unreadmessages"});
  }
  Person ann = person("ann"), bob = person("bob"), cid = person("cid");
};

// R-004-14, W-004-05, K8, K9
TEST_F(Seed004Messages, SendAnswers201WithTheMessage) {
  const auto sent = send(ann, bob.text(), "hello");
  EXPECT_EQ(sent.status, 201);
  EXPECT_EQ(text_in(sent, {"success"}), "true");
  EXPECT_EQ(text_in(sent, {"message"}), "Message sent.");
  const std::string id = text_in(sent, {"data", "_id"});
  for (const auto& [name, value] :
       std::initializer_list<std::pair<std::string_view, std::string>>{{"id", id},
                                                                       {"sender", ann.text()},
                                                                       {"receiver", bob.text()},
                                                                       {"text", "hello"},
                                                                       {"image", "null"},
                                                                       {"attachments", "[]"},
                                                                       {"timestamp", "2026-11-21T12:00:00.000Z"},
                                                                       {"createdAt", "2026-11-21T12:00:00.000Z"},
                                                                       {"updatedAt", "2026-11-21T12:00:00.000Z"},
                                                                       {"read", "false"},
                                                                       {"delivered", "false"},
                                                                       {"seq", "1"},
                                                                       {"kind", "text"},
                                                                       {"callId", "null"},
                                                                       {"replyTo", "null"},
                                                                       {"editedAt", "null"},
                                                                       {"deletedAt", "null"}})
    EXPECT_EQ(text_in(sent, {"data", name}), value) << name;
  EXPECT_NE(text_in(sent, {"data", "clientMessageId"}), "<none>");
  const std::string direct = text_in(sent, {"data", "conversationId"});
  EXPECT_EQ(text_in(get(bob, "/api/conversations/" + direct), {"data", "kind"}), "direct");
}

// K2, C-12
TEST_F(Seed004Messages, AllAddressesReachTheSameConversation) {
  const std::string text = R"({"text":"x"})";
  for (const std::string prefix : {"", "/api"}) {
    EXPECT_EQ(post(ann, prefix + "/message/" + bob.text(), text).status, 201);
    EXPECT_EQ(post(ann, prefix + "/message/send/bob", text).status, 201);
    EXPECT_EQ(post(bob, prefix + "/message/send", R"({"text":"x","receiver":"ann"})").status, 201);
  }
  std::string first;
  for (const std::string& path :
       {std::string("/message/bob"), std::string("/message/get/bob"), "/message/get/" + bob.text(), "/message/" + bob.text()})
    for (const std::string prefix : {"", "/api"}) {
      const auto page = get(ann, prefix + path);
      EXPECT_EQ(page.status, 200) << prefix << path;
      EXPECT_EQ(texts(page), "x x x x x x ");
      if (first.empty()) first = page.body;
      EXPECT_EQ(page.body, first) << prefix << path;
    }
  EXPECT_THAT(first, HasSubstr(R"("hasMore":false,"conversationId":")"));
}

// K2
TEST_F(Seed004Messages, ReadingMakesNoConversationAndMarksNothingRead) {
  const auto nothing = get(ann, "/message/get/bob");
  EXPECT_EQ(nothing.body, R"({"success":true,"data":{"messages":[],"hasMore":false,"conversationId":null},"messages":[]})");
  EXPECT_EQ(unread(ann, bob), "0");
  EXPECT_EQ(text_in(get(ann, "/message/markread/bob"), {"data", "readUpToSeq"}), "0");
  EXPECT_EQ(text_in(get(ann, "/api/conversations"), {"data", "conversations"}), "[]");
  (void)send(bob, "ann", "hello");
  EXPECT_EQ(texts(get(ann, "/message/get/bob")), "hello ");
  EXPECT_EQ(unread(ann, bob), "1");
}

// K2
TEST_F(Seed004Messages, NobodyAndOneselfAreRefused) {
  for (const std::string who :
       {"nobody", "018f3c1e-7b2a-7cde-9abc-0123456789ab", "64b7f1c2a9d3e4f5a6b7c8d9", "get", "markread"}) {
    for (const auto& answer : {get(ann, "/message/get/" + who), get(ann, "/message/getunread/" + who),
                               get(ann, "/message/markread/" + who), send(ann, who, "x")}) {
      EXPECT_EQ(answer.status, 404) << who << answer.body;
      EXPECT_EQ(code_in(answer), "USER_NOT_FOUND");
      EXPECT_EQ(text_in(answer, {"message"}), "User not found");
    }
  }
  for (const std::string& who : {std::string("ann"), ann.text()})
    for (const auto& answer : {get(ann, "/message/get/" + who), get(ann, "/message/getunread/" + who),
                               get(ann, "/message/markread/" + who), send(ann, who, "x")})
      EXPECT_EQ(answer.status, 400) << who << answer.body;
  EXPECT_EQ(get(ann, "/message/get/a%20b").status, 400);
  EXPECT_EQ(ask({.path = "/message/get/bob"}).status, 401);
}

// K9
TEST_F(Seed004Messages, PageHasTheLatest100OldestFirst) {
  (void)send(ann, "bob", "0");
  const std::string direct = text_in(get(ann, "/message/get/bob"), {"data", "conversationId"});
  for (std::uint8_t number = 1; number <= 104; ++number) {
    Uuid id{};
    id[0] = number;
    stores_.messages().send({.id = chat::MessageId(id),
                             .conversation = conversation::ConversationId(parse_uuid(direct).value()),
                             .sender = bob.id,
                             .client_id = std::to_string(number),
                             .text = std::to_string(number)},
                            [](const auto& sent) { ASSERT_TRUE(sent.has_value()); });
  }
  const auto latest = get(ann, "/message/get/bob");
  EXPECT_THAT(texts(latest), ::testing::StartsWith("5 6 7 "));
  EXPECT_THAT(texts(latest), ::testing::EndsWith("103 104 "));
  EXPECT_EQ(text_in(latest, {"data", "hasMore"}), "true");
  EXPECT_EQ(texts(get(ann, "/message/get/bob?before=6")), "0 1 2 3 4 ");
  EXPECT_EQ(texts(get(ann, "/message/bob?after=1&limit=2")), "1 2 ");
  for (const std::string wrong : {"?limit=0", "?limit=x", "?before=1&after=1", "?after=018f3c1e-7b2a-7cde-9abc-0123456789ab"})
    EXPECT_EQ(get(ann, "/message/get/bob" + wrong).status, 400) << wrong;
}

// K8, K10, K38, R-004-18
TEST_F(Seed004Messages, MarkreadMovesThePointerToTheEnd) {
  for (int i = 0; i < 3; ++i) (void)send(bob, "ann", "x");
  EXPECT_EQ(unread(ann, bob), "3");
  EXPECT_EQ(text_in(get(ann, "/message/getunread/bob"), {"data"}), R"({"unreadmessages":3})");
  EXPECT_THAT(text_in(get(bob, "/message/get/ann"), {"messages"}), Not(HasSubstr(R"("read":true)")));
  const auto marked = get(ann, "/message/markread/bob");
  EXPECT_EQ(marked.status, 200);
  EXPECT_EQ(text_in(marked, {"data"}), R"({"readUpToSeq":3})");
  EXPECT_NE(text_in(marked, {"message"}), "<none>");
  EXPECT_EQ(unread(ann, bob), "0");
  (void)send(ann, "bob", "y");
  const std::string seen = text_in(get(bob, "/message/get/ann"), {"messages"});
  EXPECT_THAT(seen, HasSubstr(R"("read":true,"delivered":true)"));
  EXPECT_THAT(seen, HasSubstr(R"("read":false,"delivered":false)")) << "what ann wrote, which bob has not read";
}

// K10, R-004-13, W-004-05: a picture on another site could ask for it.
TEST_F(Seed004Messages, MarkreadFromAnotherSiteHasNoEffect) {
  (void)send(bob, "ann", "x");
  const std::string cookie = "Cookie: belfry_session=" + ann.token;
  for (const std::string path : {"/message/markread/bob", "/api/message/markread/bob"})
    for (const std::string from : {"Sec-Fetch-Site: cross-site", "Origin: https://evil.example"})
      EXPECT_EQ(ask({.path = path, .headers = {cookie, from}}).status, 403) << path << from;
  const std::string own = "Sec-Fetch-Site: same-origin";
  EXPECT_EQ(ask({.path = "/message/markread/bob", .headers = {cookie, own, "Sec-Fetch-Dest: image"}}).status, 403)
      << "nor a picture of a user on our own page";
  EXPECT_EQ(unread(ann, bob), "1");
  EXPECT_EQ(ask({.path = "/message/get/bob", .headers = {cookie, "Sec-Fetch-Site: cross-site"}}).status, 200);
  EXPECT_EQ(ask({.path = "/message/markread/bob", .headers = {cookie, own, "Sec-Fetch-Dest: empty"}}).status, 200);
  EXPECT_EQ(unread(ann, bob), "0");
}

// K32: one message by whichever door.
TEST_F(Seed004Messages, RepeatAnswersTheStoredMessage) {
  const std::string body = R"({"text":"hi","clientMessageId":"c1"})";
  const auto first = post(ann, "/message/bob", body);
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(post(ann, "/api/message/send", R"({"text":"hi","clientMessageId":"c1","receiver":"bob"})").status, 200);
  const std::string direct = text_in(first, {"data", "conversationId"});
  const auto native = post(ann, "/api/conversations/" + direct + "/messages", body);
  EXPECT_EQ(native.status, 200);
  EXPECT_EQ(id_in(native), id_in(first));
  EXPECT_EQ(post(ann, "/message/bob", R"({"text":"bye","clientMessageId":"c1"})").status, 409);
  EXPECT_EQ(texts(get(ann, "/message/bob")), "hi ");
}

// R-004-22, K33
TEST_F(Seed004Messages, HostileTextIsInertAndWrongTextsAreRefused) {
  const std::string hostile = R"(<script>alert(1)</script> '; DROP TABLE messages;-- ${7*7} {{x}})";
  const auto sent = send(ann, "bob", hostile);
  EXPECT_EQ(text_in(sent, {"data", "text"}), hostile);
  EXPECT_EQ(sent.content_type, "application/json; charset=utf-8");
  EXPECT_THAT(get(bob, "/message/get/ann").body, HasSubstr("\"text\":\"" + hostile + '"'));
  for (const std::string body :
       {R"({"receiver":"bob"})", R"({"receiver":"bob","text":""})", R"({"receiver":"bob","text":" \n"})",
        R"({"receiver":"bob","text":17})", R"({"receiver":"bob","text":{"$gt":""}})", R"({"receiver":"bob","text":"a\u0000"})",
        R"({"text":"x"})", R"({"receiver":{"$ne":null},"text":"x"})", R"({"receiver":"","text":"x"})"}) {
    const auto refused = post(ann, "/message/send", body);
    EXPECT_EQ(refused.status, 400) << body;
    EXPECT_NE(text_in(refused, {"message"}), "<none>") << body;
  }
  EXPECT_EQ(send(ann, "bob", std::string(8'001, 'x')).status, 400);
  EXPECT_THAT(post(ann, "/message/send", R"({"receiver":"bob","text":"x","image":"data:image/png;base64,AAAA"})").body,
              HasSubstr(R"("field":"image")"));
}

// K9, W-004-05
TEST_F(Seed004Messages, PictureBecomesTheFileOfTheMessage) {
  const std::string picture = "data:image/png;base64," + base64::encode(png(9, 9), base64::Form::padded);
  const auto sent = post(ann, "/message/send", R"({"receiver":"bob","image":")" + picture + "\"}");
  ASSERT_EQ(sent.status, 201) << sent.body;
  EXPECT_EQ(text_in(sent, {"data", "kind"}), "file");
  const std::string url = text_in(sent, {"data", "image"});
  EXPECT_EQ(get(bob, url).status, 200) << url;
  EXPECT_EQ(get(cid, url).status, 404);
  EXPECT_EQ(post(ann, "/message/bob", R"({"text":"again","image":")" + url + "\"}").status, 201) << "the url of one's own";
  const auto of_another = post(bob, "/message/ann", R"({"text":"mine","image":")" + url + "\"}");
  EXPECT_THAT(of_another.body, HasSubstr(R"("field":"image")"));
  EXPECT_EQ(text_in(of_another, {"message"}), "Send a picture as PNG, JPEG, GIF or WebP, or the url of a file of yours");
  EXPECT_EQ(post(ann, "/message/bob", R"({"image":""})").status, 400) << "neither a text nor a picture";
}

// K32, K47: found by review. Each try stored the picture anew, so a repeat was a conflict, and the limit no limit.
TEST_F(Seed004Messages, PictureThatIsSentAgainIsStoredOnce) {
  const auto body = [](const std::string& picture, const std::string& text = "look") {
    return R"({"receiver":"bob","clientMessageId":"c1","text":")" + text + R"(","image":"data:image/png;base64,)" +
           base64::encode(picture, base64::Form::padded) + "\"}";
  };
  const auto first = post(ann, "/message/send", body(png(9, 9)));
  ASSERT_EQ(first.status, 201) << first.body;
  const std::size_t stored = blobs_.count();
  const auto again = post(ann, "/message/send", body(png(9, 9)));
  EXPECT_EQ(again.status, 200) << again.body;
  EXPECT_EQ(text_in(again, {"data"}), text_in(first, {"data"}));
  EXPECT_EQ(post(ann, "/message/send", body(png(9, 9), "another text")).status, 409);
  EXPECT_EQ(post(ann, "/message/send", body(png(9, 9) + "more")).status, 409);
  EXPECT_EQ(blobs_.count(), stored);
}

// K47
TEST_F(Seed004Messages, PictureBeyondTheLimitIsNotStored) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(send(ann, "bob", "x").status, 201);
  const std::string picture = "data:image/png;base64," + base64::encode(png(9, 9), base64::Form::padded);
  EXPECT_EQ(post(ann, "/message/send", R"({"receiver":"bob","image":")" + picture + "\"}").status, 429);
  EXPECT_EQ(blobs_.count(), 0U);
}

// W-004-16
TEST_F(Seed004Messages, PictureThatIsTooLargeIsNamedWithItsLimit) {
  const auto send_picture = [&](std::size_t size) {
    const std::string bytes = png(9, 9) + std::string(size, 'x');
    const std::string picture = "data:image/png;base64," + base64::encode(bytes, base64::Form::padded);
    return post(ann, "/message/send", R"({"receiver":"bob","image":")" + picture + "\"}");
  };
  for (const std::size_t size : {files_.max_bytes() + 1, std::size_t{6'200'000}}) {
    const auto refused = send_picture(size);
    EXPECT_EQ(refused.status, 413) << size;
    EXPECT_EQ(text_in(refused, {"message"}), "The picture may have at most 1000 bytes") << size;
  }
  EXPECT_EQ(blobs_.count(), 0U);
}

// K45
TEST_F(Seed004Messages, BlockedUserCannotWriteAndReadsOn) {
  (void)send(bob, "ann", "before");
  ASSERT_EQ(ask({"PUT", "/api/users/" + bob.text() + "/block", {}, ann.token, {}}).status, 200);
  for (const auto& [from, to] : {std::pair{&ann, "bob"}, {&bob, "ann"}}) {
    const auto refused = send(*from, to, "x");
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(text_in(refused, {"message"}), "You cannot message this user");
    EXPECT_EQ(texts(get(*from, std::string("/message/get/") + to)), "before ");
  }
}

// K28, K45
TEST_F(Seed004Messages, BlockedUserBeginsNoConversation) {
  ASSERT_EQ(ask({"PUT", "/api/users/" + bob.text() + "/block", {}, ann.token, {}}).status, 200);
  for (const auto& [from, to] : {std::pair{&ann, "bob"}, {&bob, "ann"}}) {
    const auto refused = send(*from, to, "x");
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(text_in(refused, {"message"}), "You cannot message this user");
    EXPECT_EQ(text_in(get(*from, "/api/conversations"), {"data", "conversations"}), "[]");
  }
}

// K47, R-002-11: one bucket for all doors.
TEST_F(Seed004Messages, LimitIsSharedWithOurOwnRoutes) {
  const auto first = send(ann, "bob", "x");
  EXPECT_EQ(header(first, "RateLimit-Limit"), "5");
  EXPECT_EQ(header(first, "RateLimit-Remaining"), "4");
  const std::string path = "/api/conversations/" + text_in(first, {"data", "conversationId"}) + "/messages";
  for (int i = 0; i < 2; ++i) EXPECT_EQ(post(ann, path, R"({"text":"x"})").status, 201);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(send(ann, "bob", "x").status, 201);
  EXPECT_EQ(send(ann, "bob", " ").status, 400) << "what is refused costs nothing";
  for (const auto& refused : {send(ann, "bob", "x"), send(ann, "cid", "x"), post(ann, path, R"({"text":"x"})")}) {
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(code_in(refused), "RATE_LIMITED");
    EXPECT_EQ(header(refused, "RateLimit-Remaining"), "0");
    EXPECT_NE(header(refused, "Retry-After"), "");
  }
  EXPECT_EQ(text_in(get(cid, "/api/conversations"), {"data", "conversations"}), "[]") << "nor makes it a conversation";
  EXPECT_EQ(send(bob, "ann", "x").status, 201) << "each has their own";
}

}  // namespace
}  // namespace belfry::gateway::testing
