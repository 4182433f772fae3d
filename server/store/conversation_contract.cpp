// The contract of ConversationStore.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "store/contract_suite.hpp"
#include "store/conversation_store.hpp"

namespace belfry::store::testing {
namespace {

using conversation::AddMembers;
using conversation::ChangeDetails;
using conversation::ChangeMembership;
using conversation::Delete;
using conversation::Kind;
using conversation::NewConversation;
using conversation::RemoveMember;
using conversation::RingMode;
using MemberRole = conversation::Role;

class ConversationContract : public ContractSuite {
 protected:
  void SetUp() override { alice = made(1, "alice"), bob = made(2, "bob"), carol = made(3, "carol"), dave = made(4, "dave"); }
  using Opened = Expected<OpenedConversation, ConversationFault>;
  using Changed = Expected<ChangedConversation, ConversationFault>;

  Opened open(const NewConversation& request, const std::optional<OpeningClaim>& claim = {}) {
    return answer_of<Opened>([&](auto done) { world_.conversations().open(request, claim, done); });
  }
  OpeningClaim claim_of(UserId owner, std::string print = "f") {
    return {.claim = {.owner = owner, .key = "k", .fingerprint = std::move(print)},
            .write_reply = [](const OpenedConversation& opened) {
              return GivenAnswer{
                  .status = opened.how == Opening::made ? 201 : 200,
                  .body = belfry::to_text(opened.stored.conversation.id.value()) + opened.stored.people.at(0).username};
            }};
  }
  std::optional<KeptAnswer> find_answer(UserId owner) {
    return found<std::optional<KeptAnswer>>([&](auto done) { world_.accounts().find_answer(owner, "k", done); });
  }
  NewConversation direct(std::uint32_t number, UserId creator, UserId other, WallTime when = at(0)) {
    return {.id = conversation_id(number), .kind = Kind::direct, .creator = creator, .others = {other}, .at = when};
  }
  NewConversation group(std::uint32_t number, UserId creator, std::vector<UserId> others, WallTime when = at(0)) {
    return {.id = conversation_id(number),
            .title = "Crew",
            .creator = creator,
            .others = conversation::others_among(std::move(others), creator),
            .at = when};
  }
  Changed change(std::uint32_t number, UserId actor, conversation::Change what, WallTime when = at(10)) {
    return answer_of<Changed>([&](auto done) {
      world_.conversations().change(
          {.conversation = conversation_id(number), .actor = actor, .what = std::move(what), .at = when}, done);
    });
  }
  ConversationFault fault(std::uint32_t number, UserId actor, conversation::Change what) {
    const auto changed = change(number, actor, std::move(what));
    EXPECT_FALSE(changed.has_value());
    return changed ? ConversationFault::unavailable : changed.error();
  }
  std::optional<StoredConversation> find_conversation(std::uint32_t number, UserId reader) {
    return found<std::optional<StoredConversation>>(
        [&](auto done) { world_.conversations().find(conversation_id(number), reader, done); });
  }
  ConversationPage page(const ConversationQuery& query) {
    return found<ConversationPage>([&](auto done) { world_.conversations().list(query, done); });
  }
  std::vector<ConversationId> list(UserId user) {
    std::vector<ConversationId> ids;
    for (const auto& each : page({.user = user}).conversations) ids.push_back(each.conversation.id);
    return ids;
  }
  UserId alice, bob, carol, dave;
};

INSTANTIATE_TEST_SUITE_P(Stores, ConversationContract, ::testing::ValuesIn(stores_under_test()), name_of);

// J-1.1, J-1.2
TEST_P(ConversationContract, GroupIsKeptWithItsMembersAndWhatOthersSeeOfThem) {
  const auto request = group(1, alice, {carol, bob});
  const auto opened = open(request);
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(opened->how, Opening::made);
  EXPECT_EQ(opened->stored.conversation, conversation::begin(request));
  const auto found = find_conversation(1, bob);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(*found, opened->stored);
  ASSERT_EQ(found->people.size(), 3U);
  EXPECT_EQ(found->people[1], (account::Person{.id = bob, .username = "bob", .avatar = std::string(account::kDefaultAvatar)}));
}

// J-1.1, K28
TEST_P(ConversationContract, DirectOneIsMadeOnceAndFoundFromEitherSide) {
  ASSERT_EQ(open(direct(1, alice, bob))->how, Opening::made);
  for (const auto& request : {direct(2, alice, bob), direct(3, bob, alice, at(9))}) {
    const auto again = open(request);
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(again->how, Opening::found);
    EXPECT_EQ(again->stored.conversation, conversation::begin(direct(1, alice, bob)));
    EXPECT_EQ(again->stored.people.size(), 2U);
  }
  EXPECT_EQ(open(direct(4, alice, carol))->how, Opening::made);
  EXPECT_EQ(list(bob), std::vector{conversation_id(1)});
}

// K28: asked for at the same time.
TEST_P(ConversationContract, DirectOneThatBothSidesOpenAtOnceIsOne) {
  std::vector<OpenedConversation> opened;
  for (std::uint32_t number = 1; number <= 20; ++number)
    world_.conversations().open(number % 2 == 0 ? direct(number, alice, bob) : direct(number, bob, alice), std::nullopt,
                                [&](const auto& each) { opened.push_back(each.value()); });
  world_.settle();
  ASSERT_EQ(opened.size(), 20U);
  for (const auto& each : opened) EXPECT_EQ(each.stored.conversation.id, opened[0].stored.conversation.id);
  EXPECT_EQ(std::count_if(opened.begin(), opened.end(), [](const auto& each) { return each.how == Opening::made; }), 1);
}

// J-8.7
TEST_P(ConversationContract, KeyAndAnswerAreStoredWithWhatWasOpened) {
  ASSERT_TRUE(open(group(1, alice, {bob}), claim_of(alice)).has_value());
  const auto kept = find_answer(alice);
  ASSERT_TRUE(kept.has_value());
  EXPECT_EQ(kept->fingerprint, "f");
  EXPECT_EQ(kept->status, 201);
  EXPECT_EQ(kept->body, belfry::to_text(conversation_id(1).value()) + "alice");
  EXPECT_FALSE(kept->call.has_value());
  EXPECT_FALSE(find_answer(bob).has_value()) << "keys are their owner's";
  ASSERT_TRUE(open(direct(2, carol, bob)).has_value());
  ASSERT_TRUE(open(direct(3, bob, carol), claim_of(bob)).has_value());
  EXPECT_EQ(find_answer(bob)->status, 200);
}

// J-8.7
TEST_P(ConversationContract, UsedKeyMakesNoSecondGroup) {
  ASSERT_TRUE(open(group(1, alice, {bob}), claim_of(alice)).has_value());
  for (const auto* const print : {"f", "of another request"}) {
    const auto again = open(group(2, alice, {bob}), claim_of(alice, print));
    ASSERT_FALSE(again.has_value());
    EXPECT_EQ(again.error(), ConversationFault::key_taken);
  }
  EXPECT_EQ(list(alice), std::vector{conversation_id(1)});
  EXPECT_EQ(find_answer(alice)->fingerprint, "f");
}

// J-8.7: a store may run a question again when the connection broke, and then finds its own effect.
TEST_P(ConversationContract, SameQuestionAgainFindsItsOwnKey) {
  const auto request = group(1, alice, {bob});
  ASSERT_TRUE(open(request, claim_of(alice)).has_value());
  const auto again = open(request, claim_of(alice));
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->how, Opening::made);
  EXPECT_EQ(list(alice).size(), 1U);
}

// J-8.7
TEST_P(ConversationContract, RefusedRequestKeepsNoKey) {
  EXPECT_FALSE(open(group(1, alice, {user_id(99)}), claim_of(alice)).has_value());
  EXPECT_FALSE(find_answer(alice).has_value());
}

// J-1.1
TEST_P(ConversationContract, UnknownAndDeletedUsersAreInNone) {
  ASSERT_TRUE(set_status(dave, account::UserStatus::deleted));
  for (const auto& nobody : {user_id(99), dave}) {
    EXPECT_EQ(open(direct(1, alice, nobody)).error(), ConversationFault::user_unknown);
    EXPECT_EQ(open(group(2, alice, {bob, nobody})).error(), ConversationFault::user_unknown);
  }
  EXPECT_TRUE(list(alice).empty());
  ASSERT_TRUE(open(group(3, alice, {bob})).has_value());
  EXPECT_EQ(fault(3, alice, AddMembers{{carol, user_id(99)}}), ConversationFault::user_unknown);
  EXPECT_EQ(find_conversation(3, alice)->conversation.members.size(), 2U) << "all of it or nothing";
}

// J-1.4
TEST_P(ConversationContract, StrangersFindAndChangeNothingAndCannotTellWhatExists) {
  ASSERT_TRUE(open(group(1, alice, {bob})).has_value());
  for (const std::uint32_t number : {1U, 77U}) {
    EXPECT_EQ(find_conversation(number, carol), std::nullopt);
    for (const conversation::Change& what :
         {conversation::Change{AddMembers{{user_id(99)}}}, conversation::Change{RemoveMember{bob}},
          conversation::Change{ChangeDetails{}}, conversation::Change{ChangeMembership{}}, conversation::Change{Delete{}}})
      EXPECT_EQ(fault(number, carol, what), ConversationFault::not_participant);
  }
  EXPECT_EQ(find_conversation(1, alice)->conversation.members.size(), 2U);
}

// J-1.3
TEST_P(ConversationContract, ChangesAreKept) {
  ASSERT_TRUE(open(group(1, alice, {bob})).has_value());
  const auto added = change(1, alice, AddMembers{{carol}, MemberRole::admin}, at(10));
  ASSERT_TRUE(added.has_value());
  EXPECT_EQ(added->people.size(), 3U);
  ASSERT_TRUE(change(1, carol, ChangeDetails{.title = "Decks", .avatar = "/crew.png"}, at(20)).has_value());
  const auto quiet = change(1, bob, ChangeMembership{RingMode::none, conversation::MuteUntil{at(90)}}, at(30));
  ASSERT_TRUE(quiet.has_value());
  EXPECT_EQ(find_conversation(1, alice), *quiet);
  EXPECT_EQ(quiet->concerns_only, bob);
  const auto again = change(1, bob, ChangeMembership{RingMode::none, conversation::MuteUntil{at(90)}}, at(31));
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->concerns_only, std::nullopt) << "it is so already";
  EXPECT_EQ(*again, *quiet);
  const Conversation& now = quiet->conversation;
  EXPECT_EQ(now.title, "Decks");
  EXPECT_EQ(now.avatar, "/crew.png");
  EXPECT_EQ(now.updated, at(20));
  EXPECT_EQ(*find_member(now, carol), (conversation::Member{.user = carol, .role = MemberRole::admin, .joined = at(10)}));
  EXPECT_EQ(find_member(now, bob)->ring_mode, RingMode::none);
  EXPECT_EQ(find_member(now, alice)->ring_mode, RingMode::all);
  EXPECT_EQ(find_member(now, bob)->muted_until, at(90));
  EXPECT_EQ(find_member(now, alice)->muted_until, std::nullopt);
  EXPECT_EQ(fault(1, bob, Delete{}), ConversationFault::forbidden);
  EXPECT_EQ(change(1, alice, ChangeDetails{.title = ""})->conversation.title, "");
  const auto promoted = change(1, carol, AddMembers{{bob}, MemberRole::admin}, at(40));
  ASSERT_TRUE(promoted.has_value());
  EXPECT_EQ(find_conversation(1, alice), *promoted);
  EXPECT_EQ(find_member(promoted->conversation, bob)->role, MemberRole::admin);
  EXPECT_EQ(promoted->conversation.updated, at(40));
}

