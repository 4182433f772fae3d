// Messages from person to person, on the memory stores (SPEC K9, K17, K32, K47).
#include "app/direct_messages/direct_messages.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "adapters/memory/blobs.hpp"
#include "adapters/memory/stores.hpp"
#include "app/files/no_thumbnails_for_tests.hpp"
#include "base/inline_mailboxes.hpp"

namespace belfry::direct_messages {
namespace {

using account::UserId;
using store::MessageFault;

const UserId kAnn{Uuid{1}}, kBen{Uuid{2}}, kCid{Uuid{3}};
const std::string kGif = "data:image/gif;base64,R0lGODlhCQAJAA==";  // ten bytes

class StandingClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return TimePoint{std::chrono::hours{1}}; }
  [[nodiscard]] WallTime wall() const override { return {1'795'262'400'000}; }
};
class CountingRandom final : public Random {
 public:
  void fill(MutableBytes out) override {
    ++calls_;
    for (auto& byte : out) byte = static_cast<std::byte>(calls_);
  }

 private:
  unsigned calls_ = 0;
};
class NoPage final : public sessions::SessionPort {
 public:
  void notify(SessionAddress, const Notice&) override {}
  void pass_signal(SessionAddress, const calls::SignalArrived&) override {}
};

/// Ann sends. She may send five messages.
class DirectMessagesTest : public ::testing::Test {
 protected:
  DirectMessagesTest() {
    for (const auto& [user, name] : {std::pair(kAnn, "ann"), std::pair(kBen, "ben"), std::pair(kCid, "cid")})
      stores.accounts().create({.id = user, .username = name}, [](const auto& made) { ASSERT_TRUE(made.has_value()); });
  }
  using Sent = Expected<store::SentMessage, Refused>;
  Sent send(const UserId& to, const std::string& text, const std::string& image = {}, const std::string& client_id = {}) {
    std::optional<Sent> answer;
    messages.send({kAnn, "test"}, {.to = to, .client_id = client_id, .text = text, .image = image},
                  [&](auto sent) { answer = std::move(sent); });
    while (mailboxes.run_waiting()) {
    }
    return *answer;
  }
  void reach_the_limit() {
    while (chat.send_limit_of(kAnn).remaining > 0) EXPECT_TRUE(send(kBen, "x").has_value());
  }
  [[nodiscard]] static bool is_limit(const Sent& sent) {
    const auto* refused = sent ? nullptr : std::get_if<chat::Refused>(&sent.error());
    return refused != nullptr && std::holds_alternative<limits::RateLimitStatus>(*refused);
  }
  bool have_a_conversation(const UserId& one, const UserId& other) {
    bool have = false;
    conversations.find_direct(one, other, [&](const auto& found) { have = found->has_value(); });
    return have;
  }

  StandingClock clock;
  CountingRandom random;
  InlineMailboxes mailboxes;
  memory::Tables tables;
  memory::Stores stores{tables};
  sessions::Sessions sessions;
  NoPage page;
  sessions::Deliveries deliveries{1};
  sessions::Delivery delivery{0, deliveries, mailboxes, page};
  chat::SendLimit limit{{.max = 5}};
  chat::Chats chats{1};
  chat::Chat chat{0, chats, {stores.messages(), sessions, delivery, mailboxes, clock, random, limit, [](const chat::Message&) {
                               return std::string("{}");
                             }}};
  conversations::RefusedStrangers strangers;
  conversations::Conversations conversations{{stores.conversations(), clock, random, strangers}};
  memory::Blobs blobs;
  files::testing::NoThumbnails codec;
  files::FileWorkers workers{mailboxes, {.threads = 0}};
  files::Files files{0, {}, {stores.files(), blobs, codec, workers, clock, random}};
  DirectConversations pairs{conversations, stores.conversations()};
  DirectMessages messages{{chat, pairs, files}};
};

