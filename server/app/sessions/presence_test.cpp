#include "app/sessions/presence.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace belfry::sessions {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const UserId kAnn(Uuid{1});
constexpr SessionAddress kPhone{0, 0, 1, 1}, kPage{0, 0, 2, 1};
LiveSession session_at(SessionAddress at) { return {.id = SessionId(Uuid{static_cast<std::uint8_t>(at.slot)}), .at = at}; }

class MovedClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return at; }
  [[nodiscard]] WallTime wall() const override { return {}; }
  TimePoint at{seconds{100}};
};

/// Does what ShardSessions does: first the table, then the listener.
class Presence : public ::testing::Test {
 protected:
  void come(SessionAddress at, Arrival how = Arrival::fresh) {
    sessions.enter(kAnn, "ann", session_at(at));
    shard.on_came(kAnn, session_at(at), how);
  }
  void lose(SessionAddress at) {
    const auto before = sessions.session(kAnn, at);
    sessions.suspend(kAnn, at);
    shard.on_gone(kAnn, *before, Departure::lost);
  }
  void leave(SessionAddress at, Departure how = Departure::left) {
    if (const auto session = sessions.leave(kAnn, at)) shard.on_gone(kAnn, *session, how);
  }
  void pass(seconds time) {
    clock.at += time;
    shard.on_time(clock.at);
  }
  [[nodiscard]] bool online() const {
    EXPECT_EQ(users.is_online(kAnn), users.all() == std::vector<UserId>{kAnn});
    return users.is_online(kAnn);
  }

  Sessions sessions;
  OnlineUsers users{sessions};
  MovedClock clock;
  ShardPresence shard{users, clock};
};

// K16: an explicit leave counts at once, with the last session.
TEST_F(Presence, LastsAsLongAsThereIsASession) {
  EXPECT_FALSE(online());
  come(kPhone);
  come(kPage);
  leave(kPhone);
  EXPECT_TRUE(online());
  leave(kPage);
  EXPECT_FALSE(online());
  EXPECT_FALSE(shard.next_deadline());
}

// K16
TEST_F(Presence, OutlastsALostTransportByTheGrace) {
  come(kPhone);
  lose(kPhone);
  EXPECT_EQ(shard.next_deadline(), clock.at + kPresenceGrace);
  pass(seconds{2});
  EXPECT_TRUE(online());
  pass(seconds{1});
  EXPECT_FALSE(online());
}

TEST_F(Presence, GoesOnForWhoIsBackWithinTheGrace) {
  come(kPhone);
  lose(kPhone);
  pass(seconds{2});
  come(kPhone, Arrival::recovered);
  pass(seconds{10});
  EXPECT_TRUE(online());
  leave(kPhone);
  EXPECT_FALSE(online()) << "the grace of the loss before is no longer counted";
}

TEST_F(Presence, ASecondLossHasAGraceOfItsOwn) {
  come(kPhone);
  lose(kPhone);
  pass(seconds{2});
  come(kPhone, Arrival::recovered);
  lose(kPhone);
  pass(seconds{2});
  EXPECT_TRUE(online()) << "the first grace is over";
  pass(seconds{1});
  EXPECT_FALSE(online());
}

// The transport is kept for longer than the grace, and then given up.
TEST_F(Presence, ASuspendedSessionThatIsGivenUpHasNoSecondGrace) {
  come(kPhone);
  lose(kPhone);
  pass(seconds{3});
  leave(kPhone, Departure::lost);
  EXPECT_FALSE(online());
}

TEST_F(Presence, WhoLogsOutWithinTheGraceIsGoneAtOnce) {
  come(kPhone);
  lose(kPhone);
  leave(kPhone, Departure::logged_out);
  EXPECT_FALSE(online());
}

TEST_F(Presence, AnotherSessionInItsGraceStillCounts) {
  come(kPhone);
  come(kPage);
  lose(kPage);
  leave(kPhone);
  EXPECT_TRUE(online());
  pass(seconds{3});
  EXPECT_FALSE(online());
}

// Found by review: the grace was the user's, and whichever session came or left ended it.
TEST_F(Presence, ASessionThatIsLongGoneTakesNoOtherSessionsGraceWithIt) {
  come(kPhone);
  come(kPage);
  lose(kPage);
  pass(seconds{3});
  lose(kPhone);
  leave(kPage, Departure::logged_out);
  EXPECT_TRUE(online());
  pass(seconds{3});
  EXPECT_FALSE(online());
}

TEST_F(Presence, ASessionThatComesAndLeavesDoesNotEndTheGraceOfAnother) {
  come(kPage);
  lose(kPage);
  come(kPhone);
  leave(kPhone);
  EXPECT_TRUE(online());
  pass(seconds{3});
  EXPECT_FALSE(online());
}

TEST_F(Presence, OfTwoSessionsInTheirGraceTheLastCounts) {
  come(kPhone);
  come(kPage);
  lose(kPhone);
  pass(seconds{2});
  lose(kPage);
  leave(kPhone, Departure::revoked);
  pass(seconds{2});
  EXPECT_TRUE(online());
  pass(seconds{1});
  EXPECT_FALSE(online());
}

TEST_F(Presence, WithoutAGraceALossCountsAtOnce) {
  ShardPresence hasty(users, clock, Duration{});
  sessions.enter(kAnn, "ann", session_at(kPhone));
  sessions.suspend(kAnn, kPhone);
  hasty.on_gone(kAnn, session_at(kPhone), Departure::lost);
  EXPECT_FALSE(online());
  EXPECT_FALSE(hasty.next_deadline());
}

TEST_F(Presence, TheListenerHearsOfEachChange) {
  std::vector<bool> heard;
  users.set_listener([&](const UserId& user) { heard.push_back(users.is_online(user)); });
  come(kPhone);
  lose(kPhone);
  pass(seconds{3});
  EXPECT_THAT(heard, ElementsAre(true, true, false));
}

// R-000-39: the number counts calls.
TEST_F(Presence, IsNotCountedAsALookUp) {
  come(kPhone);
  EXPECT_TRUE(online());
  EXPECT_EQ(sessions.look_ups(), 0U);
  leave(kPhone);
  EXPECT_THAT(users.all(), IsEmpty());
}

// S7
TEST_F(Presence, AwayIsWhoseSessionsAllAre) {
  come(kPhone);
  EXPECT_FALSE(users.is_away(kAnn));
  EXPECT_TRUE(sessions.set_away(kAnn, kPhone, true));
  EXPECT_FALSE(sessions.set_away(kAnn, kPhone, true)) << "it was so";
  EXPECT_TRUE(users.is_away(kAnn));
  come(kPage);
  EXPECT_FALSE(users.is_away(kAnn));
  lose(kPage);
  EXPECT_TRUE(users.is_away(kAnn)) << "the one that is here is away";
  lose(kPhone);
  EXPECT_FALSE(users.is_away(kAnn)) << "both are in the grace";
  leave(kPage);
  EXPECT_TRUE(users.is_away(kAnn));
  EXPECT_TRUE(sessions.move(kAnn, kPhone, kPage));
  EXPECT_TRUE(users.is_away(kAnn)) << "a session that recovers is as it was";
  EXPECT_TRUE(sessions.set_away(kAnn, kPage, false));
  EXPECT_FALSE(users.is_away(kAnn));
}

}  // namespace
}  // namespace belfry::sessions
