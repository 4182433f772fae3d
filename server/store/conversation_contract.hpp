// The contract of ConversationStore, one suite for every adapter. Needs the World of store_contract.hpp, with
// ConversationStore& conversations().
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "store/conversation_store.hpp"
#include "store/store_contract.hpp"

namespace belfry::store::testing {

using conversation::AddMembers;
using conversation::ChangeDetails;
using conversation::Delete;
using conversation::Kind;
using conversation::NewConversation;
using conversation::RemoveMember;
using conversation::RingMode;
using conversation::SetRingMode;
using MemberRole = conversation::Role;

template <class World>
class ConversationContract : public StoreContract<World> {
 protected:
  void SetUp() override {
    alice = this->made(1, "alice"), bob = this->made(2, "bob"), carol = this->made(3, "carol"), dave = this->made(4, "dave");
  }
  using Opened = Expected<OpenedConversation, ConversationFault>;
  using Changed = Expected<StoredConversation, ConversationFault>;

  Opened open(const NewConversation& wish, const std::optional<OpeningClaim>& claim = {}) {
    return this->template answer_of<Opened>([&](auto done) { this->world_.conversations().open(wish, claim, done); });
  }
  OpeningClaim claim_of(UserId owner, std::string print = "f") {
    return {.claim = {.owner = owner, .key = "k", .fingerprint = std::move(print)},
            .answer_to = [](const OpenedConversation& opened) {
              return GivenAnswer{
                  .status = opened.how == Opening::made ? 201 : 200,
                  .body = belfry::to_text(opened.stored.conversation.id.value()) + opened.stored.people.at(0).username};
            }};
  }
  std::optional<KeptAnswer> find_answer(UserId owner) {
    return this->template found<std::optional<KeptAnswer>>(
        [&](auto done) { this->world_.accounts().find_answer(owner, "k", done); });
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
    return this->template answer_of<Changed>([&](auto done) {
      this->world_.conversations().change(
          {.conversation = conversation_id(number), .actor = actor, .what = std::move(what), .at = when}, done);
    });
  }
  ConversationFault fault(std::uint32_t number, UserId actor, conversation::Change what) {
    const auto changed = change(number, actor, std::move(what));
    EXPECT_FALSE(changed.has_value());
    return changed ? ConversationFault::unavailable : changed.error();
  }
  std::optional<StoredConversation> find_conversation(std::uint32_t number, UserId reader) {
    return this->template found<std::optional<StoredConversation>>(
        [&](auto done) { this->world_.conversations().find(conversation_id(number), reader, done); });
  }
  ConversationPage page(const ConversationQuery& query) {
    return this->template found<ConversationPage>([&](auto done) { this->world_.conversations().list(query, done); });
  }
  std::vector<ConversationId> list(UserId user) {
    std::vector<ConversationId> ids;
    for (const auto& each : page({.user = user}).conversations) ids.push_back(each.conversation.id);
    return ids;
  }
  bool block(UserId user, UserId other) {
    return this->template found<bool>([&](auto done) { this->world_.conversations().block(user, other, at(1), done); });
  }
  void unblock(UserId user, UserId other) {
    this->template found<void>([&](auto done) { this->world_.conversations().unblock(user, other, done); });
  }
  bool blocked(UserId one, UserId other) {
    return this->template found<bool>([&](auto done) { this->world_.conversations().blocked_between(one, other, done); });
  }
  UserId alice, bob, carol, dave;
};

TYPED_TEST_SUITE_P(ConversationContract);

// J-1.1, J-1.2
TYPED_TEST_P(ConversationContract, GroupIsKeptWithItsMembersAndWhatOthersSeeOfThem) {
  const auto wish = this->group(1, this->alice, {this->carol, this->bob});
  const auto opened = this->open(wish);
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(opened->how, Opening::made);
  EXPECT_EQ(opened->stored.conversation, conversation::begin(wish));
  const auto found = this->find_conversation(1, this->bob);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(*found, opened->stored);
  ASSERT_EQ(found->people.size(), 3U);
  EXPECT_EQ(found->people[1], (account::Person{.id = this->bob, .username = "bob", .avatar = ""}));
}

// J-1.1, K28
TYPED_TEST_P(ConversationContract, DirectOneIsMadeOnceAndFoundFromEitherSide) {
  ASSERT_EQ(this->open(this->direct(1, this->alice, this->bob))->how, Opening::made);
  for (const auto& wish : {this->direct(2, this->alice, this->bob), this->direct(3, this->bob, this->alice, at(9))}) {
    const auto again = this->open(wish);
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(again->how, Opening::found);
    EXPECT_EQ(again->stored.conversation, conversation::begin(this->direct(1, this->alice, this->bob)));
    EXPECT_EQ(again->stored.people.size(), 2U);
  }
  EXPECT_EQ(this->open(this->direct(4, this->alice, this->carol))->how, Opening::made);
  EXPECT_EQ(this->list(this->bob), std::vector{conversation_id(1)});
}

// K28: asked for at the same time.
TYPED_TEST_P(ConversationContract, DirectOneThatBothSidesOpenAtOnceIsOne) {
  std::vector<OpenedConversation> opened;
  for (std::uint32_t number = 1; number <= 20; ++number)
    this->world_.conversations().open(
        number % 2 == 0 ? this->direct(number, this->alice, this->bob) : this->direct(number, this->bob, this->alice),
        std::nullopt, [&](const auto& each) { opened.push_back(each.value()); });
  this->world_.settle();
  ASSERT_EQ(opened.size(), 20U);
  for (const auto& each : opened) EXPECT_EQ(each.stored.conversation.id, opened[0].stored.conversation.id);
  EXPECT_EQ(std::count_if(opened.begin(), opened.end(), [](const auto& each) { return each.how == Opening::made; }), 1);
}

// J-8.7
TYPED_TEST_P(ConversationContract, KeyAndAnswerAreStoredWithWhatWasOpened) {
  ASSERT_TRUE(this->open(this->group(1, this->alice, {this->bob}), this->claim_of(this->alice)).has_value());
  const auto kept = this->find_answer(this->alice);
  ASSERT_TRUE(kept.has_value());
  EXPECT_EQ(kept->fingerprint, "f");
  EXPECT_EQ(kept->status, 201);
  EXPECT_EQ(kept->body, belfry::to_text(conversation_id(1).value()) + "alice");
  EXPECT_FALSE(kept->call.has_value());
  EXPECT_FALSE(this->find_answer(this->bob).has_value()) << "keys are their owner's";
  ASSERT_TRUE(this->open(this->direct(2, this->carol, this->bob)).has_value());
  ASSERT_TRUE(this->open(this->direct(3, this->bob, this->carol), this->claim_of(this->bob)).has_value());
  EXPECT_EQ(this->find_answer(this->bob)->status, 200);
}

// J-8.7
TYPED_TEST_P(ConversationContract, UsedKeyMakesNoSecondGroup) {
  ASSERT_TRUE(this->open(this->group(1, this->alice, {this->bob}), this->claim_of(this->alice)).has_value());
  for (const auto* const print : {"f", "of another request"}) {
    const auto again = this->open(this->group(2, this->alice, {this->bob}), this->claim_of(this->alice, print));
    ASSERT_FALSE(again.has_value());
    EXPECT_EQ(again.error(), ConversationFault::key_taken);
  }
  EXPECT_EQ(this->list(this->alice), std::vector{conversation_id(1)});
  EXPECT_EQ(this->find_answer(this->alice)->fingerprint, "f");
}

// J-8.7: a store may run a question again when the connection broke, and then finds its own effect.
TYPED_TEST_P(ConversationContract, SameQuestionAgainFindsItsOwnKey) {
  const auto wish = this->group(1, this->alice, {this->bob});
  ASSERT_TRUE(this->open(wish, this->claim_of(this->alice)).has_value());
  const auto again = this->open(wish, this->claim_of(this->alice));
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->how, Opening::made);
  EXPECT_EQ(this->list(this->alice).size(), 1U);
}

