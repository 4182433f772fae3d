// SPEC K45: whom a session is not shown, and when the store is asked for it.
#include "gateway/chat/hidden_users.hpp"

#include "gateway/chat/chat_stage_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

using chat_clients::HiddenUsers;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class HiddenFromSessions : public ::testing::Test {
 protected:
  HiddenFromSessions() {
    for (const std::uint8_t number : std::initializer_list<std::uint8_t>{1, 2, 3})
      stores.accounts().create({.id = user(number), .username = "user" + std::to_string(number)},
                               [](const auto& made) { ASSERT_TRUE(made.has_value()); });
  }
  static account::UserId user(std::uint8_t number) { return account::UserId(uuid(number)); }
  /// Each user has one session, in the slot of their number.
  static SessionAddress at(std::uint32_t slot) { return {.shard = 0, .node = 0, .slot = slot, .generation = 1}; }
  void ask(std::uint8_t number) {
    hidden.ask(at(number), user(number), [this, number] { heard.push_back("asked " + std::to_string(number)); });
  }
  void block(std::uint8_t one, std::uint8_t other) {
    stores.conversations().block(user(one), user(other), {}, [](const auto& done) { ASSERT_TRUE(done.has_value()); });
    hidden.blocks_changed(user(one), user(other));
  }
  void answer() {
    for (const auto& each : std::exchange(conversations.late, {})) each();
  }
  std::vector<std::string> take() { return std::exchange(heard, {}); }

  StageClock clock;
  memory::Tables tables;
  memory::Stores stores{tables};
  FlakyConversations conversations{stores.conversations()};
  std::vector<std::string> heard;
  HiddenUsers hidden{conversations, clock, [this](SessionAddress at) { heard.push_back("changed " + std::to_string(at.slot)); }};
};

TEST_F(HiddenFromSessions, AreThoseWithABlockToOrFromTheirUser) {
  block(1, 2), block(3, 1);
  EXPECT_FALSE(hidden.of(at(1)).known);
  ask(1);
  EXPECT_THAT(take(), ElementsAre("asked 1"));
  EXPECT_TRUE(hidden.of(at(1)).known);
  EXPECT_THAT(hidden.of(at(1)).users, ElementsAre(user(2), user(3)));
}

TEST_F(HiddenFromSessions, AreFoundAnewWhenABlockOfTheirUserChanges) {
  ask(1), ask(2), ask(3);
  take();
  block(1, 2);
  EXPECT_THAT(take(), ::testing::UnorderedElementsAre("changed 1", "changed 2"));
  EXPECT_THAT(hidden.of(at(2)).users, ElementsAre(user(1)));
  EXPECT_THAT(hidden.of(at(3)).users, IsEmpty());
}

TEST_F(HiddenFromSessions, AreAskedForOnceMoreIfABlockChangesBeforeTheAnswer) {
  conversations.slow = true;
  ask(1);
  block(2, 1), block(3, 1);
  ASSERT_EQ(conversations.late.size(), 1U) << "one question at a time";
  answer();
  EXPECT_THAT(take(), IsEmpty()) << "that answer may be old";
  answer();
  EXPECT_THAT(take(), ElementsAre("asked 1"));
  EXPECT_THAT(hidden.of(at(1)).users, ElementsAre(user(2), user(3)));
}

TEST_F(HiddenFromSessions, AreUnknownWhileTheStoreIsAwayAndAskedForAgainAfterASecond) {
  conversations.away = true;
  block(1, 2);
  ask(1);
  EXPECT_THAT(take(), ElementsAre("asked 1"));
  EXPECT_FALSE(hidden.of(at(1)).known);
  EXPECT_EQ(hidden.next_deadline(), clock.now() + std::chrono::seconds{1});
  conversations.away = false;
  hidden.on_time(clock.now());
  EXPECT_THAT(take(), IsEmpty());
  clock.passed += std::chrono::seconds{1};
  hidden.on_time(clock.now());
  EXPECT_THAT(take(), ElementsAre("changed 1"));
  EXPECT_THAT(hidden.of(at(1)).users, ElementsAre(user(2)));
  EXPECT_EQ(hidden.next_deadline(), TimePoint::max());
}

TEST_F(HiddenFromSessions, AreNotFoundForASessionThatIsGone) {
  conversations.slow = true;
  ask(1);
  hidden.forget(at(1));
  answer();
  block(1, 2);
  EXPECT_THAT(conversations.late, IsEmpty());
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_FALSE(hidden.of(at(1)).known);
}

}  // namespace
}  // namespace belfry::gateway::testing
