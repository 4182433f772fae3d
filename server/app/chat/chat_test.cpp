// SPEC K32 to K47, on the memory store and two shards.
#include "app/chat/chat.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "adapters/memory/stores.hpp"
#include "store/forwarding_message_store.hpp"

namespace belfry::chat {
namespace {

using namespace std::chrono_literals;
using store::MessageFault;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

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

/// Fails so many sends, and keeps back the questions for unread counts while it holds them.
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
  int failures = 0, counts = 0;
  bool holds = false;
  std::vector<std::function<void()>> held;
};

constexpr std::uint32_t kAnn = 1, kBob = 2, kCid = 3;

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
  static Asker asker(std::uint32_t number) { return {.user = user(number), .door = "door"}; }
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
            [this](const Asker& asker, const ConversationId&) { strangers_.push_back(asker.user); }};
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

// K35
TEST_F(ChatTest, EverySessionOfEveryMemberHearsOfAMessageOnceAndItIsWrittenOnce) {
  connect(kAnn, 10), connect(kAnn, 11, 1), connect(kBob, 20), connect(kBob, 21, 1);
  const auto looked_up = sessions_.look_ups();
  ASSERT_TRUE(send(kAnn, "hello").has_value());
  const auto heard = take();
  for (const auto* slot : {"10", "11", "20", "21"})
    EXPECT_EQ(std::count(heard.begin(), heard.end(), std::string(slot) + " new 1 hello"), 1) << slot;
  EXPECT_EQ(written_, 1);
  EXPECT_EQ(sessions_.look_ups(), looked_up + 1);
}

// K35
TEST_F(ChatTest, SessionsOfDialectsWithoutMessagesHearNothing) {
  connect(kBob, 20, 0, call::Dialect::signaling), connect(kBob, 21, 0, call::Dialect::token);
  ASSERT_TRUE(send(kAnn, "hello").has_value());
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_EQ(shaky_.counts, 0);
}

// K39
TEST_F(ChatTest, UnreadCountsGoToTheOthersAndAfterReadingToOneself) {
  connect(kAnn, 10), connect(kBob, 20);
  ASSERT_TRUE(send(kAnn, "one").has_value());
  EXPECT_THAT(take(), Contains("20 unread 1 of 1"));
  ASSERT_TRUE(send(kAnn, "two").has_value());
  const auto heard = take();
  EXPECT_THAT(heard, Contains("20 unread 2 of 2"));
  EXPECT_THAT(heard, Not(Contains(::testing::StartsWith("10 unread"))));
  read(kBob, 2);
  EXPECT_THAT(take(), ElementsAre("10 status 2/2", "20 unread 0 of 0"));
}

// K39: the last one told is the true one.
TEST_F(ChatTest, BurstOfMessagesIsCountedTwice) {
  connect(kBob, 20);
  shaky_.holds = true;
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(send(kAnn, "x").has_value());
  EXPECT_EQ(shaky_.counts, 1);
  take();
  while (!shaky_.held.empty()) {
    const auto ask = std::move(shaky_.held.front());
    shaky_.held.erase(shaky_.held.begin());
    ask();
  }
  mailboxes_.run();
  EXPECT_EQ(shaky_.counts, 2);
  EXPECT_EQ(take().back(), "20 unread 4 of 4");
}

// K38
TEST_F(ChatTest, ReceiptGoesToTheOthersOnlyWhenAPointerMoved) {
  connect(kAnn, 10), connect(kBob, 20);
  ASSERT_TRUE(send(kAnn, "hello").has_value());
  take();
  read(kBob, 1, Receipt::delivered);
  EXPECT_THAT(take(), ElementsAre("10 status 0/1"));
  read(kBob, 1, Receipt::delivered);
  EXPECT_THAT(take(), IsEmpty());
}

// K32
TEST_F(ChatTest, RepeatIsAnsweredAndHeardByNobodyWhicheverShardItComesTo) {
  connect(kBob, 20);
  const auto first = send(kAnn, "hello", "c1", 0);
  take();
  const auto again = send(kAnn, "hello", "c1", 1);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->message, first->message);
  EXPECT_EQ(again->how, store::Sending::repeated);
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_EQ(fault_of(send(kAnn, "bye", "c1")), MessageFault::client_id_taken);
}

// K56
TEST_F(ChatTest, SendThatTheStoreCouldNotDoIsHeardByNobodyAndItsRetryWritesOnce) {
  connect(kBob, 20);
  shaky_.failures = 1;
  EXPECT_EQ(fault_of(send(kAnn, "hello", "c1")), MessageFault::unavailable);
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_EQ(send(kAnn, "hello", "c1")->message.seq, 1U);
  EXPECT_EQ(send(kAnn, "hello", "c1")->how, store::Sending::repeated);
  EXPECT_THAT(take(), ElementsAre("20 new 1 hello", "20 unread 1 of 1"));
}