// J-8.7
TYPED_TEST_P(ConversationContract, RefusedWishKeepsNoKey) {
  EXPECT_FALSE(this->open(this->group(1, this->alice, {user_id(99)}), this->claim_of(this->alice)).has_value());
  EXPECT_FALSE(this->find_answer(this->alice).has_value());
}

// J-1.1
TYPED_TEST_P(ConversationContract, UnknownAndDeletedUsersAreInNone) {
  ASSERT_TRUE(this->set_status(this->dave, account::UserStatus::deleted));
  for (const auto& nobody : {user_id(99), this->dave}) {
    EXPECT_EQ(this->open(this->direct(1, this->alice, nobody)).error(), ConversationFault::user_unknown);
    EXPECT_EQ(this->open(this->group(2, this->alice, {this->bob, nobody})).error(), ConversationFault::user_unknown);
  }
  EXPECT_TRUE(this->list(this->alice).empty());
  ASSERT_TRUE(this->open(this->group(3, this->alice, {this->bob})).has_value());
  EXPECT_EQ(this->fault(3, this->alice, AddMembers{{this->carol, user_id(99)}}), ConversationFault::user_unknown);
  EXPECT_EQ(this->find_conversation(3, this->alice)->conversation.members.size(), 2U) << "all of it or nothing";
}

