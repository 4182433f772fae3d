// SPEC K30 to K47 over HTTP.
#include "gateway/api/api_stage_for_tests.hpp"
#include "gateway/api/message_requests.hpp"
#include "store/forwarding_account_store.hpp"

namespace belfry::gateway::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class MessageRoutes : public ApiStage {
 protected:
  std::string room(const Person& who, const std::string& body) { return id_in(post(who, "/api/conversations", body)); }
  protocol::HttpAnswer send(const Person& who, const std::string& body) { return post(who, path("/messages"), body); }
  protocol::HttpAnswer say(const Person& who, const std::string& text) { return send(who, R"({"text":")" + text + "\"}"); }
  std::string path(const std::string& rest) const { return "/api/conversations/" + group + rest; }
  protocol::HttpAnswer patch(const Person& who, const std::string& id, const std::string& body) {
    return ask({"PATCH", path("/messages/" + id), body, who.token, {}});
  }
  protocol::HttpAnswer del(const Person& who, const std::string& id) {
    return ask({"DELETE", path("/messages/" + id), {}, who.token, {}});
  }
  /// The numbers of the messages of a page.
  static std::string seqs(const protocol::HttpAnswer& answer) {
    std::string all;
    const std::string_view name = R"("seq":)";
    for (std::size_t at = 0; (at = answer.body.find(name, at)) != std::string::npos; at += name.size())
      all += answer.body.substr(at + name.size(), answer.body.find(',', at) - at - name.size()) + " ";
    return all;
  }
  Person ann = person("ann"), bob = person("bob"), cid = person("cid"), eve = person("eve");
  const std::string group =
      room(ann, R"({"kind":"group","memberIds":[")" + bob.text() + R"(",")" + cid.text() + R"("],"title":"Crew"})");
};

// K31, K32
TEST_F(MessageRoutes, MessageIsAnsweredWithEverythingOfIt) {
  const auto sent = send(ann, R"({"text":" <b>hi</b> ","clientMessageId":"c1"})");
  EXPECT_EQ(sent.status, 201);
  for (const auto& [name, value] :
       std::initializer_list<std::pair<std::string_view, std::string>>{{"conversationId", group},
                                                                       {"seq", "1"},
                                                                       {"senderId", ann.text()},
                                                                       {"clientMessageId", "c1"},
                                                                       {"kind", "text"},
                                                                       {"text", " <b>hi</b> "},
                                                                       {"attachments", "[]"},
                                                                       {"callId", "null"},
                                                                       {"call", "null"},
                                                                       {"replyTo", "null"},
                                                                       {"createdAt", "2026-11-21T12:00:00.000Z"},
                                                                       {"editedAt", "null"},
                                                                       {"deletedAt", "null"}})
    EXPECT_EQ(text_in(sent, {"data", name}), value) << name;
}

// K32
TEST_F(MessageRoutes, RepeatAnswers200AndAnotherTextIsAConflict) {
  const auto first = send(ann, R"({"text":"hi","clientMessageId":"c1"})");
  const auto again = send(ann, R"({"text":"hi","clientMessageId":"c1"})");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, first.body);
  const auto other = send(ann, R"({"text":"bye","clientMessageId":"c1"})");
  EXPECT_EQ(other.status, 409);
  EXPECT_EQ(code_in(other), "IDEMPOTENCY_CONFLICT");
}

// K32
TEST_F(MessageRoutes, ClientIdIsTakenAsItIs) {
  const auto blank = send(ann, R"({"text":"hi","clientMessageId":" "})");
  EXPECT_EQ(blank.status, 201);
  EXPECT_EQ(text_in(blank, {"data", "clientMessageId"}), " ");
  EXPECT_EQ(send(ann, R"({"text":"hi","clientMessageId":" "})").status, 200);
  EXPECT_EQ(send(ann, R"({"text":"hi","clientMessageId":"  "})").status, 201) << "another one";
}

