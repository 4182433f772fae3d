// What the contracts of MessageStore have in common: three people in a group, two of them with a direct conversation too, and a
// stranger.
#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/chat/terms.hpp"
#include "store/contract_suite.hpp"
#include "store/message_store.hpp"

namespace belfry::store::testing {

using chat::Receipt;
using conversation::AddMembers;
using conversation::RemoveMember;
using Side = MessageBound::Side;

inline MessageId message_id(std::uint32_t number) { return MessageId(uuid(6, number)); }

class MessageContract : public ContractSuite {
 protected:
  void SetUp() override {
    alice = made(1, "alice"), bob = made(2, "bob"), carol = made(3, "carol"), dave = made(4, "dave");
    open(conversation::Kind::group, 1, {bob, carol});
    open(conversation::Kind::direct, 2, {bob});
  }
  void open(conversation::Kind kind, std::uint32_t number, std::vector<UserId> others) {
    world_.conversations().open({.id = conversation_id(number), .kind = kind, .creator = alice, .others = std::move(others)},
                                std::nullopt, [](const auto& opened) { ASSERT_TRUE(opened.has_value()); });
    world_.settle();
  }
  void change(UserId actor, conversation::Change what) {
    world_.conversations().change({.conversation = conversation_id(1), .actor = actor, .what = std::move(what), .at = at(5)},
                                  [](const auto& changed) { ASSERT_TRUE(changed.has_value()); });
    world_.settle();
  }
  Expected<std::optional<SentMessage>, MessageFault> find_sent(UserId sender, std::string client_id) {
    return answer_of<Expected<std::optional<SentMessage>, MessageFault>>(
        [&](auto done) { world_.messages().find_sent(conversation_id(1), sender, client_id, done); });
  }
  using Sent = Expected<SentMessage, MessageFault>;
  using Changed = Expected<ChangedMessage, MessageFault>;
  using Found = Expected<chat::SearchPage, MessageFault>;

  chat::NewMessage request(std::uint32_t number, UserId sender, std::string text, std::uint32_t where = 1) {
    return {.id = message_id(number),
            .conversation = conversation_id(where),
            .sender = sender,
            .client_id = "c" + std::to_string(number),
            .text = std::move(text),
            .at = at(number)};
  }
  Sent send(const chat::NewMessage& message) {
    return answer_of<Sent>([&](auto done) { world_.messages().send(message, done); });
  }
  Sent send(std::uint32_t number, UserId sender, std::string text, std::uint32_t where = 1) {
    return send(request(number, sender, std::move(text), where));
  }
  MessageFault fault(const chat::NewMessage& message) {
    const auto sent = send(message);
    EXPECT_FALSE(sent.has_value());
    return sent ? MessageFault::unavailable : sent.error();
  }
  Changed edit(std::uint32_t number, UserId actor, std::string text, std::uint32_t where = 1) {
    return answer_of<Changed>([&](auto done) {
      world_.messages().edit({conversation_id(where), message_id(number), actor, std::move(text), at(900)}, done);
    });
  }
  Changed remove(std::uint32_t number, UserId actor, std::uint32_t where = 1) {
    return answer_of<Changed>(
        [&](auto done) { world_.messages().remove({conversation_id(where), message_id(number), actor, at(950)}, done); });
  }
  Expected<MessagePage, MessageFault> page(UserId reader, std::optional<MessageBound> bound = {}, std::uint32_t limit = 50) {
    return answer_of<Expected<MessagePage, MessageFault>>(
        [&](auto done) { world_.messages().page({conversation_id(1), reader, bound, limit}, done); });
  }
  static std::vector<std::uint64_t> seqs(const Expected<MessagePage, MessageFault>& page) {
    std::vector<std::uint64_t> all;
    if (page)
      for (const auto& each : page->messages) all.push_back(each.seq);
    return all;
  }
  static MessageBound before(std::uint64_t seq) { return {Side::before, seq}; }
  static MessageBound after(std::uint64_t seq) { return {Side::after, seq}; }
  MovedReceipt move(UserId user, Receipt what, std::uint64_t up_to, std::uint32_t where = 1) {
    return answer_of<Expected<MovedReceipt, MessageFault>>(
               [&](auto done) { world_.messages().move_receipt({conversation_id(where), user, what, up_to}, done); })
        .value();
  }
  Expected<std::vector<UserId>, MessageFault> others(std::uint32_t where, UserId user) {
    return answer_of<Expected<std::vector<UserId>, MessageFault>>(
        [&](auto done) { world_.messages().others(conversation_id(where), user, done); });
  }
  /// Of one and of many the stores count in different ways.
  std::vector<UnreadCount> unread(UserId user) {
    std::vector<UserId> all{alice, bob, carol, dave};
    std::erase(all, user);
    all.push_back(user);
    auto alone = unread_of({user}), together = unread_of(all);
    EXPECT_EQ(together.back().counts, alone.front().counts);
    return alone.front().counts;
  }
  std::vector<UserUnread> unread_of(std::vector<UserId> users) {
    return answer_of<Expected<std::vector<UserUnread>, MessageFault>>([&](auto done) { world_.messages().unread(users, done); })
        .value();
  }
  std::vector<MessageId> search(UserId reader, std::string_view text, std::optional<ConversationId> where = {}) {
    const auto found =
        answer_of<Found>([&](auto done) { world_.messages().search({reader, chat::query_terms(text), where, {0, 100}}, done); });
    std::vector<MessageId> ids;
    for (const auto& each : found.value().results) ids.push_back(each.message.id);
    return ids;
  }
  static std::vector<MessageId> messages(std::initializer_list<std::uint32_t> numbers) {
    std::vector<MessageId> ids;
    for (const auto number : numbers) ids.push_back(message_id(number));
    return ids;
  }
  UserId alice, bob, carol, dave;
};

}  // namespace belfry::store::testing
