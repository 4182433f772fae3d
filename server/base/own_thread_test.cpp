#include "base/own_thread.hpp"

#include <gtest/gtest.h>

namespace belfry {
namespace {

TEST(OwnThread, IsTheOneOfTheFirstUseWhereverTheObjectWasMade) {
  const OwnThread own;
  std::thread([&own] {
    own.check();
    own.check();
  }).join();
}

#ifndef BELFRY_UNCHECKED_THREADS
TEST(OwnThreadDeathTest, UseByAnotherThreadAborts) {
  const OwnThread own;
  own.check();
  EXPECT_DEATH(std::thread([&own] { own.check(); }).join(), "used by the thread that used it first only");
}
#endif

}  // namespace
}  // namespace belfry