// K33, R-004-22
TEST_F(MessageRoutes, TextsThatAreNoneAreRefused) {
  const std::string long_text(8'001, 'x');
  for (const auto& [body, issue] :
       std::initializer_list<std::pair<std::string, std::string>>{{R"({"text":""})", "required"},
                                                                  {R"({"text":" \n\t "})", "required"},
                                                                  {R"({})", "required"},
                                                                  {R"({"text":17})", "invalid"},
                                                                  {R"({"text":"a\u0000b"})", "invalid"},
                                                                  {R"({"text":")" + long_text + "\"}", "too_long"}}) {
    const auto refused = send(ann, body);
    EXPECT_EQ(refused.status, 400) << body.substr(0, 40);
    EXPECT_THAT(refused.body, HasSubstr(R"({"field":"text","issue":")" + issue + "\"}")) << body.substr(0, 40);
  }
  EXPECT_EQ(send(ann, R"({"text":"\ud800"})").status, 400);
  EXPECT_THAT(send(ann, R"({"text":"x","clientMessageId":""})").body, HasSubstr(R"("field":"clientMessageId")"));
  EXPECT_THAT(send(ann, R"({"text":"x","attachments":["a"]})").body, HasSubstr(R"({"field":"attachments","issue":"invalid"})"));
  EXPECT_EQ(text_in(get(ann, path("/messages")), {"data", "lastSeq"}), "0");
}

// K30
TEST_F(MessageRoutes, StrangerGetsTheSameAnswerEverywhere) {
  const std::string message = id_in(say(ann, "hi"));
  const std::string nowhere = "/api/conversations/018f3c1e-7b2a-7cde-9abc-0123456789ab";
  for (const std::string& where : {"/api/conversations/" + group, nowhere})
    for (const auto& answer :
         {post(eve, where + "/messages", R"({"text":"x"})"), get(eve, where + "/messages"),
          ask({"PATCH", where + "/messages/" + message, R"({"text":"x"})", eve.token, {}}),
          ask({"DELETE", where + "/messages/" + message, {}, eve.token, {}}), post(eve, where + "/read", R"({"upTo":1})"),
          post(eve, where + "/delivered", R"({"upTo":1})"), post(eve, where + "/typing")}) {
      EXPECT_EQ(answer.status, 403);
      EXPECT_EQ(code_in(answer), "NOT_PARTICIPANT");
      EXPECT_THAT(answer.body, HasSubstr("You are not a participant in this conversation"));
    }
}

// K34
TEST_F(MessageRoutes, PagesAreReadByNumberOrId) {
  std::string third;
  for (int i = 1; i <= 5; ++i) {
    const auto sent = say(ann, "x");
    if (i == 3) third = id_in(sent);
  }
  const auto page = [&](const std::string& query) { return get(bob, path("/messages" + query)); };
  EXPECT_EQ(seqs(page("")), "1 2 3 4 5 ");
  EXPECT_EQ(seqs(page("?limit=2")), "4 5 ");
  EXPECT_EQ(text_in(page("?limit=2"), {"data", "hasMore"}), "true");
  EXPECT_EQ(seqs(page("?before=4&limit=2")), "2 3 ");
  EXPECT_EQ(seqs(page("?after=2&limit=2")), "3 4 ");
  EXPECT_EQ(seqs(page("?after=" + third)), "4 5 ");
  EXPECT_EQ(seqs(page("?before=" + third)), "1 2 ");
  EXPECT_EQ(text_in(page("?after=3"), {"data", "hasMore"}), "false");
  EXPECT_EQ(text_in(page("?after=3"), {"data", "lastSeq"}), "5");
  EXPECT_EQ(seqs(page("?limit=1000")), "1 2 3 4 5 ");
  for (const std::string wrong :
       {"?limit=0", "?limit=x", "?before=1&after=1", "?before=x", "?after=-1", "?after=018f3c1e-7b2a-7cde-9abc-0123456789ab"})
    EXPECT_EQ(page(wrong).status, 400) << wrong;
}

