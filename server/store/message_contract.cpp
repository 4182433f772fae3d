// The contract of MessageStore: what is sent, changed and read.
#include <algorithm>
#include <string>
#include <vector>

#include "store/message_suite_for_tests.hpp"

namespace belfry::store::testing {
namespace {

INSTANTIATE_TEST_SUITE_P(Stores, MessageContract, ::testing::ValuesIn(stores_under_test()), name_of);

// K31, K32
TEST_P(MessageContract, MessagesAreNumberedOneByOneInEachConversation) {
  const auto first = send(1, alice, "hello");
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->message, begin(request(1, alice, "hello"), 1));
  EXPECT_EQ(first->how, Sending::stored);
  EXPECT_EQ(first->members, (std::vector{alice, bob, carol}));
  EXPECT_EQ(send(2, bob, "hi")->message.seq, 2U);
  EXPECT_EQ(send(3, bob, "psst", 2)->message.seq, 1U);
  const auto found = page(carol);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->messages, (std::vector{first->message, begin(request(2, bob, "hi"), 2)}));
  EXPECT_EQ(found->last_seq, 2U);
}

TEST_P(MessageContract, TextIsKeptExactlyAsItWasSent) {
  for (const std::string text : {"  <b>&amp;</b>\r\n\t", "e\u0301 \u00E9 \U0001F600", "'; DROP TABLE messages; --"}) {
    const auto number = static_cast<std::uint32_t>(10 + text.size());
    ASSERT_TRUE(send(number, alice, text).has_value());
    EXPECT_EQ(page(bob)->messages.back().text, text);
  }
}

// K29
TEST_P(MessageContract, ConversationKnowsItsNewestMessage) {
  ASSERT_TRUE(send(7, alice, "hello").has_value());
  const auto found = this->found<std::optional<StoredConversation>>(
      [&](auto done) { world_.conversations().read(conversation_id(1), bob, done); });
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->conversation.last_seq, 1U);
  EXPECT_EQ(found->conversation.updated, at(7));
  EXPECT_EQ(found->newest, begin(request(7, alice, "hello"), 1));
  EXPECT_EQ(found->unread, 1U);
  const auto listed = this->found<ConversationPage>([&](auto done) { world_.conversations().list({.user = bob}, done); });
  ASSERT_EQ(listed.conversations.size(), 2U);
  EXPECT_EQ(listed.conversations[0], found);
  EXPECT_FALSE(listed.conversations[1].newest.has_value());
  change(alice, AddMembers{{dave}});
  const auto late = this->found<std::optional<StoredConversation>>(
      [&](auto done) { world_.conversations().read(conversation_id(1), dave, done); });
  EXPECT_FALSE(late->newest.has_value()) << "K42: it was sent before";
  EXPECT_EQ(late->unread, 0U);
}

// K32
TEST_P(MessageContract, RepeatAnswersTheStoredOneAndTakesNoNumber) {
  const auto first = send(1, alice, "hello");
  auto again = request(2, alice, "hello");
  again.client_id = "c1";
  const auto repeat = send(again);
  ASSERT_TRUE(repeat.has_value());
  EXPECT_EQ(repeat->how, Sending::repeated);
  EXPECT_EQ(repeat->message, first->message);
  EXPECT_TRUE(repeat->members.empty());
  again.text = "something else";
  EXPECT_EQ(fault(again), MessageFault::client_id_taken);
  again.sender = bob;
  EXPECT_EQ(send(again)->message.seq, 2U) << "client ids are their sender's";
  again.sender = alice, again.conversation = conversation_id(2), again.id = message_id(3);
  EXPECT_EQ(send(again)->message.seq, 1U) << "and their conversation's";
  EXPECT_EQ(find_sent(alice, "c1").value().value().message, first->message);
  EXPECT_FALSE(find_sent(alice, "c9").value().has_value());
}