// K47
TEST_F(ChatTest, LimitCountsWhatWasSentAndNeitherRepeatsNorFailures) {
  shaky_.failures = 3;
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(send(kAnn, "x").has_value());
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(send(kAnn, "hello", "c1").has_value());
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(send(kAnn, "x").has_value());
  const auto refused = send(kAnn, "one too many");
  ASSERT_FALSE(refused.has_value());
  EXPECT_TRUE(std::get<limits::RateLimitStatus>(refused.error()).wait.has_value());
  EXPECT_EQ(send(kAnn, "hello", "c1")->how, store::Sending::repeated) << "a repeat is free at the limit too";
  EXPECT_TRUE(send(kBob, "mine").has_value());
  clock_.passed += 60s;
  EXPECT_TRUE(send(kAnn, "again").has_value());
}

// K30, J-7.4
TEST_F(ChatTest, StrangersAreRefusedAndReported) {
  EXPECT_EQ(fault_of(send(4, "let me in")), MessageFault::not_participant);
  EXPECT_FALSE(type(4).has_value());
  EXPECT_FALSE(type(4, TypingChanged::State::stopped).has_value());
  EXPECT_EQ(strangers_, (std::vector<UserId>(3, user(4))));
}

// K36
TEST_F(ChatTest, EditAndDeletionAreHeardByAllAndARepeatByNobody) {
  const auto sent = send(kAnn, "helo");
  connect(kAnn, 10), connect(kBob, 20);
  const MessageId id = sent->message.id;
  const auto edit = [&] {
    chats_[1]->edit(asker(kAnn), room_, id, "hello", [](const auto& changed) { EXPECT_TRUE(changed.has_value()); });
    mailboxes_.run();
  };
  edit();
  EXPECT_THAT(take(), ::testing::UnorderedElementsAre("10 changed hello", "20 changed hello"));
  edit();
  EXPECT_THAT(take(), IsEmpty());
  chats_[0]->remove(asker(kAnn), room_, id, [](const auto& changed) { EXPECT_TRUE(changed.has_value()); });
  mailboxes_.run();
  EXPECT_THAT(take(), ::testing::UnorderedElementsAre("10 changed ", "20 changed ", "20 unread 0 of 0"));
}

// K40
TEST_F(ChatTest, TypingIsToldOnceAndEndsByItself) {
  connect(kAnn, 10), connect(kBob, 20);
  EXPECT_TRUE(type(kAnn).has_value());
  EXPECT_THAT(take(), ElementsAre("20 types"));
  pass(4s);
  EXPECT_TRUE(type(kAnn, TypingChanged::State::types, 1).has_value());
  pass(4s);
  EXPECT_THAT(take(), IsEmpty());
  pass(1s);
  EXPECT_THAT(take(), ElementsAre("20 stopped"));
  for (const auto& chat : chats_) EXPECT_EQ(chat->next_deadline(), std::nullopt);
}

// K40
TEST_F(ChatTest, TypingEndsWithTheWordOrTheMessage) {
  connect(kBob, 20);
  (void)type(kAnn);
  EXPECT_TRUE(type(kAnn, TypingChanged::State::stopped, 1).has_value());
  EXPECT_THAT(take(), ElementsAre("20 types", "20 stopped"));
  (void)type(kAnn);
  (void)send(kAnn, "done");
  pass(10s);
  EXPECT_THAT(take(), ElementsAre("20 types", "20 new 1 done", "20 unread 1 of 1"));
}

// K42
TEST_F(ChatTest, WhoLeftHearsNoMoreTyping) {
  connect(kBob, 20), connect(kCid, 30);
  (void)type(kAnn);
  take();
  chats_[1]->departed(room_, {user(kBob)});
  mailboxes_.run();
  pass(5s);
  EXPECT_THAT(take(), ElementsAre("30 stopped"));
}

// K31: sends that come to both shards.
TEST_F(ChatTest, MembersHearMessagesInTheOrderOfTheirNumbers) {
  connect(kBob, 20, 1);
  for (int i = 0; i < 4; ++i)
    chats_.at(static_cast<std::size_t>(i % 2))
        ->send(asker(i < 2 ? kAnn : kCid), {.conversation = room_, .text = "x"},
               [](const auto& sent) { EXPECT_TRUE(sent.has_value()); });
  mailboxes_.run();
  std::vector<std::string> arrived;
  for (const auto& each : take())
    if (each.starts_with("20 new")) arrived.push_back(each);
  EXPECT_THAT(arrived, ElementsAre("20 new 1 x", "20 new 2 x", "20 new 3 x", "20 new 4 x"));
}

