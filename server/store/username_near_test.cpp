#include "store/username_near.hpp"

#include <gtest/gtest.h>

namespace belfry::store {
namespace {

TEST(UsernameNear, IsAValidName) {
  EXPECT_EQ(username_near("alice", 1), "alice");
  EXPECT_EQ(username_near("alice", 12), "alice-12");
  EXPECT_EQ(username_near(std::string(64, 'a'), 2).size(), 64U);
}

}  // namespace
}  // namespace belfry::store
