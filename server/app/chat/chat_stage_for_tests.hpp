// Chat on the memory store and two shards, for tests: what sessions hear of it is recorded.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/memory/stores.hpp"
#include "app/chat/chat.hpp"
#include "store/forwarding_message_store.hpp"

namespace belfry::chat::testing {

using namespace std::chrono_literals;
using store::MessageFault;

class ChatClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return TimePoint{} + passed; }
  [[nodiscard]] WallTime wall() const override {
    return {1'000 + std::chrono::duration_cast<std::chrono::milliseconds>(passed).count()};
  }
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
  void run() { run(tasks.max_size()); }
  /// At most so many.
  void run(std::size_t most) {
    for (; most > 0 && !tasks.empty(); --most) {
      const auto task = std::move(tasks.front());
      tasks.pop_front();
      task();
    }
  }
  std::deque<std::function<void()>> tasks;
};

/// What a session was notified of, as "slot word …".
struct Words {
  std::string operator()(const MessageArrived& notice) const {
    return "new " + std::to_string(notice.view->message.seq) + " " + notice.view->json;
  }
  std::string operator()(const MessageChanged& notice) const { return "changed " + notice.view->json; }
  std::string operator()(const ReceiptMoved& notice) const {
    return "status " + std::to_string(notice.now.read) + "/" + std::to_string(notice.now.delivered);
  }
  std::string operator()(const TypingChanged& notice) const {
    return notice.state == TypingChanged::State::types ? "types" : "stopped";
  }
  std::string operator()(const UnreadChanged& notice) const {
    return "unread " + std::to_string(notice.count) + " of " + std::to_string(notice.total);
  }
  std::string operator()(const ConversationNews&) const { return "news"; }
};
class Recorder final : public sessions::SessionPort {
 public:
  explicit Recorder(std::vector<std::string>& all) : all_(all) {}
  void notify(SessionAddress to, const Notice& notice) override {
    const auto* const about_chat = std::get_if<ChatNotice>(&notice);
    if (about_chat == nullptr || std::holds_alternative<ConversationNews>(*about_chat)) return;  // these: changes_test.cpp
    all_.push_back(std::to_string(to.slot) + " " + std::visit(Words{}, *about_chat));
  }
  void pass_signal(SessionAddress, const calls::SignalArrived&) override {}

 private:
  std::vector<std::string>& all_;
};

/// Fails so many sends, and keeps back the questions for unread counts and for who hears of typing while it holds them.
class ShakyStore final : public store::ForwardingMessageStore {
 public:
  using ForwardingMessageStore::ForwardingMessageStore;
  void send(NewMessage request, Answer<store::SentMessage> done) override {
    if (failures > 0) {
      --failures;
      return done(unexpected(MessageFault::unavailable));
    }
    ForwardingMessageStore::send(std::move(request), std::move(done));
  }
  void unread(std::vector<UserId> users, Answer<std::vector<store::UserUnread>> done) override {
    ++counts;
    if (!holds) return ForwardingMessageStore::unread(std::move(users), std::move(done));
    held.push_back([this, users, done] { ForwardingMessageStore::unread(users, done); });
  }
  void others(ConversationId conversation, UserId user, Answer<std::vector<UserId>> done) override {
    if (!holds) return ForwardingMessageStore::others(conversation, user, std::move(done));
    ForwardingMessageStore::others(conversation, user, [this, done = std::move(done)](const auto& found) {
      held.push_back([done, found] { done(found); });  // as it was when it was asked
    });
  }
  void release() {
    while (!held.empty()) {
      const auto answer = std::move(held.front());
      held.erase(held.begin());
      answer();
    }
  }
  int failures = 0, counts = 0;
  bool holds = false;
  std::vector<std::function<void()>> held;
};

inline constexpr std::uint32_t kAnn = 1, kBob = 2, kCid = 3;

