// The small machines of session/: ids, heartbeat ring, recovery log, rooms, CORS.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "session/cors.hpp"
#include "session/heartbeat_ring.hpp"
#include "session/recovery_log.hpp"
#include "session/rooms.hpp"
#include "session/session_id.hpp"

namespace belfry::session {
namespace {

using namespace std::chrono_literals;

TEST(SessionId, IsReadBackAsWritten) {
  const SessionKey key{.shard = 7, .slot = 0x01020304, .secret = 0xF0E1D2C3B4A59687};
  EXPECT_EQ(parse_session_id(to_text(key)), key);
  EXPECT_EQ(to_text(key).size(), kSessionIdLength);
}

TEST(SessionId, HasOneSpelling) {
  std::string text = to_text({.shard = 1, .slot = 2, .secret = 3});
  text.back() = text.back() == 'A' ? 'B' : static_cast<char>(text.back() + 1);
  const auto key = parse_session_id(text);
  EXPECT_TRUE(!key || to_text(*key) == text);
}

TEST(SessionId, RefusesInvalidText) {
  for (const char* text : {"", "short", "AAAAAAAAAAAAAAAAA!", "AAAAAAAAAAAAAAAAAAA", "../../etc/passwd.."}) {
    EXPECT_FALSE(parse_session_id(text)) << text;
  }
}

struct Beats {
  std::map<std::uint32_t, Beat>* beats;
  Beat& operator()(std::uint32_t slot) const { return (*beats)[slot]; }
};

class Ring : public ::testing::Test {
 protected:
  std::map<std::uint32_t, Beat> beats;
  HeartbeatRing<Beats> ring{25s, 20s, Beats{&beats}};
  std::vector<std::uint32_t> pinged;
  std::vector<std::uint32_t> checked;
  static TimePoint at(Duration since) { return TimePoint{since}; }
  void run(Duration now) {
    ring.run(at(now), [&](auto slot) { checked.push_back(slot); }, [&](auto slot) { pinged.push_back(slot); });
  }
};

TEST_F(Ring, PingsEachSessionOnItsOwnPhaseAndDoesNotDrift) {
  ring.add(1, at(0s));
  ring.add(2, at(10s));
  run(25s + 3ms);  // late by three milliseconds
  EXPECT_EQ(pinged, std::vector<std::uint32_t>{1});
  run(35s);
  run(50s);
  EXPECT_EQ(pinged, (std::vector<std::uint32_t>{1, 2, 1}));
}

TEST_F(Ring, ChecksAnAnswerExactlyATimeoutAfterItsPing) {
  ring.add(1, at(0s));
  run(25s);
  checked.clear();
  run(45s - 1ns);
  EXPECT_TRUE(checked.empty());
  EXPECT_EQ(ring.next_deadline(), at(45s));
  run(45s);
  EXPECT_EQ(checked, std::vector<std::uint32_t>{1});
}

TEST_F(Ring, SurvivesTheRemovalOfAnyMember) {
  for (std::uint32_t slot = 0; slot < 5; ++slot) ring.add(slot, at(std::chrono::seconds(slot)));
  run(26s);
  ring.remove(0);
  ring.remove(3);
  ring.remove(2);
  pinged.clear();
  run(60s);
  EXPECT_EQ(pinged, (std::vector<std::uint32_t>{4, 1, 4}));
  ring.remove(1);
  ring.remove(4);
  EXPECT_EQ(ring.next_deadline(), kNever);
}

std::vector<std::string> kept_after(const RecoveryLog& log, std::uint64_t seen) {
  std::vector<std::string> all;
  log.each_after(seen, [&](std::string_view event) { all.emplace_back(event); });
  return all;
}

TEST(RecoveryLog, ReplaysEventsAfterTheLastSeenOne) {
  RecoveryLog log;
  for (const char* event : {"a", "b", "c"}) log.append(event, 1000, {});
  EXPECT_EQ(kept_after(log, 1), (std::vector<std::string>{"b", "c"}));
  EXPECT_EQ(kept_after(log, 3), std::vector<std::string>{});
  EXPECT_TRUE(log.reaches_back_to(0));
  EXPECT_FALSE(log.reaches_back_to(4)) << "an offset we never gave";
}

TEST(RecoveryLog, DropsTheOldestBeyondItsLimitAndReportsIt) {
  RecoveryLog log;
  for (int i = 0; i < 1000; ++i) log.append(std::string(96, 'x'), 1000, {});
  EXPECT_GE(kept_after(log, 0).size(), 10U);
  EXPECT_LE(kept_after(log, 0).size(), 12U) << "a quarter more";
  EXPECT_FALSE(log.reaches_back_to(0));
  EXPECT_TRUE(log.reaches_back_to(990));
}

TEST(RecoveryLog, KeepsTheNewestEventsInOrderHoweverLarge) {
  RecoveryLog log;
  for (const std::size_t size : {10U, 5000U, 20U, 300U, 30U, 4000U}) log.append(std::string(size, 'x'), 1000, {});
  EXPECT_EQ(kept_after(log, 0), std::vector{std::string(4000, 'x')});
  EXPECT_TRUE(log.reaches_back_to(5));
  EXPECT_FALSE(log.reaches_back_to(4));
  log.append("y", 1000, {});
  EXPECT_EQ(kept_after(log, 0), std::vector{std::string("y")}) << "the large one is more than the bound now";
}

// Whatever the sizes: all that lies within the bound is kept, and no more than a quarter above it.
TEST(RecoveryLog, KeepsItsBoundWhateverTheSizes) {
  constexpr std::size_t kMost = 1000, kPrefix = 4;
  std::mt19937 chance{7};
  for (const std::size_t largest : {20U, 83U, 125U, 300U, 900U, 1200U}) {
    RecoveryLog log;
    std::vector<std::size_t> sizes;
    for (int i = 0; i < 2'000; ++i) {
      sizes.push_back(1 + chance() % largest);
      log.append(std::string(sizes.back(), 'x'), kMost, {});
      std::size_t kept = 0;
      log.each_after(0, [&](std::string_view event) { kept += kPrefix + event.size(); });
      ASSERT_LE(kept, std::max(kMost + kMost / 4, kPrefix + sizes.back())) << largest << ", event " << i;
      std::size_t within = 0, bytes = 0;  // the newest events that fit into the bound
      while (within < sizes.size() && (bytes += kPrefix + sizes[sizes.size() - 1 - within]) <= kMost) ++within;
      ASSERT_TRUE(log.reaches_back_to(sizes.size() - within)) << largest << ", event " << i;
    }
  }
}

TEST(RecoveryLog, FreesOldEventsAndStillRecoversAClientThatHasThemAll) {
  RecoveryLog log;
  log.append("a", 1000, TimePoint{1s});
  log.forget_if_older(TimePoint{2s});
  EXPECT_TRUE(log.reaches_back_to(1));
  EXPECT_FALSE(log.reaches_back_to(0));
}

TEST(Rooms, LoseAMemberThatLeavesThemAll) {
  Rooms rooms;
  rooms.join("a", 1);
  rooms.join("a", 1);
  rooms.join("a", 2);
  rooms.join("b", 1);
  rooms.leave_all(1);
  EXPECT_EQ(rooms.members("a"), std::vector<std::uint32_t>{2});
  EXPECT_TRUE(rooms.members("b").empty());
  EXPECT_TRUE(rooms.rooms_of(1).empty());
}

// C-17
TEST(Cors, ListsOriginsExactlyAndNeverAllowsNull) {
  const CorsPolicy listed{CorsPolicy::Mode::listed_only, {"https://yourdomain.com", "capacitor://localhost"}};
  EXPECT_TRUE(listed.allows("https://yourdomain.com", "api.example"));
  EXPECT_TRUE(listed.allows("capacitor://localhost", "api.example"));
  EXPECT_TRUE(listed.allows("https://api.example", "api.example")) << "our own pages";
  EXPECT_TRUE(listed.allows("http://api.example", "api.example"));
  EXPECT_TRUE(listed.allows("https://api.example", "api.example", Scheme::https));
  EXPECT_FALSE(listed.allows("http://api.example", "api.example", Scheme::https)) << "anybody on the way can write that page";
  EXPECT_FALSE(listed.allows("httpx://api.example", "api.example"));
  EXPECT_FALSE(listed.allows("https://yourdomain.com.evil.com", "api.example"));
  EXPECT_FALSE(listed.allows("null", "api.example"));
  EXPECT_FALSE((CorsPolicy{CorsPolicy::Mode::echo_any, {}}).allows("null", "api.example"));
}

}  // namespace
}  // namespace belfry::session
