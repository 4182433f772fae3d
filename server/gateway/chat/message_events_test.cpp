// Messages in the chat dialect (SPEC K17, K18, K35, K38, K40): what a client says, and what it is sent.
#include "adapters/memory/blobs.hpp"
#include "app/files/files.hpp"
#include "app/files/no_thumbnails_for_tests.hpp"
#include "app/limits/sliding_window.hpp"
#include "gateway/chat/chat_stage_for_tests.hpp"
#include "gateway/json/messages.hpp"

namespace belfry::gateway::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class CountingRandom final : public Random {
 public:
  void fill(MutableBytes out) override {
    ++calls_;
    for (auto& byte : out) byte = static_cast<std::byte>(calls_);
  }

 private:
  unsigned calls_ = 0;
};
/// Hands each notice to the one session there is.
class OnePage final : public sessions::SessionPort {
 public:
  void notify(SessionAddress at, const Notice& notice) override {
    if (at == context->at) dialect->notify(*context, notice);
  }
  void pass_signal(SessionAddress, const calls::SignalArrived&) override {}
  ChatDialect* dialect = nullptr;
  SocketContext* context = nullptr;
};

/// Ann's page is connected; Ben writes through app/chat.
class ChatMessages : public ChatStage {
 protected:
  void SetUp() override {
    ChatStage::SetUp();
    port.dialect = &dialect_of_messages;
    port.context = &context;
    core.here = {{"ann", user(1)}, {"ben", user(2)}};
    core.during_online = [this] {
      sessions.enter(user(1), "ann", {.id = context.session, .at = context.at, .dialect = call::Dialect::chat});
    };
    dialect_of_messages.on_hello(context, {});
    take();
  }
  void say_to(std::string_view event, const std::string& payload, std::optional<std::uint64_t> ack = 1) {
    const auto argument = reader.validate(payload).value();
    dialect_of_messages.on_event(context,
                                 {.name = event, .arguments = std::span(&argument, 1), .ack_id = ack, .attachments = {}});
  }
  conversation::ConversationId open(conversation::Kind kind) {
    conversation::ConversationId id;
    opening.open(user(2), {.kind = kind, .others = {user(1)}}, [&](const auto& opened) { id = opened->stored.conversation.id; });
    return id;
  }
  void ben_writes(const conversation::ConversationId& where, const std::string& text) {
    chat.send({user(2), "test"}, {.conversation = where, .text = text}, [](const auto& sent) { ASSERT_TRUE(sent.has_value()); });
  }
  std::vector<chat::MemberPointers> pointers(const conversation::ConversationId& where) {
    std::vector<chat::MemberPointers> sides;
    chat.page({user(1), "test"}, {.conversation = where}, [&](const auto& page) { sides = page->sides; });
    return sides;
  }
  std::uint64_t delivered_to_ann(const conversation::ConversationId& where) {
    for (const auto& each : pointers(where))
      if (each.user == user(1)) return each.reached.delivered;
    return 0;
  }

  CountingRandom random;
  OnePage port;
  sessions::Deliveries deliveries{1};
  sessions::Delivery delivery{0, deliveries, mailboxes, port};
  chat::SendLimit limit{{.max = 5}};
  chat::Chats chats{1};
  chat::Chat chat{
      0,
      chats,
      {stores.messages(), sessions, delivery, mailboxes, clock, random, limit, message_json, {}, &stores.conversations()}};
  conversations::RefusedStrangers strangers;
  conversations::Conversations opening{{stores.conversations(), clock, random, strangers}};
  memory::Blobs blobs;
  files::testing::NoThumbnails codec;
  files::FileWorkers workers{mailboxes, {.threads = 0}};
  files::Files files{0, {}, {stores.files(), blobs, codec, workers, clock, random}};
  direct_messages::DirectConversations pairs{opening, stores.conversations()};
  direct_messages::DirectMessages messages{{chat, pairs, files}};
  ChatDialect dialect_of_messages{settings,
                                  {.calls = core,
                                   .in = in,
                                   .out = out,
                                   .accounts = stores.accounts(),
                                   .blocks = conversations,
                                   .clock = clock,
                                   .online = lists,
                                   .messages = chat_clients::MessagePorts{chat, pairs, messages}}};
};

