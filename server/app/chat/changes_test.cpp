// SPEC K41 to K43: who hears of a change of a conversation and of the end of a call, and in which order. On the memory store and
// two shards, whose tasks run when the test says so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "adapters/memory/stores.hpp"
#include "app/chat/chat.hpp"

namespace belfry::chat {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class StillClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return TimePoint{} + passed; }
  [[nodiscard]] WallTime wall() const override { return {1'000}; }
  Duration passed{};
};
class CountedRandom final : public Random {
 public:
  void fill(MutableBytes out) override {
    ++calls_;
    for (auto& byte : out) byte = static_cast<std::byte>(calls_);
  }

 private:
  unsigned calls_ = 0;
};
class HeldMailboxes final : public Mailboxes {
 public:
  void post(ShardIndex, std::function<void()> task) override { tasks.push_back(std::move(task)); }
  [[nodiscard]] ShardIndex shard_count() const override { return 2; }
  void run() {
    while (!tasks.empty()) {
      const auto task = std::move(tasks.front());
      tasks.pop_front();
      task();
    }
  }
  std::deque<std::function<void()>> tasks;
};

/// What a session was notified of, as "slot word …".
struct Words {
  std::string operator()(const MessageArrived& notice) const { return "new " + notice.view->json; }
  std::string operator()(const MessageChanged&) const { return "changed"; }
  std::string operator()(const ReceiptMoved&) const { return "status"; }
  std::string operator()(const TypingChanged& notice) const {
    return notice.state == TypingChanged::State::types ? "types" : "stopped";
  }
  std::string operator()(const UnreadChanged& notice) const { return "unread " + std::to_string(notice.count); }
  std::string operator()(const ConversationNews& notice) const {
    switch (notice.what) {
      case ConversationNews::What::added:
        return "added " + *notice.json;
      case ConversationNews::What::updated:
        return "updated " + *notice.json;
      case ConversationNews::What::removed:
        return "removed";
    }
    return {};
  }
};
class Recorder final : public sessions::SessionPort {
 public:
  explicit Recorder(std::vector<std::string>& all) : all_(all) {}
  void notify(SessionAddress to, const Notice& notice) override {
    if (const auto* about_chat = std::get_if<ChatNotice>(&notice))
      all_.push_back(std::to_string(to.slot) + " " + std::visit(Words{}, *about_chat));
  }
  void pass_signal(SessionAddress, const calls::SignalArrived&) override {}

 private:
  std::vector<std::string>& all_;
};

constexpr std::uint32_t kAnn = 1, kBob = 2, kCid = 3;

/// A group of Ann, its owner, and Bob; each person has one session, whose slot is ten times their number.
class ChatChanges : public ::testing::Test {
 protected:
  ChatChanges() {
    for (const std::uint32_t number : {kAnn, kBob, kCid}) {
      const std::string name = "user" + std::to_string(number);
      stores_.accounts().create({.id = user(number), .username = name}, [](const auto& made) { ASSERT_TRUE(made.has_value()); });
      sessions_.enter(user(number), name, {.at = {.shard = 0, .node = 0, .slot = number * 10, .generation = 1}});
    }
    stores_.conversations().open({.id = room_, .title = "Crew", .creator = user(kAnn), .others = {user(kBob)}}, std::nullopt,
                                 [this](const auto& opened) { made_ = opened.value().stored; });
  }
  static UserId user(std::uint32_t number) {
    Uuid id{};
    id[15] = static_cast<std::uint8_t>(number);
    return UserId(id);
  }
  Expected<store::ChangedConversation, store::ConversationFault> change(std::uint32_t number, conversation::Change what,
                                                                        std::size_t shard = 0) {
    Expected<store::ChangedConversation, store::ConversationFault> answer = unexpected(store::ConversationFault::unavailable);
    int answers = 0;
    chats_.at(shard)->change({.conversation = room_,
                              .actor = user(number),
                              .what = std::move(what),
                              .at = clock_.wall(),
                              .entry = MessageId(Uuid{9, ++changes_})},
                             [&](auto changed) { answer = std::move(changed), ++answers; });
    mailboxes_.run();
    EXPECT_EQ(answers, 1);
    return answer;
  }
  void send(std::uint32_t number, std::string text) {
    chats_[0]->send({.user = user(number), .operation = "sendMessage"}, {.conversation = room_, .text = std::move(text)},
                    [](const auto& sent) { EXPECT_TRUE(sent.has_value()); });
    mailboxes_.run();
  }
  std::vector<std::string> take() { return std::exchange(heard_, {}); }
  Chat::Ports ports(sessions::Delivery& delivery) {
    return {stores_.messages(),
            sessions_,
            delivery,
            mailboxes_,
            clock_,
            random_,
            limit_,
            [](const Message& message) { return message.text; },
            {},
            &stores_.conversations(),
            [](const store::StoredConversation& stored, ConversationNews::What, const UserId* reader) {
              return stored.conversation.title + " of " + std::to_string(stored.people.size()) +
                     (reader != nullptr ? ", own" : "");
            }};
  }

  const ConversationId room_{Uuid{7}};
  StillClock clock_;
  CountedRandom random_;
  HeldMailboxes mailboxes_;
  memory::Tables tables_;
  memory::Stores stores_{tables_};
  sessions::Sessions sessions_;
  std::vector<std::string> heard_;
  Recorder recorder_{heard_};
  sessions::Deliveries deliveries_{2};
  sessions::Delivery first_delivery_{0, deliveries_, mailboxes_, recorder_},
      second_delivery_{1, deliveries_, mailboxes_, recorder_};
  SendLimit limit_{{.max = 50}};
  Chats all_{2};
  std::array<std::unique_ptr<Chat>, 2> chats_{std::make_unique<Chat>(ShardIndex{0}, all_, ports(first_delivery_)),
                                              std::make_unique<Chat>(ShardIndex{1}, all_, ports(second_delivery_))};
  store::StoredConversation made_{};
  std::uint8_t changes_ = 0;
};

// K41
TEST_F(ChatChanges, MembersHearOfANewOneAndWhoIsAddedOfTheirFirst) {
  ASSERT_TRUE(change(kAnn, conversation::AddMembers{{user(kCid)}}, 1).has_value());
  EXPECT_THAT(take(), ElementsAre("30 added Crew of 3", "10 updated Crew of 3", "20 updated Crew of 3",
                                  "10 new user1 added user3", "20 new user1 added user3", "30 new user1 added user3"));
}

// K41, K42
TEST_F(ChatChanges, WhoIsRemovedHearsThatLast) {
  ASSERT_TRUE(change(kAnn, conversation::AddMembers{{user(kCid)}}).has_value());
  take();
  ASSERT_TRUE(change(kAnn, conversation::RemoveMember{user(kCid)}).has_value());
  EXPECT_THAT(take(), ElementsAre("30 removed", "10 updated Crew of 2", "20 updated Crew of 2", "10 new user1 removed user3",
                                  "20 new user1 removed user3"));
  send(kAnn, "hello");
  for (const std::string& each : take()) EXPECT_FALSE(each.starts_with("30")) << each;
}

// K41
TEST_F(ChatChanges, EndOfAConversationIsHeardByAllWhoWereInIt) {
  ASSERT_TRUE(change(kAnn, conversation::Delete{}).has_value());
  EXPECT_THAT(take(), UnorderedElementsAre("10 removed", "20 removed"));
}

// S19: their other devices, and nobody else.
TEST_F(ChatChanges, WhatAMemberWantsToHearIsToldToThatMemberAlone) {
  ASSERT_TRUE(
      change(kBob, conversation::ChangeMembership{.mute = conversation::MuteUntil{WallTime{clock_.wall().unix_ms + 1}}}, 1)
          .has_value());
  EXPECT_THAT(take(), ElementsAre("20 updated Crew of 2, own"));
}

// S19: a client that asks twice, because an answer was lost.
TEST_F(ChatChanges, WhatAMemberWantsToHearIsToldOnceHoweverOftenTheyAskForIt) {
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(change(kBob, conversation::ChangeMembership{conversation::RingMode::none}).has_value());
  EXPECT_THAT(take(), ElementsAre("20 updated Crew of 2, own"));
}

// K41: what changes nothing, and what was refused.
TEST_F(ChatChanges, NothingIsHeardOfWhatChangesNothingForTheOthers) {
  ASSERT_TRUE(change(kAnn, conversation::AddMembers{{user(kBob)}}).has_value());
  EXPECT_EQ(change(kBob, conversation::ChangeDetails{.title = "Band"}).error(), store::ConversationFault::forbidden);
  EXPECT_THAT(take(), IsEmpty());
}

// K41
TEST_F(ChatChanges, NewConversationIsHeardByAllItsMembers) {
  chats_[1]->opened(made_);
  mailboxes_.run();
  EXPECT_THAT(take(), ElementsAre("10 added Crew of 2", "20 added Crew of 2"));
}

// K40, K42
TEST_F(ChatChanges, WhoIsRemovedHearsNoMoreTyping) {
  ASSERT_TRUE(change(kAnn, conversation::AddMembers{{user(kCid)}}).has_value());
  chats_[0]->type({.user = user(kAnn), .operation = "sendMessage"}, room_, TypingChanged::State::types, [](const auto&) {});
  mailboxes_.run();
  ASSERT_TRUE(change(kAnn, conversation::RemoveMember{user(kBob)}).has_value());
  take();
  clock_.passed += 5s;
  for (auto& chat : chats_) chat->on_time(clock_.now());
  mailboxes_.run();
  EXPECT_THAT(take(), ElementsAre("30 stopped"));
}

// K39, K43
TEST_F(ChatChanges, EndOfACallIsHeardAsItsEntryAndCountsForWhoMissedIt) {
  const CallSummary call{.media = call::CallType::video, .status = call::Status::missed};
  const Message entry = call_entry(MessageId(Uuid{8}), room_, user(kAnn), call, {1'000});
  chats_[0]->call_ended({.message = entry, .members = {user(kAnn), user(kBob)}});
  mailboxes_.run();
  EXPECT_THAT(take(), ElementsAre("10 new Missed video call", "20 new Missed video call", "20 unread 0"))
      << "the count is the store's, where this test has put nothing";
}

}  // namespace
}  // namespace belfry::chat
