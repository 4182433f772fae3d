// Who is online, as sessions are sent it (SPEC K15, K45).
#include "gateway/chat/online_lists.hpp"

#include <malloc.h>

#include "gateway/chat/chat_stage_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using namespace std::chrono_literals;

class OnlineListsTest : public ChatStage {
 protected:
  static SessionAddress at(std::uint8_t number) { return {.shard = 0, .node = 0, .slot = number, .generation = 1}; }
  void come(std::uint8_t number) {
    sessions.enter(user(number), "user", {.id = store::SessionId(uuid(number)), .at = at(number)});
    shared.changed(mailboxes);
  }
  void go(std::uint8_t number) {
    EXPECT_TRUE(sessions.leave(user(number), at(number)));
    shared.changed(mailboxes);
  }
  void pass(Duration time) {
    clock.passed += time;
    if (lists.next_deadline() <= clock.now()) lists.on_time(clock.now());
  }
  /// The list of this moment is out, and so old that the next change is sent at once.
  void settle() {
    pass(1s);
    pass(1s);
    take();
  }
  static std::string list(std::initializer_list<std::uint8_t> users) {
    std::string text;
    for (const std::uint8_t each : users) text += (text.empty() ? "\"" : ",\"") + id_text(each) + '"';
    return "unkept getonline [" + text + ']';
  }
};

// K14, R-004-24, R-004-25
TEST_F(OnlineListsTest, SessionIsSentTheListAtOnceAndItselfInIt) {
  come(1);
  lists.show({.at = at(1), .user = user(1)});
  EXPECT_THAT(take(), ElementsAre(list({1})));
  pass(1s);
  EXPECT_THAT(take(), IsEmpty()) << "the same list is not sent again";
}

TEST_F(OnlineListsTest, ListThatIsOlderThanTheSessionHasIt) {
  come(1);
  lists.show({.at = at(1), .user = user(1)});
  settle();
  come(2);
  lists.show({.at = at(2), .user = user(2)});
  EXPECT_THAT(take(), ElementsAre(list({1, 2})));
  pass(0s);
  EXPECT_THAT(take(), ElementsAre(list({1, 2}))) << "to the first, whose list has changed";
}

// K15, W-004-07
TEST_F(OnlineListsTest, ChangesWithin200MsAreOneListAndTheLastOneIsTrue) {
  come(1);
  lists.show({.at = at(1), .user = user(1)});
  settle();
  come(2);
  pass(0s);
  EXPECT_THAT(take(), ElementsAre(list({1, 2}))) << "the first change after a while waits for nothing";
  for (std::uint8_t number = 3; number <= 5; ++number) {
    come(number);
    pass(10ms);
  }
  go(4);
  EXPECT_THAT(take(), IsEmpty());
  pass(170ms);
  EXPECT_THAT(take(), ElementsAre(list({1, 2, 3, 5})));
  pass(1s);
  EXPECT_THAT(take(), IsEmpty());
}

// K15
TEST_F(OnlineListsTest, WhoComesAndGoesInBetweenChangesNothing) {
  come(1);
  lists.show({.at = at(1), .user = user(1)});
  settle();
  come(2);
  go(2);
  pass(1s);
  EXPECT_THAT(take(), IsEmpty());
}

// K45
TEST_F(OnlineListsTest, HiddenUsersAreNotInTheList) {
  come(1);
  come(2);
  come(3);
  lists.show({.at = at(1), .user = user(1), .hidden = {user(2)}});
  lists.show({.at = at(3), .user = user(3)});
  EXPECT_THAT(take(), ElementsAre(list({1, 3}), list({1, 2, 3})));
  go(2);
  pass(1s);
  EXPECT_THAT(take(), ElementsAre(list({1, 3}))) << "to the one who saw them";
  lists.show({.at = at(1), .user = user(1), .hidden = {}});
  EXPECT_THAT(take(), IsEmpty()) << "the same to see";
}