// J-1.3
TEST_P(ConversationContract, OwnerWhoLeavesIsFollowedAndSeesItNoMore) {
  ASSERT_TRUE(open(group(1, alice, {bob, carol})).has_value());
  const auto left = change(1, alice, RemoveMember{alice});
  ASSERT_TRUE(left.has_value());
  EXPECT_EQ(find_member(left->conversation, alice), nullptr);
  EXPECT_EQ(left->people.size(), 2U);
  EXPECT_EQ(find_member(left->conversation, bob)->role, MemberRole::owner);
  EXPECT_EQ(find_conversation(1, bob), *left);
  EXPECT_EQ(find_conversation(1, alice), std::nullopt);
  EXPECT_TRUE(list(alice).empty());
  EXPECT_EQ(fault(1, alice, ChangeMembership{}), ConversationFault::not_participant);
}

TEST_P(ConversationContract, MemberWhoComesBackBeginsAnew) {
  ASSERT_TRUE(open(group(1, alice, {bob})).has_value());
  ASSERT_TRUE(change(1, alice, AddMembers{{carol}, MemberRole::admin}).has_value());
  ASSERT_TRUE(change(1, carol, ChangeMembership{RingMode::none, conversation::MuteUntil{at(90)}}).has_value());
  ASSERT_TRUE(change(1, alice, RemoveMember{carol}).has_value());
  const auto back = change(1, alice, AddMembers{{carol}}, at(50));
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(*find_member(back->conversation, carol), (conversation::Member{.user = carol, .joined = at(50)}));
  EXPECT_EQ(find_conversation(1, carol), *back);
}