// K34: a connection with 4 MiB unsent is closed, so a page never has so much.
TEST_F(MessageRoutes, PageEndsEarlyWhereItsTextsAreLong) {
  for (std::uint8_t number = 1; number <= 5; ++number) {
    Uuid id{};
    id[0] = number;
    stores_.messages().send({.id = chat::MessageId(id),
                             .conversation = conversation::ConversationId(parse_uuid(group).value()),
                             .sender = ann.id,
                             .client_id = std::to_string(number),
                             .text = std::string(200'000, 'x')},
                            [](const auto& sent) { ASSERT_TRUE(sent.has_value()); });
  }
  const auto page = [&](const std::string& query) { return get(bob, path("/messages" + query)); };
  EXPECT_EQ(seqs(page("")), "4 5 ");
  EXPECT_EQ(seqs(page("?before=4")), "2 3 ");
  EXPECT_EQ(seqs(page("?after=0")), "1 2 ");
  EXPECT_EQ(text_in(page("?after=0"), {"data", "hasMore"}), "true");
  EXPECT_EQ(seqs(page("?after=3")), "4 5 ");
  EXPECT_EQ(text_in(page("?after=3"), {"data", "hasMore"}), "false");
}

// K36
TEST_F(MessageRoutes, EditAndDeletionAreAnsweredWithTheMessage) {
  const std::string id = id_in(say(bob, "helo"));
  const auto edited = patch(bob, id, R"({"text":"hello"})");
  EXPECT_EQ(text_in(edited, {"data", "text"}), "hello");
  EXPECT_NE(text_in(edited, {"data", "editedAt"}), "null");
  EXPECT_EQ(patch(ann, id, R"({"text":"x"})").status, 403);
  EXPECT_EQ(del(cid, id).status, 403);
  const auto deleted = del(ann, id);  // the owner of the group
  EXPECT_EQ(text_in(deleted, {"data", "text"}), "");
  EXPECT_NE(text_in(deleted, {"data", "deletedAt"}), "null");
  EXPECT_EQ(del(bob, id).status, 200) << "it is deleted already";
  EXPECT_EQ(patch(bob, id, R"({"text":"back"})").status, 404);
  EXPECT_THAT(get(bob, path("/messages")).body, Not(HasSubstr("hello")));
}

// K37
TEST_F(MessageRoutes, ReplyNamesAMessageOfTheSameConversation) {
  const std::string id = id_in(say(ann, "question"));
  const auto reply = send(bob, R"({"text":"answer","replyTo":")" + id + "\"}");
  EXPECT_EQ(text_in(reply, {"data", "replyTo"}), id);
  EXPECT_THAT(send(bob, R"({"text":"x","replyTo":"018f3c1e-7b2a-7cde-9abc-0123456789ab"})").body,
              HasSubstr(R"({"field":"replyTo","issue":"invalid"})"));
}

// K38, K39, K29
TEST_F(MessageRoutes, ReadingMovesThePointerAndTheCounts) {
  for (int i = 0; i < 3; ++i) (void)say(ann, "x");
  EXPECT_EQ(text_in(get(bob, "/api/unread"), {"data", "total"}), "3");
  const auto read = post(bob, path("/read"), R"({"upTo":2})");
  for (const auto& [name, value] : std::initializer_list<std::pair<std::string_view, std::string>>{
           {"conversationId", group}, {"readUpToSeq", "2"}, {"deliveredUpToSeq", "2"}, {"unreadCount", "1"}})
    EXPECT_EQ(text_in(read, {"data", name}), value) << name;
  EXPECT_EQ(text_in(post(bob, path("/read"), R"({"upTo":1})"), {"data", "readUpToSeq"}), "2");
  EXPECT_EQ(text_in(post(bob, path("/delivered"), R"({"upTo":99})"), {"data", "deliveredUpToSeq"}), "3");
  EXPECT_THAT(get(bob, "/api/unread").body, HasSubstr(R"([{"conversationId":")" + group + R"(","unreadCount":1}])"));
  EXPECT_EQ(text_in(get(ann, "/api/unread"), {"data", "total"}), "0");
  EXPECT_THAT(get(ann, "/api/conversations/" + group).body, HasSubstr(R"("readUpToSeq":2,"deliveredUpToSeq":3)"));
  EXPECT_EQ(post(bob, path("/read"), R"({"upTo":-1})").status, 400);
  EXPECT_EQ(text_in(post(bob, path("/delivered"), R"({"upTo":9007199254740991})"), {"data", "deliveredUpToSeq"}), "3");
  EXPECT_THAT(post(bob, path("/read"), R"({"upTo":9007199254740992})").body, HasSubstr(R"({"field":"upTo","issue":)"))
      << "no client could name it exactly";
  const auto seen = get(bob, "/api/conversations/" + group);
  EXPECT_EQ(text_in(seen, {"data", "unreadCount"}), "1");
  EXPECT_EQ(text_in(seen, {"data", "lastMessage", "seq"}), "3");
}

// K44
TEST_F(MessageRoutes, SearchAnswersPagesOfWhatIsMine) {
  (void)say(ann, "The lighthouse is dark");
  (void)say(ann, "light");
  const auto found = get(bob, "/api/messages/search?q=LIGHT&limit=1");
  EXPECT_THAT(found.body, HasSubstr(R"("snippet":"light")"));
  EXPECT_EQ(text_in(found, {"data", "nextCursor"}), "1");
  const auto rest = get(bob, "/api/messages/search?q=light&limit=1&cursor=1");
  EXPECT_THAT(rest.body, HasSubstr("lighthouse"));
  EXPECT_EQ(text_in(rest, {"data", "nextCursor"}), "null");
  EXPECT_THAT(get(eve, "/api/messages/search?q=light").body, HasSubstr(R"("results":[])"));
  EXPECT_EQ(get(eve, "/api/messages/search?q=light&conversationId=" + group).status, 403);
  for (const std::string& wrong : {std::string(), std::string("?q="), std::string("?q=%22%20-*"), std::string("?q=x&cursor=a"),
                                   "?q=" + std::string(257, 'x')})
    EXPECT_EQ(get(bob, "/api/messages/search" + wrong).status, 400) << wrong;
}

// K45
TEST_F(MessageRoutes, BlockedUserCannotMessage) {
  const std::string direct = room(ann, R"({"kind":"direct","userId":")" + bob.text() + "\"}");
  ASSERT_EQ(ask({"PUT", "/api/users/" + bob.text() + "/block", {}, ann.token, {}}).status, 200);
  for (const auto& answer : {post(bob, "/api/conversations/" + direct + "/messages", R"({"text":"x"})"),
                             post(bob, "/api/conversations/" + direct + "/typing")}) {
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(code_in(answer), "FORBIDDEN");
    EXPECT_THAT(answer.body, HasSubstr("You cannot message this user"));
  }
  EXPECT_EQ(say(bob, "in the group").status, 201);
}

