// The contract of what seed 004's clients see of a store: the conversation of two people, its messages with their receiver, and
// the list of everybody else.

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "store/contract_suite.hpp"
#include "store/conversation_store.hpp"
#include "store/message_store.hpp"

namespace belfry::store::testing {
namespace {

using chat::MemberPointers;
using chat::Receipt;

MessageId message_id(std::uint32_t number) { return MessageId(uuid(6, number)); }

class DirectContract : public ContractSuite {
 protected:
  void SetUp() override { alice = made(1, "alice"), bob = made(2, "bob"), carol = made(3, "carol"), dave = made(4, "dave"); }
  ConversationId open(std::uint32_t number, UserId creator, std::vector<UserId> others,
                      conversation::Kind kind = conversation::Kind::direct) {
    world_.conversations().open(
        {.id = conversation_id(number), .kind = kind, .creator = creator, .others = std::move(others), .at = at(0)}, std::nullopt,
        [](const auto& opened) { ASSERT_TRUE(opened.has_value()); });
    world_.settle();
    return conversation_id(number);
  }
  SentMessage send(std::uint32_t number, ConversationId where, UserId sender, std::string text = "hello") {
    return send_as("c" + std::to_string(number), number, where, sender, std::move(text));
  }
  SentMessage send_as(std::string client_id, std::uint32_t number, ConversationId where, UserId sender, std::string text) {
    const chat::NewMessage request{.id = message_id(number),
                                   .conversation = where,
                                   .sender = sender,
                                   .client_id = std::move(client_id),
                                   .text = std::move(text),
                                   .at = at(static_cast<std::int64_t>(number) * 10)};
    return answer_of<Expected<SentMessage, MessageFault>>([&](auto done) { world_.messages().send(request, done); }).value();
  }
  void move(UserId user, ConversationId where, Receipt what, std::uint64_t up_to) {
    world_.messages().move_receipt({where, user, what, up_to}, [](const auto& moved) { ASSERT_TRUE(moved.has_value()); });
    world_.settle();
  }
  std::optional<ConversationId> between(UserId one, UserId other) {
    return found<std::optional<ConversationId>>([&](auto done) { world_.conversations().find_direct(one, other, done); });
  }
  std::vector<StoredConversation> directs(UserId reader, std::vector<UserId> others) {
    return found<std::vector<StoredConversation>>(
        [&](auto done) { world_.conversations().read_directs(reader, std::move(others), done); });
  }
  std::vector<std::string> contacts(UserId user, std::uint32_t most = 10) {
    std::vector<std::string> names;
    for (const User& each : found<std::vector<User>>([&](auto done) { world_.accounts().contacts(user, most, done); }))
      names.push_back(each.username);
    return names;
  }
  UserId alice, bob, carol, dave;
};
INSTANTIATE_TEST_SUITE_P(Stores, DirectContract, ::testing::ValuesIn(stores_under_test()), name_of);

// K2: reading makes none.
TEST_P(DirectContract, ConversationOfTwoIsFoundFromEitherSide) {
  EXPECT_FALSE(between(alice, bob));
  const auto id = open(1, bob, {alice});
  open(2, alice, {bob, carol}, conversation::Kind::group);
  EXPECT_EQ(between(alice, bob), id);
  EXPECT_EQ(between(bob, alice), id);
  EXPECT_FALSE(between(alice, carol));
}

// K7: one question for a list of people, whatever it is as long as.
TEST_P(DirectContract, ConversationsWithManyAreReadAtOnceWithNewestMessageAndUnread) {
  const auto with_bob = open(1, alice, {bob}), with_carol = open(2, carol, {alice});
  open(3, bob, {carol});
  (void)send(1, with_bob, bob, "one");
  (void)send(2, with_bob, bob, "two");
  (void)send(3, with_carol, alice, "three");
  auto found = directs(alice, {bob, carol, dave});
  ASSERT_EQ(found.size(), 2U);
  if (found[0].conversation.id == with_carol) std::swap(found[0], found[1]);
  EXPECT_EQ(found[0].conversation.id, with_bob);
  EXPECT_EQ(found[0].unread, 2U);
  EXPECT_EQ(found[0].newest.value().text, "two");
  EXPECT_EQ(found[0].conversation.members.size(), 2U);
  EXPECT_EQ(found[0].people.size(), 2U);
  EXPECT_EQ(found[1].unread, 0U);
  EXPECT_EQ(found[1].newest.value().text, "three");
  EXPECT_TRUE(directs(alice, {}).empty());
  EXPECT_TRUE(directs(dave, {alice, bob, carol}).empty());
}

// K7, W-004-04
TEST_P(DirectContract, ContactsAreThoseWrittenWithLastThenTheRestByName) {
  world_.accounts().ensure_guest("aaron", user_id(9), at(0), [](const auto& guest) { ASSERT_TRUE(guest.has_value()); });
  world_.settle();
  EXPECT_EQ(contacts(bob), (std::vector<std::string>{"alice", "carol", "dave"})) << "neither oneself nor a guest";
  const auto with_carol = open(1, bob, {carol}), with_dave = open(2, dave, {bob});
  open(3, bob, {alice});
  (void)send(1, with_carol, carol);
  EXPECT_EQ(contacts(bob), (std::vector<std::string>{"carol", "alice", "dave"}));
  (void)send(2, with_dave, bob);
  EXPECT_EQ(contacts(bob), (std::vector<std::string>{"dave", "carol", "alice"}));
  EXPECT_EQ(contacts(bob, 1), (std::vector<std::string>{"dave"}));
  EXPECT_EQ(contacts(bob, 2), (std::vector<std::string>{"dave", "carol"}));
  EXPECT_EQ(contacts(alice), (std::vector<std::string>{"bob", "carol", "dave"})) << "other people's messages do not count";
  world_.accounts().set_status(carol, account::UserStatus::blocked, at(99), [](const auto&) {});
  world_.settle();
  EXPECT_EQ(contacts(bob), (std::vector<std::string>{"dave", "alice"}));
}

// K8, K38: what seed 004's form of a message says about its receiver.
TEST_P(DirectContract, MessageNamesItsReceiverAndHowFarTheyHaveGot) {
  const auto id = open(1, alice, {bob});
  const auto first = send(1, id, alice);
  EXPECT_EQ(first.receiver, (MemberPointers{.user = bob}));
  EXPECT_EQ(first.members, (std::vector{alice, bob}));
  move(bob, id, Receipt::delivered, 1);
  EXPECT_EQ(send(2, id, bob).receiver, (MemberPointers{.user = alice}));
  move(alice, id, Receipt::read, 2);
  const MemberPointers bob_got{.user = bob, .reached = {.read = 0, .delivered = 1}};
  const auto repeat = send_as("c1", 9, id, alice, "hello");
  EXPECT_EQ(repeat.how, Sending::repeated);
  EXPECT_EQ(repeat.receiver, bob_got);
  const auto page =
      answer_of<Expected<MessagePage, MessageFault>>([&](auto done) { world_.messages().page({id, alice, {}, 50}, done); });
  EXPECT_EQ(page.value().sides, (std::vector{MemberPointers{.user = alice, .reached = {.read = 2, .delivered = 2}}, bob_got}));
}

TEST_P(DirectContract, MessageOfAGroupHasNoReceiver) {
  const auto id = open(1, alice, {bob, carol}, conversation::Kind::group);
  EXPECT_FALSE(send(1, id, alice).receiver);
  const auto page =
      answer_of<Expected<MessagePage, MessageFault>>([&](auto done) { world_.messages().page({id, bob, {}, 50}, done); });
  EXPECT_TRUE(page.value().sides.empty());
}

}  // namespace
}  // namespace belfry::store::testing
