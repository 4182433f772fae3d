// SPEC R-004-23.
#include <map>
#include <random>
#include <set>
#include <string>

#include "app/chat/chat_stage_for_tests.hpp"

namespace belfry::chat {
namespace {

using namespace testing;

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

}  // namespace
}  // namespace belfry::chat
