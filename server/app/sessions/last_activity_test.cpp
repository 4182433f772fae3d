#include "app/sessions/last_activity.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "adapters/memory/stores.hpp"

namespace belfry::sessions {
namespace {

const UserId kAnn(Uuid{1});
constexpr SessionAddress kPhone{0, 0, 1, 1}, kPage{0, 0, 2, 1};
LiveSession session_at(SessionAddress at) { return {.id = SessionId(Uuid{static_cast<std::uint8_t>(at.slot)}), .at = at}; }

class MovedClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return {}; }
  [[nodiscard]] WallTime wall() const override { return {ms}; }
  std::int64_t ms = 1000;
};

/// Does what ShardSessions does: first the table, then the listener.
class UserActivity : public ::testing::Test {
 protected:
  UserActivity() {
    stores.accounts().create({.id = kAnn, .username = "ann"}, [](const auto& made) { EXPECT_TRUE(made.has_value()); });
  }
  void come(SessionAddress at) { sessions.enter(kAnn, "ann", session_at(at)); }
  void lose(SessionAddress at, std::int64_t ms) {
    const auto before = sessions.session(kAnn, at);
    sessions.suspend(kAnn, at);
    clock.ms = ms;
    listener.on_gone(kAnn, *before, Departure::lost);
  }
  void leave(SessionAddress at, std::int64_t ms, Departure how = Departure::left) {
    const auto session = sessions.leave(kAnn, at);
    clock.ms = ms;
    listener.on_gone(kAnn, *session, how);
  }
  [[nodiscard]] std::optional<std::int64_t> last_active() {
    std::optional<std::int64_t> ms;
    stores.accounts().find(kAnn, [&](const auto& found) {
      if ((*found)->last_active) ms = (*found)->last_active->unix_ms;
    });
    return ms;
  }

  memory::Tables tables;
  memory::Stores stores{tables};
  Sessions sessions;
  MovedClock clock;
  LastActivity listener{sessions, stores.accounts(), clock};
};

// K46
TEST_F(UserActivity, EndsWithTheLastSession) {
  come(kPhone);
  come(kPage);
  EXPECT_EQ(last_active(), std::nullopt);
  leave(kPhone, 2000);
  EXPECT_EQ(last_active(), std::nullopt) << "the page is still connected";
  leave(kPage, 3000);
  EXPECT_EQ(last_active(), 3000);
}

// K46: not when the server gave the transport up.
TEST_F(UserActivity, EndsWhenTheTransportIsLost) {
  come(kPhone);
  lose(kPhone, 2000);
  EXPECT_EQ(last_active(), 2000);
  leave(kPhone, 122'000, Departure::lost);
  EXPECT_EQ(last_active(), 2000);
}

TEST_F(UserActivity, GoesOnInAnotherSessionThanASuspendedOne) {
  come(kPhone);
  lose(kPhone, 2000);
  come(kPage);
  leave(kPage, 3000);
  EXPECT_EQ(last_active(), 3000);
}

}  // namespace
}  // namespace belfry::sessions