// K48: found by review. An answer with 4 MiB unsent ends its connection, so a member could make a conversation unreadable.
TEST(MessagePages, EndEarlyWhereTheirFilesHaveMuchToSay) {
  const chat::Message message{.kind = chat::Kind::file,
                              .attachments = std::vector(file::kMaxAttachments, file::FileInfo{.name = std::string(255, 'x')})};
  store::MessagePage page{.messages = std::vector(100, message)};
  shorten(page, {}, 256 * 1024);
  EXPECT_TRUE(page.more);
  EXPECT_GT(page.messages.size(), 50U);
  EXPECT_LT(page.messages.size(), 100U);
  EXPECT_LT(messages_json(page).size(), 512U * 1024);
}

/// A server that dies before it has stored the answers of its requests.
class ForgetsAnswers final : public store::ForwardingAccountStore {
 public:
  using ForwardingAccountStore::ForwardingAccountStore;
  void keep_answer(account::UserId, std::string, store::KeptAnswer, WallTime) override {}
};

// K32, SPEC 2.1: the key is stored with its message (0029). Each server has its own keys in use.
class MessageKeys : public MessageRoutes {
 protected:
  void start_server(KeysInUse& keys, store::AccountStore& answers) {
    router_.emplace(settings_, ApiRouter::Ports{tokens_, answers, clock_, random_, log_, keys, {}, &reads_},
                    message_operations(message_services_));
  }
  protocol::HttpAnswer keyed(const std::string& key, const std::string& body) {
    return post(ann, path("/messages"), body, {"Idempotency-Key: " + key});
  }
  KeysInUse first_keys_, second_keys_;
  ForgetsAnswers dying_{stores_.accounts()};
};

TEST_F(MessageKeys, RepeatAfterACrashSendsOnce) {
  start_server(first_keys_, dying_);
  const auto first = keyed("k1", R"({"text":"hi"})");
  EXPECT_EQ(first.status, 201);
  start_server(second_keys_, stores_.accounts());
  const auto again = keyed("k1", R"({"text":"hi"})");
  EXPECT_EQ(again.status, 201) << "the same answer";
  EXPECT_EQ(id_in(again), id_in(first));
  EXPECT_EQ(keyed("k1", R"({"text":"hi"})").body, again.body);
  EXPECT_EQ(seqs(get(bob, path("/messages"))), "1 ");
  EXPECT_EQ(keyed("k2", R"({"text":"hi"})").status, 201) << "another key is another message";
  EXPECT_EQ(seqs(get(bob, path("/messages"))), "1 2 ");
}