// K45
TEST_F(OnlineListsTest, WhoeverIsHiddenIsCutOutOfTheList) {
  for (std::uint8_t number = 1; number <= 6; ++number) come(number);
  const auto seen_by = [&](std::uint8_t viewer, std::vector<account::UserId> hidden) {
    lists.show({.at = at(viewer), .user = user(viewer), .hidden = std::move(hidden)});
    return take();
  };
  EXPECT_THAT(seen_by(1, {user(2), user(3), user(5)}), ElementsAre(list({1, 4, 6})));
  EXPECT_THAT(seen_by(2, {user(1)}), ElementsAre(list({2, 3, 4, 5, 6})));
  EXPECT_THAT(seen_by(3, {user(4), user(6), user(9)}), ElementsAre(list({1, 2, 3, 5})));
  EXPECT_THAT(seen_by(4, {user(1), user(2), user(3), user(5), user(6)}), ElementsAre(list({4})));
  EXPECT_THAT(seen_by(9, {user(1), user(6)}), ElementsAre(list({2, 3, 4, 5, 9}))) << "who is newer than the list";
  EXPECT_THAT(seen_by(8, {user(1), user(2), user(3), user(4), user(5), user(6)}), ElementsAre(list({8})));
}

// Found in review: what somebody from whom others are hidden saw was kept until the next list, a text for each of them.
TEST_F(OnlineListsTest, NothingIsKeptOfWhatAViewerWasSent) {
  for (std::uint8_t number = 1; number <= 200; ++number) come(number);
  const auto show_without = [&](std::size_t hidden) {
    for (std::uint8_t number = 2; number <= 200; ++number)
      lists.show(
          {.at = at(number), .user = user(number), .hidden = std::vector(hidden, user(static_cast<std::uint8_t>(number - 1)))});
    take();
    for (std::uint8_t number = 2; number <= 200; ++number) lists.forget(at(number));
  };
  show_without(0);
  const std::size_t before = mallinfo2().uordblks;
  show_without(1);
  EXPECT_LT(mallinfo2().uordblks, before + 100'000) << "199 lists have 1.5 MB";
}

// K45
TEST_F(OnlineListsTest, WhoseBlocksAreNotKnownYetSeesNobodyElse) {
  come(1);
  come(2);
  lists.show({.at = at(1), .user = user(1), .alone = true});
  EXPECT_THAT(take(), ElementsAre(list({1})));
  lists.show({.at = at(1), .user = user(1)});
  EXPECT_THAT(take(), ElementsAre(list({1, 2})));
}

TEST_F(OnlineListsTest, SessionThatIsGoneIsSentNothing) {
  come(1);
  lists.show({.at = at(1), .user = user(1)});
  settle();
  lists.forget({.shard = 0, .node = 0, .slot = 1, .generation = 9});
  come(2);
  pass(1s);
  EXPECT_THAT(take(), SizeIs(1)) << "another socket had that slot";
  lists.forget(at(1));
  come(3);
  pass(1s);
  EXPECT_THAT(take(), IsEmpty());
}

TEST_F(OnlineListsTest, SlowReaderIsSentTheNewestListWhenThereIsRoom) {
  come(1);
  lists.show({.at = at(1), .user = user(1)});
  settle();
  out.room = false;
  for (std::uint8_t number = 2; number <= 5; ++number) {
    come(number);
    pass(1s);
  }
  EXPECT_THAT(take(), IsEmpty());
  out.room = true;
  pass(1s);
  EXPECT_THAT(take(), ElementsAre(list({1, 2, 3, 4, 5})));
  pass(1s);
  EXPECT_EQ(lists.next_deadline(), TimePoint::max());
}

/// A list of sixty thousand users has more than 2 MB.
TEST_F(OnlineListsTest, LongListsAreSentInTurns) {
  for (std::uint32_t number = 0; number < 60'000; ++number) {
    Uuid id = uuid(9);
    id[12] = static_cast<std::uint8_t>(number >> 16U);
    id[13] = static_cast<std::uint8_t>(number >> 8U);
    id[14] = static_cast<std::uint8_t>(number);
    sessions.enter(account::UserId(id), "user", {.id = store::SessionId(id), .at = {0, 0, number, 1}});
  }
  for (std::uint8_t number = 1; number <= 5; ++number) {
    come(number);
    lists.show({.at = at(number), .user = user(number)});
  }
  take();
  std::vector<std::size_t> turns;
  for (std::size_t sent = 0; sent < 5; sent += turns.back()) {
    pass(0s);
    turns.push_back(take().size());
    ASSERT_GT(turns.back(), 0U);
  }
  EXPECT_THAT(turns, ElementsAre(2, 2, 1));
}

}  // namespace
}  // namespace belfry::gateway::testing