// J-1.3
TEST_P(ConversationContract, DeletedOneAndOneWhoseLastMemberLeftAreGone) {
  ASSERT_TRUE(open(group(1, alice, {bob})).has_value());
  ASSERT_TRUE(open(group(2, alice, {bob})).has_value());
  const auto deleted = change(1, alice, Delete{});
  ASSERT_TRUE(deleted.has_value());
  EXPECT_EQ(deleted->people.size(), 2U);
  ASSERT_TRUE(change(2, alice, RemoveMember{bob}).has_value());
  const auto last = change(2, alice, RemoveMember{alice});
  ASSERT_TRUE(last.has_value());
  EXPECT_TRUE(last->people.empty());
  for (const std::uint32_t number : {1U, 2U}) {
    EXPECT_EQ(find_conversation(number, alice), std::nullopt);
    EXPECT_EQ(fault(number, alice, Delete{}), ConversationFault::not_participant);
  }
  EXPECT_TRUE(list(alice).empty());
  EXPECT_TRUE(list(bob).empty());
}

// J-1.2
TEST_P(ConversationContract, PagesGoFromTheNewestChangeToTheOldestWithoutARepeat) {
  for (std::uint32_t number = 1; number <= 5; ++number)  // 3 and 4 in the same millisecond
    ASSERT_TRUE(open(group(number, alice, {bob}, at(number == 4 ? 3 : number))).has_value());
  ASSERT_TRUE(open(group(6, bob, {carol}, at(6))).has_value());
  ASSERT_TRUE(change(1, alice, ChangeDetails{.title = "Old one"}, at(9)).has_value());
  const std::vector<ConversationId> all = {conversation_id(1), conversation_id(5), conversation_id(4), conversation_id(3),
                                           conversation_id(2)};
  EXPECT_EQ(list(alice), all);
  ConversationQuery query{.user = alice, .page = {1, 2}};
  std::vector<ConversationId> by_page, by_cursor;
  for (std::uint32_t number = 1; number <= 3; ++number) {
    query.page.number = number;
    const auto page = this->page(query);
    EXPECT_EQ(page.total, 5U);
    EXPECT_EQ(page.more, number < 3);
    for (const auto& each : page.conversations) by_page.push_back(each.conversation.id);
  }
  query.page.number = 1;
  for (bool more = true; more;) {
    const auto page = this->page(query);
    for (const auto& each : page.conversations) {
      by_cursor.push_back(each.conversation.id);
      EXPECT_EQ(each, find_conversation(each.conversation.id.value()[15], alice));
    }
    query.after = ConversationCursor{page.conversations.back().conversation.updated, by_cursor.back()};
    more = page.more;
  }
  EXPECT_EQ(by_page, all);
  EXPECT_EQ(by_cursor, all);
}

