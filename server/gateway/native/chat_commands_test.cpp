// The events about messages (SPEC 2.4, K31 to K40): what a client says, and what it hears.
#include "adapters/memory/stores.hpp"
#include "gateway/json/conversations.hpp"
#include "gateway/json/messages.hpp"
#include "gateway/native/native_stage_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class FixedRandom final : public Random {
 public:
  void fill(MutableBytes out) override {
    ++calls_;
    for (auto& byte : out) byte = static_cast<std::byte>(calls_);
  }

 private:
  unsigned calls_ = 0;
};
class NoMailboxes final : public Mailboxes {
 public:
  void post(ShardIndex, std::function<void()> task) override { task(); }
  [[nodiscard]] ShardIndex shard_count() const override { return 1; }
};
/// Hands each notice to the one session there is.
class OneSession final : public sessions::SessionPort {
 public:
  void notify(SessionAddress, const Notice& notice) override { native->notify(*context, notice); }
  void pass_signal(SessionAddress, const calls::SignalArrived&) override {}
  Native* native = nullptr;
  SocketContext* context = nullptr;
};

/// Ann (01) is connected; she, Ben (02) and nobody else are in room 09.
class NativeChat : public NativeStage {
 protected:
  void SetUp() override {
    NativeStage::SetUp();
    for (const std::uint8_t number : {std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{3}})
      stores.accounts().create({.id = account::UserId(uuid(number)), .username = "user" + std::to_string(number)},
                               [](const auto& made) { ASSERT_TRUE(made.has_value()); });
    stores.conversations().open(
        {.id = conversation::ConversationId(uuid(9)), .creator = account::UserId(uuid(1)), .others = {account::UserId(uuid(2))}},
        std::nullopt, [](const auto& opened) { ASSERT_TRUE(opened.has_value()); });
    port.native = &chatting;
    port.context = &context;
    chatting.on_socket(context);
    sessions.enter(account::UserId(uuid(1)), "ann", {.at = context.at});
    take();
  }
  void say_to(std::string_view event, const std::string& payload) {
    const auto argument = reader.validate(payload).value();
    chatting.on_event(context, {.name = event, .arguments = {&argument, 1}, .ack_id = 1, .attachments = {}});
  }
  static std::string in_room(const std::string& rest = {}) { return R"({"conversationId":")" + id_text(9) + "\"" + rest + "}"; }
  void ben_sends(const std::string& text) {
    chat.send({.user = account::UserId(uuid(2)), .operation = "test"},
              {.conversation = conversation::ConversationId(uuid(9)), .text = text},
              [](const auto& sent) { ASSERT_TRUE(sent.has_value()); });
  }

  memory::Tables tables;
  memory::Stores stores{tables};
  FixedRandom random;
  NoMailboxes mailboxes;
  OneSession port;
  sessions::Sessions sessions;
  sessions::Deliveries deliveries{1};
  sessions::Delivery delivery{0, deliveries, mailboxes, port};
  chat::SendLimit limit{{.max = 3}};
  chat::Chats chats{1};
  chat::Chat chat{0,
                  chats,
                  {stores.messages(),
                   sessions,
                   delivery,
                   mailboxes,
                   clock,
                   random,
                   limit,
                   message_json,
                   {},
                   &stores.conversations(),
                   conversation_news_json}};
  Native chatting{settings, {core, in, out, kept, kept, clock, {}, &reads, &tokens, &chat}};
};

