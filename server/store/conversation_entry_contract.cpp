// The contract of ConversationStore and MessageStore: the entries that report changes (SPEC K41, K42), and what K28 and K29 ask
// beside conversation_contract.cpp.

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "store/contract_suite.hpp"
#include "store/conversation_store.hpp"
#include "store/message_store.hpp"

namespace belfry::store::testing {
namespace {

using conversation::AddMembers;
using conversation::ChangeDetails;
using conversation::RemoveMember;
using conversation::SetRole;
using GroupRole = conversation::Role;

/// A group of alice, its owner, and bob.
class ConversationEntryContract : public ContractSuite {
 protected:
  void SetUp() override {
    alice = named(1, "alice", "Alice"), bob = named(2, "bob", "Bob"), carol = named(3, "carol", "");
    ASSERT_TRUE(open({.id = conversation_id(1), .creator = alice, .others = {bob}, .at = at(0)}).has_value());
  }
  UserId named(std::uint32_t number, const std::string& username, const std::string& name) {
    NewUser user = a_user(number, username);
    user.display_name = name;
    EXPECT_TRUE(create(user).has_value());
    return user_id(number);
  }
  using Opened = Expected<OpenedConversation, ConversationFault>;
  using Changed = Expected<ChangedConversation, ConversationFault>;
  Opened open(const conversation::NewConversation& request) {
    return answer_of<Opened>([&](auto done) { world_.conversations().open(request, std::nullopt, done); });
  }
  Changed change(UserId actor, conversation::Change what, WallTime when = at(10)) {
    return answer_of<Changed>([&](auto done) {
      world_.conversations().change({.conversation = conversation_id(1),
                                     .actor = actor,
                                     .what = std::move(what),
                                     .at = when,
                                     .entry = chat::MessageId(uuid(7, ++entries_))},
                                    done);
    });
  }
  void send(std::uint32_t number, UserId sender, WallTime when = at(5)) {
    using Sent = Expected<SentMessage, MessageFault>;
    EXPECT_TRUE(answer_of<Sent>([&](auto done) {
                  world_.messages().send({.id = chat::MessageId(uuid(6, number)),
                                          .conversation = conversation_id(1),
                                          .sender = sender,
                                          .client_id = std::to_string(number),
                                          .text = "hello",
                                          .at = when},
                                         done);
                }).has_value());
  }
  /// "1 system Alice added Bob"
  std::vector<std::string> read(UserId reader) {
    std::vector<std::string> all;
    const auto page = answer_of<Expected<MessagePage, MessageFault>>(
        [&](auto done) { world_.messages().page({conversation_id(1), reader, {}, 50}, done); });
    if (!page) return {"refused"};
    for (const auto& each : page->messages)
      all.push_back(std::to_string(each.seq) + " " + std::string(to_text(each.kind)) + " " + each.text);
    return all;
  }
  std::optional<StoredConversation> seen_by(UserId reader) {
    return found<std::optional<StoredConversation>>(
        [&](auto done) { world_.conversations().read(conversation_id(1), reader, done); });
  }
  UserId alice, bob, carol;
  std::uint32_t entries_ = 0;
};
using Lines = std::vector<std::string>;

INSTANTIATE_TEST_SUITE_P(Stores, ConversationEntryContract, ::testing::ValuesIn(stores_under_test()), name_of);

// K31, K41
TEST_P(ConversationEntryContract, EachChangeWritesOneEntryWithTheNextNumber) {
  send(1, bob);
  ASSERT_TRUE(change(alice, ChangeDetails{.title = "Crew"}).has_value());
  send(2, bob);
  const auto promoted = change(alice, SetRole{bob, GroupRole::admin});
  ASSERT_TRUE(promoted.has_value());
  ASSERT_TRUE(promoted->entry.has_value());
  EXPECT_EQ(promoted->entry->seq, 4U);
  EXPECT_EQ(promoted->entry->sender, alice);
  EXPECT_EQ(promoted->conversation.last_seq, 4U);
  EXPECT_EQ(promoted->newest, promoted->entry);
  EXPECT_EQ(read(bob),
            (Lines{"1 text hello", "2 system Alice named the group \"Crew\"", "3 text hello", "4 system Bob is an admin now"}));
  EXPECT_EQ(seen_by(alice)->unread, 2U) << "entries of the server count for nobody";
}

// K41: nothing that concerns the others.
TEST_P(ConversationEntryContract, ChangeThatChangesNothingWritesNone) {
  for (const conversation::Change& what : {conversation::Change(AddMembers{{bob}}), conversation::Change(RemoveMember{carol}),
                                           conversation::Change(SetRole{bob, GroupRole::member}),
                                           conversation::Change(conversation::ChangeMembership{conversation::RingMode::none})}) {
    const auto changed = change(alice, what);
    ASSERT_TRUE(changed.has_value());
    EXPECT_FALSE(changed->entry.has_value());
    EXPECT_TRUE(changed->joined.empty() && changed->left.empty());
  }
  EXPECT_TRUE(read(alice).empty());
}

// K42
TEST_P(ConversationEntryContract, WhoJoinsReadsFromTheEntryOfJoiningOn) {
  send(1, alice);
  const auto added = change(alice, AddMembers{{carol}});
  ASSERT_TRUE(added.has_value());
  EXPECT_EQ(added->joined, std::vector{carol});
  EXPECT_EQ(read(carol), (Lines{"2 system Alice added carol"}));
  send(2, bob);
  EXPECT_EQ(read(carol), (Lines{"2 system Alice added carol", "3 text hello"}));
  EXPECT_EQ(seen_by(carol)->unread, 1U);
  const auto removed = change(alice, RemoveMember{carol});
  ASSERT_TRUE(removed.has_value());
  EXPECT_EQ(removed->left, std::vector{carol});
  EXPECT_EQ(removed->entry->text, "Alice removed carol");
  EXPECT_EQ(read(carol), Lines{"refused"});
}

// K41
TEST_P(ConversationEntryContract, GroupIsHandedOverAndKeepsOneOwner) {
  const auto handed = change(alice, SetRole{bob, GroupRole::owner});
  ASSERT_TRUE(handed.has_value());
  EXPECT_EQ(find_member(handed->conversation, bob)->role, GroupRole::owner);
  EXPECT_EQ(find_member(handed->conversation, alice)->role, GroupRole::admin);
  EXPECT_EQ(seen_by(bob)->conversation, handed->conversation);
  EXPECT_EQ(change(alice, SetRole{bob, GroupRole::member}).error(), ConversationFault::forbidden);
  EXPECT_EQ(change(bob, SetRole{carol, GroupRole::admin}).error(), ConversationFault::user_unknown);
  ASSERT_TRUE(change(bob, RemoveMember{bob}).has_value());
  EXPECT_EQ(read(alice), (Lines{"1 system Bob is the owner now", "2 system Bob left. Alice is the owner now"}));
}

// K41: nobody is left to read it.
TEST_P(ConversationEntryContract, EndOfAConversationIsReportedToNoEntry) {
  ASSERT_TRUE(change(bob, RemoveMember{bob}).has_value());
  const auto last = change(alice, RemoveMember{alice});
  ASSERT_TRUE(last.has_value());
  EXPECT_EQ(last->fate, conversation::Fate::ends);
  EXPECT_FALSE(last->entry.has_value());
}

// K29
TEST_P(ConversationEntryContract, MembersAreNamedAndTheTimeNeverGoesBack) {
  ASSERT_TRUE(change(alice, AddMembers{{carol}}).has_value());
  send(1, alice, at(500));
  ASSERT_TRUE(change(alice, ChangeDetails{.title = "Crew"}, at(20)).has_value());
  const auto seen = seen_by(bob);
  EXPECT_EQ(seen->conversation.updated, at(500));
  EXPECT_EQ(seen->names, (std::vector<std::string>{"Alice", "Bob", "carol"})) << "who has no name is called by the username";
}

// K28, K45
TEST_P(ConversationEntryContract, DirectOneWithABlockIsFoundAndNotMade) {
  const auto direct = [&](std::uint32_t number, UserId one, UserId other) {
    return open(
        {.id = conversation_id(number), .kind = conversation::Kind::direct, .creator = one, .others = {other}, .at = at(1)});
  };
  const auto blocks = [&](UserId one, UserId other) {
    EXPECT_TRUE(found<bool>([&](auto done) { world_.conversations().block(one, other, at(1), done); }));
  };
  ASSERT_TRUE(direct(2, alice, bob).has_value());
  blocks(bob, alice), blocks(bob, carol);
  EXPECT_EQ(direct(3, alice, bob)->how, Opening::found) << "what was written stays readable";
  EXPECT_EQ(direct(4, carol, bob).error(), ConversationFault::blocked);
  EXPECT_EQ(direct(5, bob, carol).error(), ConversationFault::blocked);
  found<void>([&](auto done) { world_.conversations().unblock(bob, carol, done); });
  EXPECT_EQ(direct(6, carol, bob)->how, Opening::made);
}

}  // namespace
}  // namespace belfry::store::testing