// K32: also when what was stored has changed since.
TEST_P(MessageContract, RepeatOfAnEditedOrDeletedOneIsKnownByTheTextThatWasSent) {
  for (const std::uint32_t number : {1U, 2U}) (void)send(number, alice, "hello");
  ASSERT_TRUE(edit(1, alice, "hullo").has_value());
  ASSERT_TRUE(remove(2, alice).has_value());
  for (const std::uint32_t number : {1U, 2U}) {
    auto again = request(number + 10, alice, "hello");
    again.client_id = "c" + std::to_string(number);
    const auto repeat = send(again);
    ASSERT_TRUE(repeat.has_value()) << number;
    EXPECT_EQ(repeat->how, Sending::repeated);
    EXPECT_EQ(repeat->message, find_sent(alice, again.client_id)->value().message);
    again.text = number == 1 ? "hullo" : "";
    EXPECT_EQ(fault(again), MessageFault::client_id_taken) << "what it was changed to was not sent";
  }
}

// K30, K42: who is no longer in a conversation reads nothing of it, not even what they sent.
TEST_P(MessageContract, RemovedMemberIsNotAnsweredTheirOwnMessage) {
  (void)send(1, bob, "hello");
  EXPECT_EQ(find_sent(bob, "c1")->value().message.text, "hello");
  change(alice, RemoveMember{bob});
  for (const UserId stranger : {bob, dave}) {
    const auto found = find_sent(stranger, "c1");
    ASSERT_FALSE(found.has_value());
    EXPECT_EQ(found.error(), MessageFault::not_participant);
  }
}

// K32: a store may run a question again when the connection broke, and then finds its own effect.
TEST_P(MessageContract, SameQuestionAgainIsAnsweredAsTheFirstTime) {
  const auto first = send(1, alice, "hello");
  const auto again = send(1, alice, "hello");
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->how, Sending::stored);
  EXPECT_EQ(again->message, first->message);
  EXPECT_EQ(again->members, first->members);
}

// K32: both tries of one send on their way at once.
TEST_P(MessageContract, TriesOfOneSendAtOnceStoreItOnce) {
  std::vector<SentMessage> sent;
  for (std::uint32_t number = 1; number <= 20; ++number) {
    auto attempt = request(number, alice, "hello");
    attempt.client_id = "same";
    world_.messages().send(attempt, [&](const auto& each) { sent.push_back(each.value()); });
  }
  world_.settle();
  ASSERT_EQ(sent.size(), 20U);
  EXPECT_EQ(std::count_if(sent.begin(), sent.end(), [](const auto& each) { return each.how == Sending::stored; }), 1);
  for (const auto& each : sent) EXPECT_EQ(each.message, sent[0].message);
  EXPECT_EQ(seqs(page(bob)), std::vector<std::uint64_t>{1});
}

// K31
TEST_P(MessageContract, SendsAtOnceLeaveNoGap) {
  for (std::uint32_t number = 1; number <= 50; ++number)
    world_.messages().send(request(number, number % 2 == 0 ? alice : bob, "x"),
                           [](const auto& each) { EXPECT_TRUE(each.has_value()); });
  world_.settle();
  std::vector<std::uint64_t> expected;
  for (std::uint64_t seq = 1; seq <= 50; ++seq) expected.push_back(seq);
  EXPECT_EQ(seqs(page(carol)), expected);
}

// K30
TEST_P(MessageContract, StrangersDoNothingAndCannotTellWhatExists) {
  ASSERT_TRUE(send(1, alice, "hello").has_value());
  for (const std::uint32_t where : {1U, 77U}) {
    const auto refused = MessageFault::not_participant;
    EXPECT_EQ(fault(request(2, dave, "let me in", where)), refused);
    EXPECT_EQ(edit(1, dave, "x", where).error(), refused);
    EXPECT_EQ(remove(1, dave, where).error(), refused);
    const auto id = conversation_id(where);
    const auto paged =
        answer_of<Expected<MessagePage, MessageFault>>([&](auto done) { world_.messages().page({id, dave, {}, 50}, done); });
    EXPECT_EQ(paged.error(), refused);
    const auto moved = answer_of<Expected<MovedReceipt, MessageFault>>(
        [&](auto done) { world_.messages().move_receipt({id, dave, Receipt::read, 1}, done); });
    EXPECT_EQ(moved.error(), refused);
    EXPECT_EQ(others(where, dave).error(), refused);
  }
  EXPECT_TRUE(search(dave, "hello").empty());
  const auto searched =
      answer_of<Found>([&](auto done) { world_.messages().search({dave, {"hello"}, conversation_id(1)}, done); });
  EXPECT_EQ(searched.error(), MessageFault::not_participant);
}