// J-1.4
TYPED_TEST_P(ConversationContract, StrangersFindAndChangeNothingAndCannotTellWhatExists) {
  ASSERT_TRUE(this->open(this->group(1, this->alice, {this->bob})).has_value());
  for (const std::uint32_t number : {1U, 77U}) {
    EXPECT_EQ(this->find_conversation(number, this->carol), std::nullopt);
    for (const conversation::Change& what :
         {conversation::Change{AddMembers{{user_id(99)}}}, conversation::Change{RemoveMember{this->bob}},
          conversation::Change{ChangeDetails{}}, conversation::Change{SetRingMode{}}, conversation::Change{Delete{}}})
      EXPECT_EQ(this->fault(number, this->carol, what), ConversationFault::not_participant);
  }
  EXPECT_EQ(this->find_conversation(1, this->alice)->conversation.members.size(), 2U);
}

// J-1.3
TYPED_TEST_P(ConversationContract, ChangesAreKept) {
  ASSERT_TRUE(this->open(this->group(1, this->alice, {this->bob})).has_value());
  const auto added = this->change(1, this->alice, AddMembers{{this->carol}, MemberRole::admin}, at(10));
  ASSERT_TRUE(added.has_value());
  EXPECT_EQ(added->people.size(), 3U);
  ASSERT_TRUE(this->change(1, this->carol, ChangeDetails{.title = "Decks", .avatar = "/crew.png"}, at(20)).has_value());
  const auto quiet = this->change(1, this->bob, SetRingMode{RingMode::none}, at(30));
  ASSERT_TRUE(quiet.has_value());
  EXPECT_EQ(this->find_conversation(1, this->alice), *quiet);
  const Conversation& now = quiet->conversation;
  EXPECT_EQ(now.title, "Decks");
  EXPECT_EQ(now.avatar, "/crew.png");
  EXPECT_EQ(now.updated, at(20));
  EXPECT_EQ(*find_member(now, this->carol),
            (conversation::Member{.user = this->carol, .role = MemberRole::admin, .joined = at(10)}));
  EXPECT_EQ(find_member(now, this->bob)->ring_mode, RingMode::none);
  EXPECT_EQ(find_member(now, this->alice)->ring_mode, RingMode::all);
  EXPECT_EQ(this->fault(1, this->bob, Delete{}), ConversationFault::forbidden);
  EXPECT_EQ(this->change(1, this->alice, ChangeDetails{.title = ""})->conversation.title, "");
}

// J-1.3
TYPED_TEST_P(ConversationContract, OwnerWhoLeavesIsFollowedAndSeesItNoMore) {
  ASSERT_TRUE(this->open(this->group(1, this->alice, {this->bob, this->carol})).has_value());
  const auto left = this->change(1, this->alice, RemoveMember{this->alice});
  ASSERT_TRUE(left.has_value());
  EXPECT_EQ(find_member(left->conversation, this->alice), nullptr);
  EXPECT_EQ(left->people.size(), 2U);
  EXPECT_EQ(find_member(left->conversation, this->bob)->role, MemberRole::owner);
  EXPECT_EQ(this->find_conversation(1, this->bob), *left);
  EXPECT_EQ(this->find_conversation(1, this->alice), std::nullopt);
  EXPECT_TRUE(this->list(this->alice).empty());
  EXPECT_EQ(this->fault(1, this->alice, SetRingMode{}), ConversationFault::not_participant);
}

