#include "gateway/signaling/stray_candidates.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace belfry::gateway {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

SessionAddress page(std::uint32_t slot) { return {.shard = 0, .node = 0, .slot = slot, .generation = 1}; }
TimePoint at(int second) { return TimePoint{} + seconds{second}; }

// W-003-06
TEST(StrayCandidates, WaitTenSecondsEachAndInOrder) {
  StrayCandidates strays;
  strays.keep(page(1), "ben", "a", at(0));
  strays.keep(page(2), "ben", "b", at(3));
  strays.keep(page(1), "ben", "c", at(5));
  strays.keep(page(1), "cid", "d", at(5));
  EXPECT_EQ(strays.next_deadline(), at(10));
  strays.expire(at(10));
  EXPECT_EQ(strays.next_deadline(), at(13));
  EXPECT_THAT(strays.take(page(1), "ben", at(12)), ElementsAre("c"));
  EXPECT_THAT(strays.take(page(1), "ben", at(12)), IsEmpty());
  EXPECT_THAT(strays.take(page(2), "ben", at(13)), IsEmpty()) << "also where no timer has run";
  EXPECT_THAT(strays.take(page(1), "cid", at(14)), ElementsAre("d"));
  EXPECT_TRUE(strays.empty());
}

// W-003-06
TEST(StrayCandidates, AreBoundedForAPairAPageAndAShard) {
  StrayCandidates strays;
  for (int n = 0; n < 100; ++n) strays.keep(page(1), "ben", "a", at(0));
  EXPECT_THAT(strays.take(page(1), "ben", at(0)), SizeIs(64));
  for (int n = 0; n < 300; ++n) strays.keep(page(2), "peer" + std::to_string(n), "a", at(0));
  EXPECT_THAT(strays.take(page(2), "peer255", at(0)), SizeIs(1));
  EXPECT_THAT(strays.take(page(2), "peer256", at(0)), IsEmpty());
  const std::string large(std::size_t{100} * 1024, 'c');
  for (int n = 0; n < 3; ++n) strays.keep(page(3), "ben", large, at(0));
  EXPECT_THAT(strays.take(page(3), "ben", at(0)), SizeIs(2));
  for (std::uint32_t slot = 10; slot < 110; ++slot) strays.keep(page(slot), "ben", large, at(0));
  EXPECT_THAT(strays.take(page(90), "ben", at(0)), SizeIs(1));
  EXPECT_THAT(strays.take(page(91), "ben", at(0)), IsEmpty()) << "8 MiB";
  strays.expire(at(10));
  for (std::uint32_t slot = 0; slot < 20'000; ++slot) strays.keep(page(slot), "ben", "a", at(11));
  EXPECT_THAT(strays.take(page(16'383), "ben", at(11)), SizeIs(1));
  EXPECT_THAT(strays.take(page(16'384), "ben", at(11)), IsEmpty());
}

TEST(StrayCandidates, OfAPageThatHasGoneAreForgotten) {
  StrayCandidates strays;
  const std::string large(std::size_t{250} * 1024, 'c');
  for (int n = 0; n < 1'000; ++n) {
    strays.keep(page(1), "ben", large, at(0));
    strays.forget(page(1));
  }
  strays.keep(page(1), "ben", large, at(0));
  EXPECT_THAT(strays.take(page(1), "ben", at(0)), SizeIs(1));
  strays.forget(page(7));
}

}  // namespace
}  // namespace belfry::gateway
