// Two servers on one database, whose batches write messages of the same conversations (SPEC K31, K32); and messages that wait
// for a conversation that an operator's connection holds.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/postgres/relay_for_tests.hpp"
#include "adapters/postgres/world_for_tests.hpp"
#include "store/store_contract.hpp"

namespace belfry::postgres {
namespace {

using namespace store::testing;
using store::MessageFault;
using store::SentMessage;
using testing::Psql;
using testing::Server;

constexpr std::uint32_t kRooms = 60;

class ServersWithMessages : public ::testing::Test {
 protected:
  ServersWithMessages() {
    testing::empty_database();
    one_.emplace(std::uint8_t{1});
    two_.emplace(std::uint8_t{2});
    for (std::uint32_t number = 1; number <= 2; ++number)
      one_->accounts().create({.id = user_id(number), .username = "user" + std::to_string(number)},
                              [](const auto& made) { ASSERT_TRUE(made.has_value()); });
    one_->settle();
    for (std::uint32_t room = 1; room <= kRooms; ++room)
      one_->conversations().open({.id = conversation_id(room), .creator = user_id(1), .others = {user_id(2)}}, std::nullopt,
                                 [](const auto& opened) { ASSERT_TRUE(opened.has_value()); });
    one_->settle();
  }
  /// Sends, and again when the store gives up, as a client does.
  void send(Server& server, const chat::NewMessage& message, int tries = 5) {
    server.messages().send(message, [this, &server, message, tries](const auto& sent) {
      if (!sent && sent.error() == MessageFault::unavailable && tries > 1) return send(server, message, tries - 1);
      ASSERT_TRUE(sent.has_value());
      sent_[message.conversation].push_back(*sent);
    });
  }
  static chat::NewMessage message(std::uint32_t number, std::uint32_t room, std::string client_id) {
    return {.id = store::MessageId(uuid(6, number)),
            .conversation = conversation_id(room),
            .sender = user_id(1),
            .client_id = std::move(client_id),
            .text = "x"};
  }
  void settle() {
    while (one_->run_answers() || two_->run_answers()) {
    }
  }
  std::int64_t deadlocks() { return psql_.count("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"); }

  std::optional<Server> one_, two_;
  Psql psql_;
  std::map<store::ConversationId, std::vector<SentMessage>> sent_;
};

// K32
TEST_F(ServersWithMessages, OneClientMessageIdAtBothIsStoredOnce) {
  for (std::uint32_t room = 1; room <= kRooms; ++room) {
    send(*one_, message(room, room, "same"));
    send(*two_, message(kRooms + room, kRooms + 1 - room, "same"));
  }
  settle();
  ASSERT_EQ(sent_.size(), kRooms);
  for (const auto& [room, sent] : sent_) {
    ASSERT_EQ(sent.size(), 2U);
    EXPECT_EQ(sent[0].message, sent[1].message);
    EXPECT_NE(sent[0].how, sent[1].how);
    EXPECT_EQ(sent[0].message.seq, 1U);
  }
}

// K31: in whatever order they come, a batch locks the conversations in one order, so no two batches wait for each other.
TEST_F(ServersWithMessages, BatchesInOppositeOrdersNumberWithoutGapsAndWithoutDeadlocks) {
  const auto before = deadlocks();
  std::uint32_t number = 0;
  for (std::uint32_t round = 0; round < 5; ++round)
    for (std::uint32_t room = 1; room <= kRooms; ++room) {
      for (const auto& [server, where] : {std::pair(&*one_, room), std::pair(&*two_, kRooms + 1 - room)}) {
        ++number;
        send(*server, message(number, where, "c" + std::to_string(number)));
      }
    }
  settle();
  for (const auto& [room, sent] : sent_) {
    std::vector<bool> seen(10);
    ASSERT_EQ(sent.size(), seen.size());
    for (const auto& each : sent) {
      ASSERT_TRUE(each.message.seq >= 1 && each.message.seq <= seen.size());
      seen[each.message.seq - 1] = true;
    }
    EXPECT_EQ(seen, std::vector<bool>(10, true));
  }
  EXPECT_EQ(deadlocks(), before);
}

// each answer of the database is lost once, to what is read for a message and to what is written and committed.
TEST_F(ServersWithMessages, MessageWhoseConnectionBreaksIsStoredOnce) {
  testing::Relay relay(testing::Cluster::shared().folder());
  Server server(3, testing::Cluster::url_by(relay.folder()));
  send(server, message(1, 1, "first"));  // statements are prepared at their first use
  server.settle();
  for (std::uint32_t number = 2; const char* answer : {"SELECT", "COMMIT"}) {
    relay.lose_answer_with(answer);
    send(server, message(number, 1, answer), 1);
    server.settle();
    EXPECT_TRUE(relay.lost_one()) << answer;
    const auto& sent = sent_[conversation_id(1)];
    ASSERT_EQ(sent.size(), number) << answer;
    EXPECT_EQ(sent.back().how, store::Sending::stored) << answer;
    EXPECT_EQ(sent.back().message.seq, number) << answer;
    EXPECT_EQ(sent.back().members.size(), 2U) << answer;
    ++number;
  }
  EXPECT_EQ(psql_.count("SELECT count(*) FROM messages"), 3);
}

/// The first room is held by an operator.
class HeldConversation : public ServersWithMessages {
 protected:
  using Sent = Expected<SentMessage, MessageFault>;
  HeldConversation() {
    operator_("BEGIN");
    operator_("SELECT 1 FROM conversations WHERE " + is_the_room("id") + " FOR NO KEY UPDATE");
  }
  static std::string is_the_room(const std::string& column) {
    return "\"" + column + "\" = '" + to_text(conversation_id(1).value()) + "'";
  }
  void send_by(std::uint32_t sender) {
    auto one = message(1, 1, "x");
    one.sender = user_id(sender);
    one_->messages().send(one, [this](const Sent& sent) { sent_to_room_ = sent; });
  }
  void until_somebody_waits() {
    while (psql_.count("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'") == 0) {
    }
  }

  Psql operator_;
  std::optional<Sent> sent_to_room_;
};

// J-1.4
TEST_F(HeldConversation, MessageOfAStrangerWaitsForNobody) {
  send_by(3);
  settle();
  EXPECT_EQ(sent_to_room_.value().error(), MessageFault::not_participant);
}

// The rights are those of the moment in which it is written (domain/chat/rights.hpp).
TEST_F(HeldConversation, MessageOfAMemberWhoIsRemovedWhileItWaitsIsRefused) {
  send_by(2);
  until_somebody_waits();
  operator_("UPDATE conversation_members SET \"leftAt\" = 1 WHERE " + is_the_room("conversationId") + " AND \"userId\" = '" +
            to_text(user_id(2).value()) + "'");
  operator_("COMMIT");
  settle();
  EXPECT_EQ(sent_to_room_.value().error(), MessageFault::not_participant);
}

// K31
TEST_F(HeldConversation, MessageThatWaitsIsNumberedAfterThoseThatItWaitedFor) {
  send_by(2);
  until_somebody_waits();
  operator_("UPDATE conversations SET \"lastSeq\" = 7 WHERE " + is_the_room("id"));
  operator_("COMMIT");
  settle();
  EXPECT_EQ(sent_to_room_.value().value().message.seq, 8U);
}

}  // namespace
}  // namespace belfry::postgres