TYPED_TEST_P(ConversationContract, MemberWhoComesBackBeginsAnew) {
  ASSERT_TRUE(this->open(this->group(1, this->alice, {this->bob})).has_value());
  ASSERT_TRUE(this->change(1, this->alice, AddMembers{{this->carol}, MemberRole::admin}).has_value());
  ASSERT_TRUE(this->change(1, this->carol, SetRingMode{RingMode::none}).has_value());
  ASSERT_TRUE(this->change(1, this->alice, RemoveMember{this->carol}).has_value());
  const auto back = this->change(1, this->alice, AddMembers{{this->carol}}, at(50));
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(*find_member(back->conversation, this->carol), (conversation::Member{.user = this->carol, .joined = at(50)}));
  EXPECT_EQ(this->find_conversation(1, this->carol), *back);
}

// J-1.3
TYPED_TEST_P(ConversationContract, DeletedOneAndOneWhoseLastMemberLeftAreGone) {
  ASSERT_TRUE(this->open(this->group(1, this->alice, {this->bob})).has_value());
  ASSERT_TRUE(this->open(this->group(2, this->alice, {this->bob})).has_value());
  const auto deleted = this->change(1, this->alice, Delete{});
  ASSERT_TRUE(deleted.has_value());
  EXPECT_EQ(deleted->people.size(), 2U);
  ASSERT_TRUE(this->change(2, this->alice, RemoveMember{this->bob}).has_value());
  const auto last = this->change(2, this->alice, RemoveMember{this->alice});
  ASSERT_TRUE(last.has_value());
  EXPECT_TRUE(last->people.empty());
  for (const std::uint32_t number : {1U, 2U}) {
    EXPECT_EQ(this->find_conversation(number, this->alice), std::nullopt);
    EXPECT_EQ(this->fault(number, this->alice, Delete{}), ConversationFault::not_participant);
  }
  EXPECT_TRUE(this->list(this->alice).empty());
  EXPECT_TRUE(this->list(this->bob).empty());
}

// J-1.2
TYPED_TEST_P(ConversationContract, PagesGoFromTheNewestChangeToTheOldestWithoutARepeat) {
  for (std::uint32_t number = 1; number <= 5; ++number)  // 3 and 4 in the same millisecond
    ASSERT_TRUE(this->open(this->group(number, this->alice, {this->bob}, at(number == 4 ? 3 : number))).has_value());
  ASSERT_TRUE(this->open(this->group(6, this->bob, {this->carol}, at(6))).has_value());
  ASSERT_TRUE(this->change(1, this->alice, ChangeDetails{.title = "Old one"}, at(9)).has_value());
  const std::vector<ConversationId> all = {conversation_id(1), conversation_id(5), conversation_id(4), conversation_id(3),
                                           conversation_id(2)};
  EXPECT_EQ(this->list(this->alice), all);
  ConversationQuery query{.user = this->alice, .page = {1, 2}};
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
      EXPECT_EQ(each, this->find_conversation(each.conversation.id.value()[15], this->alice));
    }
    query.after = ConversationCursor{page.conversations.back().conversation.updated, by_cursor.back()};
    more = page.more;
  }
  EXPECT_EQ(by_page, all);
  EXPECT_EQ(by_cursor, all);
}

// J-1.1, R-000-38
TYPED_TEST_P(ConversationContract, GroupOfAThousandIsKeptWhole) {
  std::vector<UserId> others;
  for (std::uint32_t number = 100; number < 1099; ++number) {
    others.push_back(user_id(number));
    this->world_.accounts().create(this->a_user(number, "user" + std::to_string(number)),
                                   [](const auto& made) { ASSERT_TRUE(made.has_value()); });
  }
  this->world_.settle();
  ASSERT_TRUE(this->open(this->group(1, this->alice, others)).has_value());
  EXPECT_EQ(this->find_conversation(1, user_id(1098))->people.size(), 1000U);
  EXPECT_EQ(this->fault(1, this->alice, AddMembers{{this->bob}}), ConversationFault::too_many);
}

