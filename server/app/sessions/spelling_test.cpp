// W-003-12: several spellings become one name; who has it keeps it.
#include <gtest/gtest.h>

#include "app/sessions/sessions.hpp"

namespace belfry::sessions {
namespace {

constexpr std::uint32_t kSpaced = 7;

SessionAddress slot(std::uint32_t number) { return {0, 0, number, 1}; }

TEST(Spelling, IsAnotherOneIfSomebodyElseInThatDialectGotTheNameByIt) {
  Sessions sessions;
  const UserId ab(Uuid{1}), other(Uuid{2});
  sessions.enter(ab, "ab", {.at = slot(1), .dialect = call::Dialect::signaling, .spelling = kSpaced});
  EXPECT_TRUE(sessions.is_spelled_otherwise(ab, 0, slot(2)));
  EXPECT_TRUE(sessions.is_spelled_otherwise(ab, kSpaced + 1, slot(2)));
  EXPECT_FALSE(sessions.is_spelled_otherwise(ab, kSpaced, slot(2)));
  EXPECT_FALSE(sessions.is_spelled_otherwise(ab, 0, slot(1))) << "its own";
  EXPECT_FALSE(sessions.is_spelled_otherwise(other, 0, slot(2)));
}

TEST(Spelling, OfALostSessionCountsUntilItIsGone) {
  Sessions sessions;
  const UserId ab(Uuid{1});
  sessions.enter(ab, "ab", {.at = slot(1), .dialect = call::Dialect::signaling, .spelling = kSpaced});
  sessions.suspend(ab, slot(1));
  EXPECT_TRUE(sessions.is_spelled_otherwise(ab, 0, slot(2)));
  EXPECT_TRUE(sessions.move(ab, slot(1), slot(3)));
  EXPECT_TRUE(sessions.is_spelled_otherwise(ab, 0, slot(2)));
  ASSERT_TRUE(sessions.leave(ab, slot(3)));
  EXPECT_FALSE(sessions.is_spelled_otherwise(ab, 0, slot(2)));
}

TEST(Spelling, OfOtherDialectsDoesNotCount) {
  Sessions sessions;
  const UserId ab(Uuid{1});
  sessions.enter(ab, "ab", {.at = slot(1), .dialect = call::Dialect::native});
  EXPECT_FALSE(sessions.is_spelled_otherwise(ab, kSpaced, slot(2)));
}

}  // namespace
}  // namespace belfry::sessions
