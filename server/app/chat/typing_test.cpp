// SPEC K40, K42, K45.
#include "app/chat/chat_stage_for_tests.hpp"

namespace belfry::chat {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

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
  depart(kBob);
  pass(5s);
  EXPECT_THAT(take(), ElementsAre("30 stopped"));
}

// K40, K45: somebody who was blocked, or removed, goes on typing.
TEST_F(ChatTest, EverySignOfTypingIsCheckedAndTheFirstThatIsRefusedEndsIt) {
  connect(kBob, 20);
  const ConversationId pair(Uuid{8});
  stores_.conversations().open({.id = pair, .kind = conversation::Kind::direct, .creator = user(kAnn), .others = {user(kBob)}},
                               std::nullopt, [](const auto& opened) { ASSERT_TRUE(opened.has_value()); });
  const auto sign = [&] {
    std::optional<MessageFault> fault;
    chats_[0]->type(asker(kAnn), pair, TypingChanged::State::types, [&](const auto& done) {
      if (!done) fault = std::get<MessageFault>(done.error());
    });
    mailboxes_.run();
    return fault;
  };
  EXPECT_EQ(sign(), std::nullopt);
  EXPECT_THAT(take(), ElementsAre("20 types"));
  stores_.conversations().block(user(kBob), user(kAnn), {}, [](const auto& done) { ASSERT_TRUE(done.has_value()); });
  EXPECT_EQ(sign(), MessageFault::blocked);
  EXPECT_THAT(take(), ElementsAre("20 stopped"));
  EXPECT_EQ(sign(), MessageFault::blocked);
  pass(5s);
  EXPECT_THAT(take(), IsEmpty());
}

// K40, K42
TEST_F(ChatTest, TypingOfWhoLeavesEndsAndTheirNextSignIsRefused) {
  connect(kAnn, 10), connect(kBob, 20), connect(kCid, 30);
  (void)type(kBob);
  EXPECT_THAT(take(), ::testing::UnorderedElementsAre("10 types", "30 types"));
  depart(kBob);
  EXPECT_THAT(take(), ::testing::UnorderedElementsAre("10 stopped", "30 stopped"));
  EXPECT_FALSE(type(kBob).has_value());
  EXPECT_THAT(take(), IsEmpty());
}

// K42: the store has answered as it was before.
TEST_F(ChatTest, WhoLeavesWhileTheStoreIsAskedIsNotedAsTypingNoMore) {
  connect(kAnn, 10);
  shaky_.holds = true;
  std::optional<bool> allowed;
  chats_[0]->type(asker(kBob), room_, TypingChanged::State::types, [&](const auto& done) { allowed = done.has_value(); });
  mailboxes_.run();
  depart(kBob);
  shaky_.release();
  mailboxes_.run();
  EXPECT_EQ(allowed, false);
  EXPECT_THAT(take(), IsEmpty());
}

// K40: native events of a socket do not wait for each other.
TEST_F(ChatTest, StopThatOvertakesTheStartIsNotFollowedByIt) {
  connect(kBob, 20);
  const auto start = [&] {
    shaky_.holds = true;
    chats_[0]->type(asker(kAnn), room_, TypingChanged::State::types, [](const auto& done) { EXPECT_TRUE(done.has_value()); });
    mailboxes_.run();
  };
  const auto answer = [&] {
    shaky_.holds = false;
    shaky_.release();
    mailboxes_.run();
  };
  start();
  shaky_.holds = false;
  EXPECT_TRUE(type(kAnn, TypingChanged::State::stopped).has_value());
  answer();
  EXPECT_THAT(take(), IsEmpty());
  start();
  shaky_.holds = false;
  (void)send(kAnn, "done");
  answer();
  EXPECT_THAT(take(), ElementsAre("20 new 1 done", "20 unread 1 of 1"));
  start(), start();
  answer();
  EXPECT_THAT(take(), ElementsAre("20 types"));
}

/// Ann and Bob, who have no conversation of their own.
class TypingToAStranger : public ChatTest {
 protected:
  TypingToAStranger() { connect(kAnn, 10), connect(kBob, 20, 1); }
  std::optional<MessageFault> sign(std::uint32_t from, std::uint32_t to, TypingChanged::State state = TypingChanged::State::types,
                                   std::size_t shard = 0) {
    std::optional<MessageFault> fault;
    chats_.at(shard)->type_to(asker(from), user(to), state, [&](const auto& done) {
      if (!done) fault = std::get<MessageFault>(done.error());
    });
    mailboxes_.run();
    return fault;
  }
  std::optional<ConversationId> conversation() {
    std::optional<ConversationId> found;
    stores_.conversations().find_direct(user(kAnn), user(kBob), [&](const auto& direct) { found = direct.value(); });
    return found;
  }
};

// K40: "Nothing is stored."
TEST_F(TypingToAStranger, IsToldOnceEndsByItselfAndMakesNoConversation) {
  EXPECT_EQ(sign(kAnn, kBob), std::nullopt);
  EXPECT_THAT(take(), ElementsAre("20 types"));
  pass(4s);
  EXPECT_EQ(sign(kAnn, kBob, TypingChanged::State::types, 1), std::nullopt);
  pass(4s);
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_EQ(sign(kBob, kAnn), std::nullopt);
  pass(1s);
  EXPECT_THAT(take(), ElementsAre("10 types", "20 stopped"));
  EXPECT_EQ(sign(kBob, kAnn, TypingChanged::State::stopped), std::nullopt);
  EXPECT_THAT(take(), ElementsAre("10 stopped"));
  pass(5s);
  EXPECT_THAT(take(), IsEmpty());
  for (const auto& chat : chats_) EXPECT_EQ(chat->next_deadline(), std::nullopt);
  EXPECT_EQ(conversation(), std::nullopt);
}

// K45
TEST_F(TypingToAStranger, IsRefusedWhereOneBlocksTheOther) {
  (void)sign(kAnn, kBob);
  stores_.conversations().block(user(kBob), user(kAnn), {}, [](const auto& done) { ASSERT_TRUE(done.has_value()); });
  EXPECT_EQ(sign(kAnn, kBob), MessageFault::blocked);
  EXPECT_EQ(sign(kBob, kAnn, TypingChanged::State::stopped), MessageFault::blocked);
  EXPECT_THAT(take(), ElementsAre("20 types", "20 stopped"));
}

// K40: what they typed before must not end what they type in it.
TEST_F(TypingToAStranger, GoesOverIntoTheConversationWithTheFirstMessage) {
  (void)sign(kAnn, kBob), (void)sign(kBob, kAnn);
  take();
  const ConversationId pair(Uuid{8});
  stores_.conversations().open({.id = pair, .kind = conversation::Kind::direct, .creator = user(kAnn), .others = {user(kBob)}},
                               std::nullopt, [](const auto& opened) { ASSERT_TRUE(opened.has_value()); });
  chats_[0]->send(asker(kAnn), {.conversation = pair, .text = "hi"}, [](const auto& sent) { EXPECT_TRUE(sent.has_value()); });
  mailboxes_.run();
  EXPECT_THAT(take(), ::testing::UnorderedElementsAre("10 new 1 hi", "20 new 1 hi", "20 unread 1 of 1", "10 stopped"));
  pass(5s);
  EXPECT_THAT(take(), IsEmpty());
}

}  // namespace
}  // namespace belfry::chat