// J-1.7
TYPED_TEST_P(ConversationContract, BlockCountsInBothDirectionsUntilItIsTakenBack) {
  EXPECT_FALSE(this->blocked(this->alice, this->bob));
  EXPECT_TRUE(this->block(this->alice, this->bob));
  EXPECT_TRUE(this->block(this->alice, this->bob)) << "a repeat changes nothing";
  EXPECT_TRUE(this->blocked(this->alice, this->bob));
  EXPECT_TRUE(this->blocked(this->bob, this->alice));
  EXPECT_FALSE(this->blocked(this->alice, this->carol));
  EXPECT_FALSE(this->block(this->alice, user_id(99)));
  this->unblock(this->bob, this->alice);  // bob has not blocked alice
  EXPECT_TRUE(this->blocked(this->alice, this->bob));
  this->unblock(this->alice, this->bob);
  EXPECT_FALSE(this->blocked(this->alice, this->bob));
}

TYPED_TEST_P(ConversationContract, WipeEmptiesConversationsAndBlocks) {
  ASSERT_TRUE(this->open(this->direct(1, this->alice, this->bob)).has_value());
  ASSERT_TRUE(this->block(this->alice, this->bob));
  this->template found<void>([&](auto done) { this->world_.calls().wipe(done); });
  this->SetUp();
  EXPECT_TRUE(this->list(this->alice).empty());
  EXPECT_FALSE(this->blocked(this->alice, this->bob));
  EXPECT_EQ(this->open(this->direct(1, this->alice, this->bob))->how, Opening::made);
}

// J-7.4
TYPED_TEST_P(ConversationContract, RefusedStrangerIsReadInTheAuditOfThatUser) {
  this->world_.conversations().record_refused(
      {.user = this->carol, .conversation = conversation_id(9), .door = "readConversation", .at = at(5)});
  this->world_.settle();
  const auto audit = [&](const AuditQuery& query) {
    return this->template found<std::vector<AuditEntry>>([&](auto done) { this->world_.archive().audit(query, done); });
  };
  const auto found = audit({.user = this->carol});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_FALSE(found[0].call.has_value());
  EXPECT_EQ(found[0].record.type, kRefusedStranger);
  EXPECT_EQ(found[0].record.actor, this->carol);
  EXPECT_EQ(found[0].record.at, at(5));
  EXPECT_EQ(found[0].record.payload,
            R"({"conversationId":")" + belfry::to_text(conversation_id(9).value()) + R"(","door":"readConversation"})");
  EXPECT_EQ(audit({}).size(), 1U);
  EXPECT_TRUE(audit({.user = this->alice}).empty());
  EXPECT_TRUE(audit({.after_seq = found[0].seq}).empty());
  EXPECT_TRUE(
      this->template found<std::vector<Violation>>([&](auto done) { this->world_.archive().violations(at(6), done); }).empty());
  this->world_.archive().forget_before(at(5), 10);
  this->world_.settle();
  EXPECT_EQ(audit({}).size(), 1U);
  this->world_.archive().forget_before(at(6), 10);
  this->world_.settle();
  EXPECT_TRUE(audit({}).empty());
}

REGISTER_TYPED_TEST_SUITE_P(ConversationContract, GroupIsKeptWithItsMembersAndWhatOthersSeeOfThem,
                            DirectOneIsMadeOnceAndFoundFromEitherSide, DirectOneThatBothSidesOpenAtOnceIsOne,
                            KeyAndAnswerAreStoredWithWhatWasOpened, UsedKeyMakesNoSecondGroup, SameQuestionAgainFindsItsOwnKey,
                            RefusedWishKeepsNoKey, UnknownAndDeletedUsersAreInNone,
                            StrangersFindAndChangeNothingAndCannotTellWhatExists, ChangesAreKept,
                            OwnerWhoLeavesIsFollowedAndSeesItNoMore, MemberWhoComesBackBeginsAnew,
                            DeletedOneAndOneWhoseLastMemberLeftAreGone, PagesGoFromTheNewestChangeToTheOldestWithoutARepeat,
                            GroupOfAThousandIsKeptWhole, BlockCountsInBothDirectionsUntilItIsTakenBack,
                            WipeEmptiesConversationsAndBlocks, RefusedStrangerIsReadInTheAuditOfThatUser);

}  // namespace belfry::store::testing
