#include "protocol/recovery_log.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace belfry::protocol {
namespace {

using namespace std::chrono_literals;

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

// Found by black-box acceptance: a client that connects and drops in a loop made the server keep a whole snapshot each time.
TEST(RecoveryLog, KeepsNoEventThatAloneIsLargerThanItsBound) {
  RecoveryLog log;
  for (const std::size_t size : {10U, 997U}) log.append(std::string(size, 'x'), 1000, {});
  EXPECT_EQ(kept_after(log, 0), std::vector<std::string>{}) << "with its length it is one byte too large";
  EXPECT_TRUE(log.reaches_back_to(2)) << "the client has seen both";
  EXPECT_FALSE(log.reaches_back_to(1));
  EXPECT_FALSE(log.reaches_back_to(0));
  log.append("y", 1000, {});
  EXPECT_EQ(kept_after(log, 2), std::vector<std::string>{"y"});
  EXPECT_FALSE(log.reaches_back_to(1));
  log.append(std::string(996, 'z'), 1000, {});
  EXPECT_EQ(kept_after(log, 3), std::vector{std::string(996, 'z')}) << "as large as the bound";
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
      ASSERT_LE(kept, kMost + kMost / 4) << largest << ", event " << i;
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

}  // namespace
}  // namespace belfry::protocol