TEST_F(MessageKeys, AnotherMessageUnderTheKeyIsAConflictAfterACrashToo) {
  start_server(first_keys_, dying_);
  EXPECT_EQ(keyed("k1", R"({"text":"hi"})").status, 201);
  start_server(second_keys_, stores_.accounts());
  const auto refused = keyed("k1", R"({"text":"bye"})");
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(code_in(refused), "IDEMPOTENCY_CONFLICT");
}

// The client's own id tells which message it is; then the key is that of the request alone.
TEST_F(MessageKeys, ClientMessageIdGoesBeforeTheKey) {
  const auto sent = keyed("k1", R"({"text":"hi","clientMessageId":"c1"})");
  EXPECT_EQ(text_in(sent, {"data", "clientMessageId"}), "c1");
  EXPECT_EQ(keyed("k2", R"({"text":"hi","clientMessageId":"c1"})").status, 200);
}

TEST_F(MessageKeys, LongKeyIsOneToo) {
  const std::string key(255, 'k');
  start_server(first_keys_, dying_);
  const auto first = keyed(key, R"({"text":"hi"})");
  EXPECT_EQ(first.status, 201);
  start_server(second_keys_, stores_.accounts());
  EXPECT_EQ(id_in(keyed(key, R"({"text":"hi"})")), id_in(first));
}

// K30, K42: at the limit, when only repeats are answered, who was removed is not answered their own message.
TEST_F(MessageRoutes, RemovedMemberIsAStrangerAtTheLimitToo) {
  const std::string body = R"({"text":"hi","clientMessageId":"c1"})";
  EXPECT_EQ(send(bob, body).status, 201);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(say(bob, "x").status, 201);
  EXPECT_EQ(send(bob, body).status, 200);
  ASSERT_EQ(ask({"DELETE", path("/members/" + bob.text()), {}, ann.token, {}}).status, 200);
  const auto refused = send(bob, body);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(code_in(refused), "NOT_PARTICIPANT");
  EXPECT_THAT(refused.body, Not(HasSubstr(R"("text")")));
}

// K47, R-002-11: each answer of a limited route says how much is left.
TEST_F(MessageRoutes, AnswersSayHowManyMoreMayBeSent) {
  const auto first = say(ann, "x");
  EXPECT_EQ(header(first, "RateLimit-Limit"), "5");
  EXPECT_EQ(header(first, "RateLimit-Remaining"), "4");
  EXPECT_EQ(header(first, "RateLimit-Reset"), "60");
  const auto edited = patch(ann, id_in(first), R"({"text":"y"})");
  EXPECT_EQ(header(edited, "RateLimit-Remaining"), "3");
  EXPECT_EQ(header(patch(bob, id_in(first), R"({"text":"y"})"), "RateLimit-Limit"), "5") << "a refusal too";
}

// K47: deletions do not count as messages, and are limited as receipts and typing are.
TEST_F(MessageRoutes, DeletionsAreLimited) {
  const std::string id = id_in(say(ann, "x"));
  for (int i = 0; i < 20; ++i) EXPECT_EQ(del(ann, id).status, 200);
  const auto refused = del(ann, id);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(code_in(refused), "RATE_LIMITED");
  EXPECT_EQ(say(ann, "y").status, 201);
}

// K47
TEST_F(MessageRoutes, LimitIsToldAndRepeatsAreFree) {
  for (int i = 0; i < 3; ++i) EXPECT_LT(send(ann, R"({"text":"hi","clientMessageId":"c1"})").status, 300);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(say(ann, "x").status, 201);
  const auto refused = say(ann, "x");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(header(refused, "RateLimit-Limit"), "5");
  EXPECT_EQ(header(refused, "RateLimit-Remaining"), "0");
  EXPECT_NE(text_in(refused, {"error", "retryAfterMs"}), "null");
  EXPECT_EQ(send(ann, R"({"text":"hi","clientMessageId":"c1"})").status, 200);
}

}  // namespace
}  // namespace belfry::gateway::testing
