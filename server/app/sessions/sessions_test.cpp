#include "app/sessions/sessions.hpp"

#include <gtest/gtest.h>

#include <random>

namespace belfry::sessions {
namespace {

UserId user_numbered(std::uint32_t number) {
  Uuid id{};
  id[0] = static_cast<std::uint8_t>(number * 37);  // over several stripes
  id[15] = static_cast<std::uint8_t>(number);
  return UserId(id);
}

// Audit B: GET / and /metrics, which need no credential, walked all users under the directory's locks to count them.
TEST(Sessions, CountsThoseWithALiveSessionWhateverHappensToTheirSessions) {
  Sessions directory;
  std::mt19937 chance(7);
  const auto below = [&](std::uint32_t end) { return static_cast<std::uint32_t>(chance() % end); };
  const auto at = [&](std::uint32_t first) { return SessionAddress{0, 0, first + below(3), 1}; };
  for (int step = 0; step < 20'000; ++step) {
    const std::uint32_t number = below(40);
    const UserId user = user_numbered(number);
    switch (below(5)) {
      case 0:
      case 1:
        directory.enter(user, "user" + std::to_string(number), {.at = at(1), .suspended = below(4) == 0});
        break;
      case 2:
        (void)directory.leave(user, at(1));
        break;
      case 3:
        directory.suspend(user, at(1));
        break;
      default:
        (void)directory.move(user, at(1), at(4));
    }
    if (step % 16 == 0) {
      ASSERT_EQ(directory.count(), directory.names(1'000).size()) << step;
    }
  }
  EXPECT_GT(directory.count(), 5U);
  EXPECT_EQ(directory.names(5).size(), 5U);
}

}  // namespace
}  // namespace belfry::sessions
