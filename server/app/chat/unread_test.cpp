// SPEC K38, K39, K42.
#include "app/chat/chat_stage_for_tests.hpp"

namespace belfry::chat {
namespace {

using namespace testing;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

// K39
TEST_F(ChatTest, UnreadCountsGoToTheOthersAndAfterReadingToOneself) {
  connect(kAnn, 10), connect(kBob, 20);
  ASSERT_TRUE(send(kAnn, "one").has_value());
  EXPECT_THAT(take(), Contains("20 unread 1 of 1"));
  ASSERT_TRUE(send(kAnn, "two").has_value());
  const auto heard = take();
  EXPECT_THAT(heard, Contains("20 unread 2 of 2"));
  EXPECT_THAT(heard, Not(Contains(::testing::StartsWith("10 unread"))));
  read(kBob, 2);
  EXPECT_THAT(take(), ElementsAre("10 status 2/2", "20 unread 0 of 0"));
}

// K39: the last one told is the true one.
TEST_F(ChatTest, BurstOfMessagesIsCountedTwice) {
  connect(kBob, 20);
  shaky_.holds = true;
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(send(kAnn, "x").has_value());
  EXPECT_EQ(shaky_.counts, 1);
  take();
  shaky_.release();
  mailboxes_.run();
  EXPECT_EQ(shaky_.counts, 2);
  EXPECT_EQ(take().back(), "20 unread 4 of 4");
}

// K35: the chat dialect has no event for counts, so none are read for it.
TEST_F(ChatTest, NothingIsCountedForSessionsThatShowNoCounts) {
  connect(kBob, 20, 0, call::Dialect::chat);
  ASSERT_TRUE(send(kAnn, "one").has_value());
  EXPECT_THAT(take(), ElementsAre("20 new 1 one"));
  EXPECT_EQ(shaky_.counts, 0);
  connect(kBob, 21);
  ASSERT_TRUE(send(kAnn, "two").has_value());
  EXPECT_THAT(take(), ::testing::UnorderedElementsAre("20 new 2 two", "21 new 2 two", "21 unread 2 of 2"));
}

// K38
TEST_F(ChatTest, ReceiptGoesToTheOthersOnlyWhenAPointerMoved) {
  connect(kAnn, 10), connect(kBob, 20);
  ASSERT_TRUE(send(kAnn, "hello").has_value());
  take();
  read(kBob, 1, Receipt::delivered);
  EXPECT_THAT(take(), ElementsAre("10 status 0/1"));
  read(kBob, 1, Receipt::delivered);
  EXPECT_THAT(take(), IsEmpty());
}

// K39: there is nobody else to tell, but they have another device.
TEST_F(ChatTest, WhoIsAloneInAGroupIsToldOfTheirOwnReading) {
  (void)send(kBob, "bye");
  depart(kBob), depart(kCid);
  connect(kAnn, 10);
  read(kAnn, 1);
  EXPECT_THAT(take(), ElementsAre("10 unread 0 of 0"));
}

// K39
TEST_F(ChatTest, NobodyIsToldOfACountThatStaysAsItWas) {
  const auto id = send(kAnn, "hello")->message.id;
  (void)send(kBob, "mine");
  read(kBob, 1);
  connect(kBob, 20), connect(kCid, 30);
  take();
  chats_[0]->remove(asker(kAnn), room_, id, [](const auto& changed) { EXPECT_TRUE(changed.has_value()); });
  mailboxes_.run();
  EXPECT_THAT(take(), ElementsAre("20 changed ", "30 changed ", "30 unread 1 of 1")) << "Bob has read it";
  read(kBob, 2);
  EXPECT_THAT(take(), ElementsAre("30 status 2/2")) << "what was passed was his own";
  read(kCid, 2, Receipt::delivered);
  EXPECT_THAT(take(), ElementsAre("20 status 0/2"));
}

// K42: also if the count is on its way.
TEST_F(ChatTest, WhoLeftIsToldOfNoCount) {
  connect(kBob, 20), connect(kCid, 30);
  shaky_.holds = true;
  (void)send(kAnn, "one");
  (void)send(kAnn, "two");
  take();
  depart(kBob);
  shaky_.release();
  EXPECT_THAT(take(), ElementsAre("30 unread 2 of 2", "30 unread 2 of 2"));
}

}  // namespace
}  // namespace belfry::chat