TEST_F(DirectMessagesTest, FirstMessageMakesTheirConversation) {
  const auto first = send(kBen, "hello"), second = send(kBen, "again");
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->message.conversation, second->message.conversation);
  EXPECT_EQ(second->message.seq, 2U);
}

TEST_F(DirectMessagesTest, PictureBecomesTheFileOfTheMessage) {
  const auto sent = send(kBen, "", kGif);
  ASSERT_TRUE(sent);
  ASSERT_EQ(sent->message.attachments.size(), 1U);
  EXPECT_EQ(sent->message.attachments[0].size, 10U);
  const std::string path = "/api/files/" + to_text(sent->message.attachments[0].id.value());
  EXPECT_TRUE(send(kCid, "", path)) << "a file of one's own may be sent again";
  messages.send({kBen, "test"}, {.to = kCid, .image = path}, [](const auto& refused) {
    ASSERT_FALSE(refused);
    EXPECT_EQ(std::get<files::Refused>(refused.error()), files::Fault::no_picture) << "it is somebody else's";
  });
}

// K47: found in review, by a socket and with the path of a file
TEST_F(DirectMessagesTest, WhoMaySendNoMoreMakesNoConversationAndStoresNoPicture) {
  reach_the_limit();
  for (const std::string& image : {std::string(), "/api/files/" + to_text(Uuid{7}), kGif}) {
    EXPECT_TRUE(is_limit(send(kCid, "x", image))) << image;
    EXPECT_TRUE(is_limit(send(kCid, "x", image, "c1"))) << image;
    EXPECT_FALSE(have_a_conversation(kAnn, kCid)) << image;
  }
  EXPECT_EQ(blobs.count(), 0U);
  EXPECT_TRUE(is_limit(send(kBen, "x")));
}

// K32, K47
TEST_F(DirectMessagesTest, RepeatIsAnsweredAtTheLimitTooAndItsPictureStoredOnce) {
  const auto text = send(kBen, "hello", {}, "c1"), picture = send(kBen, "look", kGif, "c2");
  ASSERT_TRUE(text && picture);
  reach_the_limit();
  EXPECT_EQ(send(kBen, "hello", {}, "c1")->message.id, text->message.id);
  EXPECT_EQ(send(kBen, "look", kGif, "c2")->message.id, picture->message.id);
  const auto other = send(kBen, "other", kGif, "c2");
  EXPECT_EQ(std::get<MessageFault>(std::get<chat::Refused>(other.error())), MessageFault::client_id_taken);
  EXPECT_EQ(blobs.count(), 1U);
}

TEST_F(DirectMessagesTest, WipedConversationIsMadeAnew) {
  ASSERT_TRUE(send(kBen, "x"));
  tables.with([](memory::State& state) {
    state.conversations.clear();
    state.messages.clear();
    state.memberships.clear();
    state.pairs.clear();
  });
  EXPECT_TRUE(send(kBen, "y"));
}

// K32: the bytes of a picture are not there to compare.
TEST(RepeatWithPicture, HasTheSameTextAndAPictureOfThatTypeAndSize) {
  chat::Message stored{.text = "hello"};
  EXPECT_FALSE(is_repeat_with_picture(stored, "hello", kGif)) << "it has no picture";
  stored.attachments = {{.mime = "image/gif", .size = 10}};
  EXPECT_TRUE(is_repeat_with_picture(stored, "hello", kGif));
  EXPECT_FALSE(is_repeat_with_picture(stored, "bye", kGif));
  EXPECT_FALSE(is_repeat_with_picture(stored, "hello", "data:image/gif;base64,R0lGODlhCQAJ"));
  EXPECT_FALSE(is_repeat_with_picture(stored, "hello", "data:image/gif;base64,iVBORw0KGgoAAA=="));
  EXPECT_FALSE(is_repeat_with_picture(stored, "hello", "data:image/gif;base64,?"));
  stored.deleted = {1'700'000'001'000};
  EXPECT_TRUE(is_repeat_with_picture(stored, "bye", kGif)) << "its client id alone decides";
}

}  // namespace
}  // namespace belfry::direct_messages
