// Seed 004's form of a message, byte by byte: its client parses it.
#include "gateway/json/chat_messages.hpp"

#include <gtest/gtest.h>

#include "base/uuid.hpp"

namespace belfry::gateway {
namespace {

Uuid uuid(std::uint8_t last) {
  Uuid id{};
  id.back() = last;
  return id;
}

const std::string kNil = "00000000-0000-0000-0000-0000000000";

chat::Message hello() {
  return {.id = chat::MessageId(uuid(7)),
          .conversation = chat::ConversationId(uuid(9)),
          .seq = 3,
          .sender = chat::UserId(uuid(1)),
          .client_id = "c-1",
          .text = "hello",
          .created = {1'700'000'000'000}};
}

chat::MemberPointers ben(const chat::Pointers& reached) { return {.user = chat::UserId(uuid(2)), .reached = reached}; }

// K8, W-004-05
TEST(ChatMessageJson, HasTheSeedsNamesBesideOurs) {
  EXPECT_EQ(chat_message_json(hello(), ben({.read = 0, .delivered = 2})),
            R"({"id":")" + kNil + R"(07","conversationId":")" + kNil +
                R"(09","seq":3,"clientMessageId":"c-1","kind":"text","text":"hello","attachments":[],"callId":null,)"
                R"("replyTo":null,"createdAt":"2023-11-14T22:13:20.000Z","editedAt":null,"deletedAt":null,"_id":")" +
                kNil + R"(07","sender":")" + kNil + R"(01","receiver":")" + kNil +
                R"(02","image":null,"timestamp":"2023-11-14T22:13:20.000Z","updatedAt":"2023-11-14T22:13:20.000Z",)"
                R"("read":false,"delivered":false})");
}

// K8, K38
TEST(ChatMessageJson, IsReadOnceTheReceiversPointerHasPassedIt) {
  const std::string delivered = chat_message_json(hello(), ben({.read = 2, .delivered = 3}));
  EXPECT_NE(delivered.find(R"("read":false,"delivered":true)"), std::string::npos) << delivered;
  const std::string read = chat_message_json(hello(), ben({.read = 3, .delivered = 3}));
  EXPECT_NE(read.find(R"("read":true,"delivered":true)"), std::string::npos) << read;
}

// K8, K36
TEST(ChatMessageJson, WasUpdatedWhenItWasEditedOrDeleted) {
  chat::Message message = hello();
  message.edited = {1'700'000'001'000};
  EXPECT_NE(chat_message_json(message, ben({})).find(R"("updatedAt":"2023-11-14T22:13:21.000Z")"), std::string::npos);
  message.deleted = {1'700'000'002'000};
  EXPECT_NE(chat_message_json(message, ben({})).find(R"("updatedAt":"2023-11-14T22:13:22.000Z")"), std::string::npos);
}

// R-004-22: markup is text like any other.
TEST(ChatMessageJson, EscapesNoMoreThanJsonDoes) {
  chat::Message message = hello();
  message.text = "<script>alert(\"1\")</script>";
  EXPECT_NE(chat_message_json(message, ben({})).find(R"("text":"<script>alert(\"1\")</script>")"), std::string::npos);
}

}  // namespace
}  // namespace belfry::gateway