// K17, R-004-17: stored, and sent to the receiver alone
TEST_F(ChatMessages, NewMessageIsAcknowledgedWithTheMessageAndMakesNoEventAtItsSender) {
  say_to("newMessage", to(2, R"(,"text":"hello","clientMessageId":"c1")"));
  const auto heard = take();
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_THAT(heard[0], AllOf(StartsWith(R"(ack 1 {"success":true,"data":{)"), HasSubstr(R"("text":"hello")"),
                              HasSubstr(R"("sender":")" + id_text(1) + '"'), HasSubstr(R"("receiver":")" + id_text(2) + '"'),
                              HasSubstr(R"("seq":1)"), HasSubstr(R"("read":false)")));
  say_to("newMessage", R"({"receiver":"ben","text":"hello","clientMessageId":"c1"})");
  EXPECT_THAT(take(), ElementsAre(heard[0])) << "a repeat is the same message";
  EXPECT_FALSE(in.held);
}

// K17, K26
TEST_F(ChatMessages, WrongMessagesAreRefused) {
  say_to("newMessage", R"({"text":" ","image":7,"clientMessageId":""})", {});
  const auto refused = take();
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_THAT(refused[0], StartsWith("unkept chat-error "));
  for (const std::string field : {"receiver", "text", "image", "clientMessageId"})
    EXPECT_THAT(refused[0], HasSubstr(R"("field":")" + field + '"'));
  say_to("newMessage", R"({"to":"nobody","text":"x"})");
  EXPECT_THAT(take(), ElementsAre(HasSubstr("USER_NOT_FOUND")));
  say_to("newMessage", to(99, R"(,"text":"x")"));
  EXPECT_THAT(take(), ElementsAre(HasSubstr("USER_NOT_FOUND")));
  say_to("newMessage", to(1, R"(,"text":"x")"));
  EXPECT_THAT(take(), ElementsAre(HasSubstr(R"({"field":"to","issue":"self"})")));
}

// K9, K17
TEST_F(ChatMessages, PictureBecomesTheFileOfTheMessage) {
  say_to("newMessage", to(2, R"(,"image":"data:image/gif;base64,R0lGODlhCQAJAA==")"));
  EXPECT_THAT(take(),
              ElementsAre(AllOf(StartsWith("ack 1 {"), HasSubstr(R"("kind":"file")"), HasSubstr(R"("image":"/api/files/)"))));
  say_to("newMessage", to(2, R"(,"image":"https://example.org/x.png")"));
  EXPECT_THAT(take(), ElementsAre(HasSubstr(R"("field":"image")")));
}

// K32, K47: found by review
TEST_F(ChatMessages, PictureThatIsSentAgainIsStoredOnceAndBeyondTheLimitNone) {
  const std::string again = to(2, R"(,"clientMessageId":"c1","image":"data:image/gif;base64,R0lGODlhCQAJAA==")");
  say_to("newMessage", again);
  const auto first = take();
  ASSERT_EQ(blobs.count(), 1U);
  for (int i = 0; i < 4; ++i) say_to("newMessage", to(2, R"(,"text":"x")"));
  take();
  say_to("newMessage", again);
  EXPECT_EQ(take(), first) << "at the limit, too";
  say_to("newMessage", to(2, R"(,"image":"data:image/gif;base64,R0lGODlhCQAJAA==")"));
  EXPECT_THAT(take(), ElementsAre(HasSubstr("RATE_LIMITED")));
  EXPECT_EQ(blobs.count(), 1U);
  EXPECT_FALSE(in.held);
}

// K45, K47
TEST_F(ChatMessages, BlocksAndTheLimitHoldHereToo) {
  stores.conversations().block(user(2), user(1), {}, [](const auto&) {});
  say_to("newMessage", to(2, R"(,"text":"x")"));
  EXPECT_THAT(take(), ElementsAre(AllOf(HasSubstr("FORBIDDEN"), HasSubstr("You cannot message this user"))));
  stores.conversations().unblock(user(2), user(1), [](const auto&) {});
  for (int i = 0; i < 6; ++i) say_to("newMessage", to(2, R"(,"text":"x")"));
  EXPECT_THAT(take().back(), HasSubstr("RATE_LIMITED"));
  say_to("newMessage", to(3, R"(,"text":"x")"));
  EXPECT_THAT(take(), ElementsAre(HasSubstr("RATE_LIMITED")));
  say_to("newMessage", to(3, R"(,"image":"/api/files/)" + id_text(9) + R"(")"));
  EXPECT_THAT(take(), ElementsAre(HasSubstr("RATE_LIMITED")));
  opening.find_direct(user(1), user(3), [](const auto& found) { EXPECT_FALSE(found->has_value()) << "nor makes it one"; });
}

// K17, K38, R-004-16: delivered, since it was written to a live session
TEST_F(ChatMessages, ReceivedMessageIsSentOnceAndIsDelivered) {
  const auto room = open(conversation::Kind::direct);
  ben_writes(room, "hi");
  EXPECT_THAT(take(), ElementsAre(AllOf(StartsWith("newMessage {"), HasSubstr(R"("text":"hi")"),
                                        HasSubstr(R"("receiver":")" + id_text(1) + '"'))));
  EXPECT_EQ(delivered_to_ann(room), 1U);
}

// K38
TEST_F(ChatMessages, WhatALostSessionIsKeptIsDeliveredWhenItIsBack) {
  const auto room = open(conversation::Kind::direct);
  dialect_of_messages.on_suspended(context);
  ben_writes(room, "one");
  ben_writes(room, "two");
  EXPECT_EQ(delivered_to_ann(room), 0U);
  const std::string state = dialect_of_messages.on_detached(context, 0);
  const SessionAddress before = std::exchange(context.at, {.shard = 0, .node = 0, .slot = 9, .generation = 2});
  dialect_of_messages.on_recovered(context, before, state);
  EXPECT_EQ(delivered_to_ann(room), 2U);
}

// K18, K35
TEST_F(ChatMessages, MessagesOfGroupsEditsAndCountsAreNotSent) {
  ben_writes(open(conversation::Kind::group), "to all");
  EXPECT_THAT(take(), IsEmpty());
  dialect_of_messages.notify(context, chat::ChatNotice(chat::UnreadChanged{}));
  dialect_of_messages.notify(context, chat::ChatNotice(chat::ReceiptMoved{}));
  EXPECT_THAT(take(), IsEmpty());
}

// K18, K43: and nothing to who called
TEST_F(ChatMessages, MissedCallIsSentToItsCallee) {
  const auto room = open(conversation::Kind::direct);
  const auto ended = [&](const account::UserId& caller, const account::UserId& callee) {
    chat.call_ended({.message = chat::call_entry(chat::MessageId(uuid(31)), room, caller,
                                                 {.id = call::CallId(uuid(7)), .status = call::Status::missed}, {5'000}),
                     .members = {user(1), user(2)},
                     .receiver = chat::MemberPointers{.user = callee}});
  };
  ended(user(2), user(1));
  EXPECT_THAT(take(), ElementsAre(AllOf(StartsWith("newMessage {"), HasSubstr(R"("kind":"call")"),
                                        HasSubstr(R"("callId":")" + id_text(7) + '"'))));
  ended(user(1), user(2));
  EXPECT_THAT(take(), IsEmpty());
}

// K40
TEST_F(ChatMessages, TypingNamesThePersonAndIsOfDirectConversationsOnly) {
  say_to("typing", to(2, R"(,"typing":true)"));
  EXPECT_THAT(take(), ElementsAre(R"(ack 1 {"success":true})"));
  const auto room = open(conversation::Kind::direct);
  chat.type({user(2), "test"}, room, chat::TypingChanged::State::types, [](const auto&) {});
  chat.type({user(2), "test"}, room, chat::TypingChanged::State::stopped, [](const auto&) {});
  EXPECT_THAT(take(), ElementsAre(R"(typing {"from":")" + id_text(2) + R"(","typing":true})",
                                  R"(typing {"from":")" + id_text(2) + R"(","typing":false})"));
  chat.type({user(2), "test"}, open(conversation::Kind::group), chat::TypingChanged::State::types, [](const auto&) {});
  EXPECT_THAT(take(), IsEmpty());
}

// K40: "Nothing is stored."
TEST_F(ChatMessages, TypingToAStrangerMakesNoConversation) {
  say_to("typing", to(2, R"(,"typing":true)"));
  say_to("typing", to(2, R"(,"typing":false)"));
  EXPECT_THAT(take(), ElementsAre(R"(ack 1 {"success":true})", R"(ack 1 {"success":true})"));
  chat.type_to({user(2), "test"}, user(1), chat::TypingChanged::State::types, [](const auto&) {});
  EXPECT_THAT(take(), ElementsAre(R"(typing {"from":")" + id_text(2) + R"(","typing":true})"));
  opening.find_direct(user(1), user(2), [](const auto& found) { EXPECT_EQ(*found, std::nullopt); });
  stores.conversations().block(user(2), user(1), {}, [](const auto&) {});
  say_to("typing", to(2, R"(,"typing":true)"));
  EXPECT_THAT(take(), ElementsAre(HasSubstr("You cannot message this user")));
}

TEST_F(ChatMessages, AWipedConversationIsMadeAnew) {
  say_to("newMessage", to(2, R"(,"text":"x")"));
  tables.with([](memory::State& state) {
    state.conversations.clear();
    state.messages.clear();
    state.memberships.clear();
    state.pairs.clear();
  });
  say_to("newMessage", to(2, R"(,"text":"y")"));
  EXPECT_THAT(take().back(), HasSubstr(R"("text":"y")"));
}

}  // namespace
}  // namespace belfry::gateway::testing