class ChatTest : public ::testing::Test {
 protected:
  ChatTest() {
    for (std::uint32_t number = 1; number <= 4; ++number)
      stores_.accounts().create({.id = user(number), .username = "user" + std::to_string(number)},
                                [](const auto& made) { ASSERT_TRUE(made.has_value()); });
    stores_.conversations().open({.id = room_, .creator = user(kAnn), .others = {user(kBob), user(kCid)}}, std::nullopt,
                                 [](const auto& opened) { ASSERT_TRUE(opened.has_value()); });
  }
  static UserId user(std::uint32_t number) {
    Uuid id{};
    id[15] = static_cast<std::uint8_t>(number);
    return UserId(id);
  }
  /// A session of this user; its slot is its number.
  void connect(std::uint32_t number, std::uint32_t slot, ShardIndex shard = 0, call::Dialect dialect = call::Dialect::native) {
    sessions_.enter(user(number), "user" + std::to_string(number),
                    {.at = {.shard = shard, .node = 0, .slot = slot, .generation = 1}, .dialect = dialect});
  }
  using Sent = Expected<store::SentMessage, Refused>;
  Sent send(std::uint32_t number, std::string text, std::string client_id = {}, std::size_t shard = 0) {
    Sent answer = unexpected(Refused(MessageFault::unavailable));
    int answers = 0;
    chats_.at(shard)->send(asker(number), {.conversation = room_, .client_id = std::move(client_id), .text = std::move(text)},
                           [&](auto sent) { answer = std::move(sent), ++answers; });
    mailboxes_.run();
    EXPECT_EQ(answers, 1);
    return answer;
  }
  static std::optional<MessageFault> fault_of(const Sent& sent) {
    if (sent || !std::holds_alternative<MessageFault>(sent.error())) return std::nullopt;
    return std::get<MessageFault>(sent.error());
  }
  Expected<void, Refused> type(std::uint32_t number, TypingChanged::State state = TypingChanged::State::types,
                               std::size_t shard = 0) {
    Expected<void, Refused> answer;
    chats_.at(shard)->type(asker(number), room_, state, [&](const auto& done) { answer = done; });
    mailboxes_.run();
    return answer;
  }
  void read(std::uint32_t number, std::uint64_t up_to, Receipt what = Receipt::read) {
    chats_[1]->move_receipt(asker(number), room_, what, up_to, [](const auto& moved) { EXPECT_TRUE(moved.has_value()); });
    mailboxes_.run();
  }
  void pass(Duration time) {
    clock_.passed += time;
    for (auto& chat : chats_) chat->on_time(clock_.now());
    mailboxes_.run();
  }
  /// They are removed. What they are told of that: changes_test.cpp.
  void depart(std::uint32_t number) {
    chats_[1]->change({.conversation = room_, .actor = user(kAnn), .what = conversation::RemoveMember{user(number)}},
                      [](const auto& changed) { ASSERT_TRUE(changed.has_value()); });
    mailboxes_.run();
    std::erase_if(heard_, [](const std::string& line) { return line.ends_with(" news"); });
  }
  static Asker asker(std::uint32_t number) { return {.user = user(number), .operation = "sendMessage"}; }
  std::vector<std::string> take() { return std::exchange(heard_, {}); }
  Chat::Ports ports(sessions::Delivery& delivery) {
    return {shaky_,
            sessions_,
            delivery,
            mailboxes_,
            clock_,
            random_,
            limit_,
            [this](const Message& message) {
              ++written_;
              return message.text;
            },
            [this](const Asker& asker, const ConversationId&) { strangers_.push_back(asker.user); },
            &stores_.conversations()};
  }

  const ConversationId room_{Uuid{7}};
  ChatClock clock_;
  CountedRandom random_;
  HeldMailboxes mailboxes_;
  memory::Tables tables_;
  memory::Stores stores_{tables_};
  ShakyStore shaky_{stores_.messages()};
  sessions::Sessions sessions_;
  std::vector<std::string> heard_;
  std::vector<UserId> strangers_;
  Recorder recorder_{heard_};
  sessions::Deliveries deliveries_{2};
  sessions::Delivery first_delivery_{0, deliveries_, mailboxes_, recorder_},
      second_delivery_{1, deliveries_, mailboxes_, recorder_};
  SendLimit limit_{{.max = 5}};
  Chats all_{2};
  int written_ = 0;  // messages as JSON
  std::array<std::unique_ptr<Chat>, 2> chats_{std::make_unique<Chat>(ShardIndex{0}, all_, ports(first_delivery_)),
                                              std::make_unique<Chat>(ShardIndex{1}, all_, ports(second_delivery_))};
};

}  // namespace belfry::chat::testing