// K32, K35
TEST_F(NativeChat, SendIsAcknowledgedWithTheMessageAndHeardByOneself) {
  say_to("message.send", in_room(R"(,"clientMessageId":"c1","text":"hello")"));
  const auto heard = take();
  ASSERT_EQ(heard.size(), 2U);
  EXPECT_THAT(heard[0],
              StartsWith("message.new " + common(2) + R"(,"conversationId":")" + id_text(9) + R"(","message":{"id":")"));
  EXPECT_THAT(heard[0], HasSubstr(R"("seq":1,"clientMessageId":"c1","kind":"text","text":"hello")"));
  EXPECT_THAT(heard[0], HasSubstr(R"("senderId":")" + id_text(1) + '"'));
  EXPECT_THAT(heard[1], StartsWith(R"(ack 1 {"success":true,"data":{"id":")"));
  say_to("message.send", in_room(R"(,"clientMessageId":"c1","text":"hello")"));
  const auto again = take();
  ASSERT_EQ(again.size(), 1U) << "a repeat makes no event";
  EXPECT_EQ(again[0], heard[1]);
}

TEST_F(NativeChat, WrongFieldsAreNamedAllAtOnce) {
  say_to("message.send", R"({"conversationId":"x","text":" ","clientMessageId":"","attachments":[1],"replyTo":7})");
  const auto refused = take();
  ASSERT_EQ(refused.size(), 1U);
  for (const std::string field : {"conversationId", "text", "clientMessageId", "attachments", "replyTo"})
    EXPECT_THAT(refused[0], HasSubstr(R"("field":")" + field + "\""));
  for (const std::string event : {"message.edit", "message.delete", "message.read", "message.delivered", "typing"}) {
    say_to(event, "{}");
    EXPECT_THAT(take(), ElementsAre(HasSubstr(R"({"field":"conversationId","issue":"required"})"))) << event;
  }
}

// K30
TEST_F(NativeChat, ConversationOfOthersIsRefused) {
  const std::string foreign =
      R"({"conversationId":")" + id_text(8) + R"(","text":"x","upTo":1,"messageId":")" + id_text(7) + "\"}";
  for (const std::string event :
       {"message.send", "message.edit", "message.delete", "message.read", "message.delivered", "typing"}) {
    say_to(event, foreign);
    EXPECT_THAT(take(), ElementsAre(HasSubstr(R"("code":"NOT_PARTICIPANT")"))) << event;
  }
}

// K36
TEST_F(NativeChat, EditAndDeletionComeAsUpdates) {
  say_to("message.send", in_room(R"(,"text":"helo")"));
  const auto sent = take();
  const std::string id = sent[1].substr(sent[1].find(R"("id":")") + 6, 36);
  say_to("message.edit", in_room(R"(,"text":"hello","messageId":")" + id + "\""));
  EXPECT_THAT(take(), ElementsAre(::testing::AllOf(StartsWith("message.updated "), HasSubstr(R"("text":"hello")")),
                                  HasSubstr(R"("text":"hello")")));
  say_to("message.delete", in_room(R"(,"messageId":")" + id + "\""));
  EXPECT_THAT(take(), ElementsAre(::testing::AllOf(StartsWith("message.updated "), HasSubstr(R"("text":"")")),
                                  HasSubstr(R"("text":"")")));
}

// K38, K39
TEST_F(NativeChat, MessagesOfOthersComeWithTheUnreadCountAndReadingClearsIt) {
  ben_sends("hi");
  auto heard = take();
  ASSERT_EQ(heard.size(), 2U);
  EXPECT_THAT(heard[0], StartsWith("message.new "));
  EXPECT_THAT(heard[1], HasSubstr(R"("conversationId":")" + id_text(9) + R"(","unreadCount":1,"total":1)"));
  say_to("message.read", in_room(R"(,"upTo":1)"));
  heard = take();
  ASSERT_EQ(heard.size(), 2U);
  EXPECT_THAT(heard[0], HasSubstr(R"("unreadCount":0,"total":0)"));
  EXPECT_THAT(heard[1], HasSubstr(R"("readUpToSeq":1,"deliveredUpToSeq":1,"unreadCount":0)"));
  chat.move_receipt({.user = account::UserId(uuid(2)), .operation = "test"}, conversation::ConversationId(uuid(9)),
                    chat::Receipt::read, 1, [](const auto&) {});
  EXPECT_THAT(take(), ElementsAre(HasSubstr(R"("userId":")" + id_text(2) + R"(","readUpToSeq":1,"deliveredUpToSeq":1)")));
}

// K40
TEST_F(NativeChat, TypingOfOthersComesWithItsEnd) {
  using State = chat::TypingChanged::State;
  chat.type({.user = account::UserId(uuid(2)), .operation = "test"}, conversation::ConversationId(uuid(9)), State::types,
            [](const auto&) {});
  EXPECT_THAT(take(),
              ElementsAre(HasSubstr(R"("userId":")" + id_text(2) + R"(","typing":true,"expiresAt":"2023-11-14T22:13:25.000Z")")));
  say_to("typing", in_room());
  EXPECT_THAT(take(), ElementsAre(HasSubstr(R"("typing":true)"))) << "the acknowledgement alone";
  clock.passed += std::chrono::seconds{5};
  chat.on_time(clock.now());
  EXPECT_THAT(take(), ElementsAre(::testing::AllOf(StartsWith("typing "), HasSubstr(R"("typing":false)"))));
}