/// Bob's client: what it has of the room, by number, and how it catches up.
class Client {
 public:
  Client(Chat& chat, const Asker& who, const ConversationId& room) : chat_(chat), who_(who), room_(room) {}
  void note(std::uint64_t seq, const std::string& text) {
    const auto [known, added] = has.try_emplace(seq, text);
    EXPECT_TRUE(added || known->second == text) << "one number, one message";
    while (has.contains(last_ + 1)) ++last_;
  }
  void catch_up() {
    bool more = true;
    while (more)
      chat_.page(who_, {.conversation = room_, .bound = store::MessageBound{store::MessageBound::Side::after, last_}, .limit = 7},
                 [&](const auto& page) {
                   for (const Message& each : page->messages) note(each.seq, each.text);
                   more = page->more;
                 });
  }
  std::map<std::uint64_t, std::string> has;

 private:
  Chat& chat_;
  Asker who_;
  ConversationId room_;
  std::uint64_t last_ = 0;  // up to here it has all of them
};

// R-004-23
TEST_F(ChatTest, ClientThatLosesItsConnectionAThousandTimesMissesAndDoublesNothing) {
  std::minstd_rand chance(23);  // a fixed seed: the same world each time
  Client client(*chats_[0], asker(kBob), room_);
  std::uint32_t slot = 100, sent = 0;
  bool online = false;
  for (int losses = 0; losses < 1'000;) {
    clock_.passed += 15s;  // within the limit
    const auto text = "m" + std::to_string(++sent);
    chats_.at(chance() % 2)
        ->send(asker(chance() % 2 == 0 ? kAnn : kCid), {.conversation = room_, .text = text},
               [](const auto& answer) { EXPECT_TRUE(answer.has_value()); });
    mailboxes_.run(chance() % 8);
    for (const std::string& each : take()) {  // "slot new seq text"
      const std::string mine = std::to_string(slot) + " new ";
      if (!online || !each.starts_with(mine)) continue;  // it was lost on its way
      const std::size_t space = each.find(' ', mine.size());
      client.note(std::stoull(each.substr(mine.size(), space - mine.size())), each.substr(space + 1));
    }
    if (chance() % 2 == 0) continue;
    const SessionAddress at{.shard = 0, .node = 0, .slot = slot, .generation = 1};
    if (online) {
      (void)sessions_.leave(user(kBob), at);
      ++slot, ++losses;
    } else {
      connect(kBob, slot);
      client.catch_up();
    }
    online = !online;
  }
  mailboxes_.run();
  client.catch_up();
  EXPECT_EQ(client.has.size(), sent);
  EXPECT_EQ(client.has.rbegin()->first, sent);
  std::set<std::string> texts;
  for (const auto& [seq, text] : client.has) texts.insert(text);
  EXPECT_EQ(texts.size(), sent) << "each was stored once";
}

// K44
TEST_F(ChatTest, SearchAnswersTheBestFirstInPages) {
  for (const auto* text : {"lighthouse", "light", "the light on the other side of the bay"}) (void)send(kAnn, text);
  const auto found = [&](std::size_t skip) {
    SearchPage page;
    chats_[0]->search(asker(kBob), {.text = "LIGHT", .skip = skip, .limit = 2},
                      [&](const auto& answer) { page = answer.value(); });
    return page;
  };
  const auto first = found(0);
  ASSERT_EQ(first.results.size(), 2U);
  EXPECT_EQ(first.results[0].snippet, "light");
  EXPECT_TRUE(first.more);
  const auto rest = found(2);
  EXPECT_EQ(rest.results.size(), 1U);
  EXPECT_FALSE(rest.more);
}

// Scoring a thousand long texts held up a shard for seconds.
TEST_F(ChatTest, OfLongTextsOnlyTheNewestAreScored) {
  (void)send(kCid, "light");
  std::string long_text = "light";
  while (long_text.size() < 7'990) long_text += " ab";
  for (int i = 0; i < 9; ++i) ASSERT_TRUE(send(i % 2 == 0 ? kAnn : kBob, long_text).has_value());
  std::vector<std::string> snippets;
  chats_[0]->search(asker(kBob), {.text = "light", .limit = 20}, [&](const auto& answer) {
    for (const auto& each : answer.value().results) snippets.push_back(each.snippet);
  });
  ASSERT_EQ(snippets.size(), 10U);
  EXPECT_EQ(snippets.back(), "light") << "the best, but older than 64 KiB of others";
}

}  // namespace
}  // namespace belfry::chat