// J-1.1, R-000-38
TEST_P(ConversationContract, GroupOfAThousandIsKeptWhole) {
  std::vector<UserId> others;
  for (std::uint32_t number = 100; number < 1099; ++number) {
    others.push_back(user_id(number));
    world_.accounts().create(a_user(number, "user" + std::to_string(number)),
                             [](const auto& made) { ASSERT_TRUE(made.has_value()); });
  }
  world_.settle();
  ASSERT_TRUE(open(group(1, alice, others)).has_value());
  EXPECT_EQ(find_conversation(1, user_id(1098))->people.size(), 1000U);
  EXPECT_EQ(fault(1, alice, AddMembers{{bob}}), ConversationFault::too_many);
}

TEST_P(ConversationContract, WipeEmptiesConversations) {
  ASSERT_TRUE(open(direct(1, alice, bob)).has_value());
  found<void>([&](auto done) { world_.calls().wipe(done); });
  SetUp();
  EXPECT_TRUE(list(alice).empty());
  EXPECT_EQ(open(direct(1, alice, bob))->how, Opening::made);
}

// J-7.4
TEST_P(ConversationContract, RefusedStrangerIsReadInTheAuditOfThatUser) {
  world_.conversations().record_refused(
      {.user = carol, .conversation = conversation_id(9), .operation = "readConversation", .at = at(5)});
  world_.settle();
  const auto audit = [&](const AuditQuery& query) {
    return found<std::vector<AuditEntry>>([&](auto done) { world_.archive().audit(query, done); });
  };
  const auto found = audit({.user = carol});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_FALSE(found[0].call.has_value());
  EXPECT_EQ(found[0].record.type, kRefusedStranger);
  EXPECT_EQ(found[0].record.actor, carol);
  EXPECT_EQ(found[0].record.at, at(5));
  EXPECT_EQ(found[0].record.payload,
            R"({"conversationId":")" + belfry::to_text(conversation_id(9).value()) + R"(","door":"readConversation"})");
  EXPECT_EQ(audit({}).size(), 1U);
  EXPECT_TRUE(audit({.user = alice}).empty());
  EXPECT_TRUE(audit({.after_seq = found[0].seq}).empty());
  EXPECT_TRUE(this->found<std::vector<Violation>>([&](auto done) { world_.archive().violations(at(6), done); }).empty());
  world_.archive().forget_before(at(5), 10);
  world_.settle();
  EXPECT_EQ(audit({}).size(), 1U);
  world_.archive().forget_before(at(6), 10);
  world_.settle();
  EXPECT_TRUE(audit({}).empty());
}

}  // namespace
}  // namespace belfry::store::testing
