#include "app/sessions/sessions.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <string>
#include <thread>

namespace belfry::sessions {
namespace {

UserId user_numbered(std::uint32_t number) {
  Uuid id{};
  id[0] = static_cast<std::uint8_t>(number * 37);  // over several stripes
  id[15] = static_cast<std::uint8_t>(number);
  return UserId(id);
}

// GET / and /metrics need no credential: so all users are not walked under locks to count them.
TEST(Sessions, CountsTheUsersWithALiveSession) {
  Sessions sessions;
  std::mt19937 chance(7);
  const auto below = [&](std::uint32_t end) { return static_cast<std::uint32_t>(chance() % end); };
  const auto at = [&](std::uint32_t first) { return SessionAddress{0, 0, first + below(3), 1}; };
  for (int step = 0; step < 20'000; ++step) {
    const std::uint32_t number = below(40);
    const UserId user = user_numbered(number);
    switch (below(5)) {
      case 0:
      case 1:
        sessions.enter(user, "user" + std::to_string(number), {.at = at(1), .suspended = below(4) == 0});
        break;
      case 2:
        (void)sessions.leave(user, at(1));
        break;
      case 3:
        sessions.suspend(user, at(1));
        break;
      default:
        (void)sessions.move(user, at(1), at(4));
    }
    if (step % 16 == 0) {
      ASSERT_EQ(sessions.count(), sessions.names(1'000).size()) << step;
    }
  }
  EXPECT_GT(sessions.count(), 5U);
  EXPECT_EQ(sessions.names(5).size(), 5U);
}

// C-11: of two registrations at once neither may look for others before it is to be found itself.
TEST(Sessions, OneOfTwoSimultaneousSessionsFindsTheOther) {
  Sessions sessions;
  const UserId user = user_numbered(1);
  constexpr int kRounds = 2'000;
  for (int round = 0; round < kRounds; ++round) {
    std::atomic<std::size_t> found{0};
    const auto come = [&](std::uint32_t slot) {
      const LiveSession session{.at = {0, 0, slot, 1}, .dialect = call::Dialect::signaling};
      found += sessions.enter_alone(user, "alice", session).size();
    };
    std::thread other([&] { come(1); });
    come(2);
    other.join();
    ASSERT_EQ(found, 1U);
    static_cast<void>(sessions.leave(user, {0, 0, 1, 1}));
    static_cast<void>(sessions.leave(user, {0, 0, 2, 1}));
  }
}

// found by reading. A session that resumed an earlier one while another shard ended its login was entered again, without a
// name.
TEST(Sessions, SessionThatIsGoneIsNotRenamed) {
  Sessions sessions;
  const UserId user = user_numbered(1);
  const SessionAddress at{0, 0, 1, 1};
  sessions.enter(user, "alice", {.at = at});
  EXPECT_TRUE(sessions.rename(user, at, SessionId(Uuid{7})));
  const auto renamed = sessions.session(user, at);
  ASSERT_TRUE(renamed.has_value());
  EXPECT_EQ(renamed->id, SessionId(Uuid{7}));
  EXPECT_EQ(sessions.find("alice"), user);
  static_cast<void>(sessions.leave(user, at));
  EXPECT_FALSE(sessions.rename(user, at, SessionId(Uuid{8})));
  EXPECT_FALSE(sessions.is_live(user));
  EXPECT_TRUE(sessions.names(10).empty());
}

// R-000-39
TEST(Sessions, SeveralUsersAreLookedUpAtOnceInTheirOrder) {
  Sessions sessions;
  const std::vector<UserId> users = {user_numbered(3), user_numbered(1), user_numbered(2)};
  sessions.enter(users[0], "three", {.at = {0, 0, 30, 1}});
  sessions.enter(users[2], "two", {.at = {0, 0, 20, 1}});
  sessions.enter(users[2], "two", {.at = {0, 0, 21, 1}});
  const auto before = sessions.look_ups();
  const auto found = sessions.of(users);
  EXPECT_EQ(sessions.look_ups(), before + 1);
  ASSERT_EQ(found.size(), 3U);
  ASSERT_EQ(found[0].size(), 1U);
  EXPECT_EQ(found[0].front().at.slot, 30U);
  EXPECT_TRUE(found[1].empty());
  EXPECT_EQ(found[2].size(), 2U);
}

// J-7.3: the number counts calls. A list of people asked for each of them, and a logout for its own.
TEST(Sessions, OnlyTheLookUpOfACallsPeopleIsCounted) {
  Sessions sessions;
  const UserId user = user_numbered(1);
  sessions.enter(user, "one", {.at = {0, 0, 10, 1}});
  EXPECT_TRUE(sessions.is_live(user));
  EXPECT_EQ(sessions.of(user).size(), 1U);
  EXPECT_EQ(sessions.look_ups(), 0U);
}

}  // namespace
}  // namespace belfry::sessions
