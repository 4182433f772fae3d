// SPEC K32 to K47, on the memory store and two shards.
#include "app/chat/chat_stage_for_tests.hpp"

namespace belfry::chat {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

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

}  // namespace
}  // namespace belfry::chat
