#include "main/guests.hpp"

#include <gtest/gtest.h>

namespace belfry {
namespace {

const account::UserId kAnn(Uuid{1});

TEST(NameCache, FindsAUserItHasSeen) {
  NameCache memory;
  EXPECT_TRUE(memory.keep("ann", kAnn, memory.age()));
  EXPECT_EQ(memory.find("ann"), kAnn);
  memory.forget_all();
  EXPECT_FALSE(memory.find("ann").has_value());
}

// The store was asked, then the guest was blocked, then the answer came: it would have let the guest in from then on.
TEST(NameCache, AnswerFromBeforeAChangeOfStatusIsNotCached) {
  NameCache memory;
  const std::uint64_t asked = memory.age();
  memory.forget_all();
  EXPECT_FALSE(memory.keep("ann", kAnn, asked));
  EXPECT_FALSE(memory.find("ann").has_value());
}

}  // namespace
}  // namespace belfry