// K37
TEST_P(MessageContract, ReplyIsToAMessageOfTheSameConversationAndOutlivesIt) {
  ASSERT_TRUE(send(1, alice, "question").has_value());
  ASSERT_TRUE(send(2, alice, "elsewhere", 2).has_value());
  auto reply = request(3, bob, "answer");
  for (const auto& wrong : {message_id(2), message_id(99)}) {
    reply.reply_to = wrong;
    EXPECT_EQ(fault(reply), MessageFault::wrong_reply);
  }
  reply.reply_to = message_id(1);
  EXPECT_EQ(send(reply)->message.reply_to, message_id(1));
  ASSERT_TRUE(remove(1, alice).has_value());
  EXPECT_EQ(page(bob)->messages.back().reply_to, message_id(1));
}

// K36
TEST_P(MessageContract, EditIsKeptAndTellsTheMembers) {
  ASSERT_TRUE(send(1, alice, "helo").has_value());
  const auto edited = edit(1, alice, "hello");
  ASSERT_TRUE(edited.has_value());
  EXPECT_EQ(edited->message.text, "hello");
  EXPECT_EQ(edited->message.edited, at(900));
  EXPECT_EQ(edited->members, (std::vector{alice, bob, carol}));
  EXPECT_EQ(page(bob)->messages, std::vector{edited->message});
  EXPECT_TRUE(edit(1, alice, "hello")->members.empty()) << "nothing changed";
  EXPECT_EQ(edit(1, bob, "x").error(), MessageFault::forbidden);
  EXPECT_EQ(edit(99, alice, "x").error(), MessageFault::not_found);
  ASSERT_TRUE(send(2, alice, "other", 2).has_value());
  EXPECT_EQ(edit(2, alice, "x", 1).error(), MessageFault::not_found) << "a message of another conversation";
}

// K36
TEST_P(MessageContract, DeletedOneKeepsItsNumberAndNothingElse) {
  ASSERT_TRUE(send(1, bob, "secret").has_value());
  ASSERT_TRUE(send(2, bob, "more").has_value());
  EXPECT_EQ(remove(1, carol).error(), MessageFault::forbidden);
  const auto deleted = remove(1, alice);  // the owner
  ASSERT_TRUE(deleted.has_value());
  EXPECT_EQ(deleted->message.text, "");
  EXPECT_EQ(deleted->message.deleted, at(950));
  EXPECT_EQ(page(carol)->messages.front(), deleted->message);
  EXPECT_TRUE(remove(1, bob)->members.empty()) << "it is deleted already";
  EXPECT_EQ(edit(1, bob, "back").error(), MessageFault::not_found);
  EXPECT_EQ(send(3, bob, "next")->message.seq, 3U);
}

// K34
TEST_P(MessageContract, PagesGoInBothDirections) {
  for (std::uint32_t number = 1; number <= 7; ++number) ASSERT_TRUE(send(number, alice, "x").has_value());
  using Seqs = std::vector<std::uint64_t>;
  const auto latest = page(bob, {}, 3);
  EXPECT_EQ(seqs(latest), (Seqs{5, 6, 7}));
  EXPECT_TRUE(latest->more);
  const auto older = page(bob, before(5), 3);
  EXPECT_EQ(seqs(older), (Seqs{2, 3, 4}));
  EXPECT_TRUE(older->more);
  const auto oldest = page(bob, before(2), 3);
  EXPECT_EQ(seqs(oldest), Seqs{1});
  EXPECT_FALSE(oldest->more);
  const auto newer = page(bob, after(4), 2);
  EXPECT_EQ(seqs(newer), (Seqs{5, 6}));
  EXPECT_TRUE(newer->more);
  EXPECT_EQ(newer->last_seq, 7U);
  EXPECT_FALSE(page(bob, after(5), 2)->more);
  EXPECT_EQ(seqs(page(bob, after(7))), Seqs{});
  EXPECT_EQ(seqs(page(bob, MessageBound{Side::after, message_id(6)})), Seqs{7});
  EXPECT_EQ(page(bob, MessageBound{Side::after, message_id(99)}).error(), MessageFault::wrong_position);
  EXPECT_EQ(seqs(page(bob, before(100), 2)), (Seqs{6, 7}));
}

