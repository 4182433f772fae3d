#include "app/directory.hpp"

#include <gmock/gmock.h>

namespace belfry::app {
namespace {

constexpr SessionAddress kFirst{0, 0, 1, 1};
constexpr SessionAddress kSecond{1, 0, 7, 3};

// R-003-27
TEST(Directory, LatestClaimHoldsTheNameAndLearnsWhoHeldItBefore) {
  Directory directory;
  EXPECT_EQ(directory.claim("alice", kFirst), std::nullopt);
  EXPECT_EQ(directory.claim("alice", kSecond), kFirst);
  EXPECT_EQ(directory.claim("alice", kSecond), kSecond);
  EXPECT_EQ(directory.find("alice"), kSecond);
}

// R-003-28
TEST(Directory, OnlyTheHolderCanReleaseTheName) {
  Directory directory;
  EXPECT_EQ(directory.claim("alice", kSecond), std::nullopt);
  EXPECT_FALSE(directory.release("alice", kFirst));
  EXPECT_TRUE(directory.release("alice", kSecond));
  EXPECT_FALSE(directory.release("alice", kSecond));
  EXPECT_EQ(directory.find("alice"), std::nullopt);
}

// R-003-02, R-003-04
TEST(Directory, CountsAndListsNamesUpToALimit) {
  Directory directory;
  for (const char* name : {"alice", "bob", "charlie"}) EXPECT_EQ(directory.claim(name, kFirst), std::nullopt);
  EXPECT_EQ(directory.count(), 3U);
  EXPECT_THAT(directory.names(10), ::testing::UnorderedElementsAre("alice", "bob", "charlie"));
  EXPECT_EQ(directory.names(2).size(), 2U);
}

}  // namespace
}  // namespace belfry::app