// K29, K41
TEST_F(NativeChat, NewsOfAConversationComeAsEvents) {
  const auto change = [&](conversation::Change what, std::uint8_t entry) {
    chat.change({.conversation = conversation::ConversationId(uuid(9)),
                 .actor = account::UserId(uuid(1)),
                 .what = std::move(what),
                 .entry = chat::MessageId(uuid(entry))},
                [](const auto& changed) { ASSERT_TRUE(changed.has_value()); });
    return take();
  };
  auto heard = change(conversation::AddMembers{{account::UserId(uuid(3))}}, 20);
  ASSERT_EQ(heard.size(), 2U);
  EXPECT_THAT(heard[0], StartsWith("conversation.updated "));
  EXPECT_THAT(heard[0], HasSubstr(R"("conversation":{"id":")" + id_text(9) + "\""));
  EXPECT_THAT(heard[0], HasSubstr(R"("activeCallId":null}})"));
  EXPECT_THAT(heard[0], ::testing::Not(HasSubstr("unreadCount"))) << "that is each member's own";
  EXPECT_THAT(heard[1], HasSubstr(R"("kind":"system","text":"user1 added user3")"));
  heard = change(conversation::RemoveMember{account::UserId(uuid(1))}, 21);
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_THAT(heard[0], StartsWith("conversation.removed "));
  EXPECT_THAT(heard[0], HasSubstr(R"("conversationId":")" + id_text(9) + R"("})"));
}

// K43
TEST_F(NativeChat, EndOfACallComesAsItsEntry) {
  const chat::CallSummary call{.id = call::CallId(uuid(30)),
                               .media = call::CallType::video,
                               .status = call::Status::ended,
                               .reason = call::EndReason::hangup,
                               .started = WallTime{1'000},
                               .ended = WallTime{66'000}};
  chat.call_ended({.message = chat::call_entry(chat::MessageId(uuid(31)), conversation::ConversationId(uuid(9)),
                                               account::UserId(uuid(2)), call, WallTime{66'000}),
                   .members = {account::UserId(uuid(1)), account::UserId(uuid(2))}});
  EXPECT_THAT(take(), ElementsAre(::testing::AllOf(
                          StartsWith("message.new "), HasSubstr(R"("kind":"call","text":"Video call, 1:05")"),
                          HasSubstr(R"("callId":")" + id_text(30) + '"'),
                          HasSubstr(R"("call":{"id":")" + id_text(30) +
                                    R"(","callType":"video","status":"ended","endReason":"hangup","duration":65,)" +
                                    R"("startedAt":"1970-01-01T00:00:01.000Z","endedAt":"1970-01-01T00:01:06.000Z"},)" +
                                    R"("messageType":"call","content":"Video call, 1:05","metadata":{"callId":")" + id_text(30) +
                                    R"(","callType":"video","callStatus":"completed","callDuration":65}}})"))));
}

// K47
TEST_F(NativeChat, LimitIsAcknowledged) {
  for (int i = 0; i < 3; ++i) say_to("message.send", in_room(R"(,"text":"x")"));
  take();
  say_to("message.send", in_room(R"(,"text":"x")"));
  EXPECT_THAT(take(), ElementsAre(HasSubstr(R"("code":"RATE_LIMITED")")));
}

// K47: deletions count as receipts and typing do.
TEST_F(NativeChat, DeletionsAreLimitedAsSignalsAre) {
  settings.signals = {.max = 2, .window = std::chrono::seconds{10}};
  const auto deletes = [&] { say_to("message.delete", in_room(R"(,"messageId":")" + id_text(8) + "\"")); };
  for (int i = 0; i < 2; ++i) deletes();
  EXPECT_THAT(take(), ElementsAre(HasSubstr(R"("code":"NOT_FOUND")"), HasSubstr(R"("code":"NOT_FOUND")")));
  deletes();
  EXPECT_THAT(take(), ::testing::Contains(HasSubstr(R"("code":"RATE_LIMITED")")));
}

TEST_F(NativeChat, ServerWithoutMessagesSaysSo) {
  native.on_socket(context);
  take();
  say("message.send", in_room(R"(,"text":"x")"));
  EXPECT_THAT(take(), ElementsAre(HasSubstr("not supported yet")));
}

}  // namespace
}  // namespace belfry::gateway::testing