// K42
TEST_P(MessageContract, MemberReadsFromJoiningOnAndNothingAfterLeaving) {
  ASSERT_TRUE(send(1, alice, "before you came").has_value());
  change(alice, AddMembers{{dave}});
  EXPECT_TRUE(unread(dave).empty());
  ASSERT_TRUE(send(2, alice, "after you came").has_value());
  EXPECT_EQ(seqs(page(dave)), std::vector<std::uint64_t>{2});
  EXPECT_FALSE(page(dave)->more);
  EXPECT_EQ(page(dave, MessageBound{Side::after, message_id(1)}).error(), MessageFault::wrong_position);
  EXPECT_EQ(search(dave, "came"), messages({2}));
  EXPECT_EQ(edit(1, alice, "before you were here")->members, (std::vector{alice, bob, carol})) << "found by an attack";
  EXPECT_EQ(remove(1, alice)->members, (std::vector{alice, bob, carol}));
  EXPECT_EQ(edit(2, alice, "after you were here")->members, (std::vector{alice, bob, carol, dave}));
  EXPECT_EQ(edit(2, alice, "after you came")->members.size(), 4U);
  auto reply = request(3, dave, "what?");
  reply.reply_to = message_id(1);
  EXPECT_EQ(fault(reply), MessageFault::wrong_reply);
  change(alice, RemoveMember{dave});
  EXPECT_EQ(page(dave).error(), MessageFault::not_participant);
  EXPECT_TRUE(search(dave, "came").empty());
  EXPECT_TRUE(unread(dave).empty());
  EXPECT_EQ(fault(request(4, dave, "still here")), MessageFault::not_participant);
  EXPECT_EQ(send(5, alice, "bye")->members.size(), 3U);
  change(alice, AddMembers{{dave}});
  EXPECT_TRUE(page(dave)->messages.empty()) << "also what they could read before";
}

// K45
TEST_P(MessageContract, BlockStopsTheDirectConversationAndNoGroup) {
  ASSERT_TRUE(send(1, bob, "hello", 2).has_value());
  (void)found<bool>([&](auto done) { world_.conversations().block(alice, bob, at(1), done); });
  for (const auto& sender : {alice, bob}) EXPECT_EQ(fault(request(2, sender, "x", 2)), MessageFault::blocked);
  auto again = request(9, bob, "hello", 2);
  again.client_id = "c1";
  EXPECT_EQ(send(again)->how, Sending::repeated) << "what was sent before is answered still";
  EXPECT_EQ(edit(1, bob, "x", 2).error(), MessageFault::blocked);
  for (const auto& reader : {alice, bob}) {
    const auto read = answer_of<Expected<MessagePage, MessageFault>>(
        [&](auto done) { world_.messages().page({conversation_id(2), reader, {}, 50}, done); });
    EXPECT_EQ(read.value().messages.size(), 1U) << "what was written stays readable";
    EXPECT_EQ(search(reader, "hello"), messages({1}));
  }
  EXPECT_TRUE(remove(1, bob, 2).has_value());
  EXPECT_EQ(others(2, bob).error(), MessageFault::blocked);
  EXPECT_EQ(others(1, bob).value(), (std::vector{alice, carol}));
  EXPECT_TRUE(send(3, bob, "to all").has_value());
}

TEST_P(MessageContract, DeletedConversationTakesItsMessagesAlong) {
  ASSERT_TRUE(send(1, alice, "gone soon").has_value());
  change(alice, conversation::Delete{});
  EXPECT_EQ(page(alice).error(), MessageFault::not_participant);
  EXPECT_TRUE(search(alice, "gone").empty());
  EXPECT_TRUE(unread(bob).empty());
  open(conversation::Kind::group, 4, {bob});
  ASSERT_TRUE(send(2, alice, "gone too", 4).has_value()) << "whatever number it has got";
  EXPECT_EQ(search(bob, "gone"), messages({2}));
}

TEST_P(MessageContract, WipeEmptiesMessages) {
  ASSERT_TRUE(send(1, alice, "hello").has_value());
  found<void>([&](auto done) { world_.calls().wipe(done); });
  SetUp();
  EXPECT_TRUE(page(alice)->messages.empty());
  EXPECT_TRUE(search(alice, "hello").empty());
  EXPECT_EQ(send(1, alice, "again")->message.seq, 1U);
}

}  // namespace
}  // namespace belfry::store::testing
