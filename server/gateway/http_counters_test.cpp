#include "gateway/http_counters.hpp"

#include <gtest/gtest.h>

#include <array>

namespace belfry::gateway {
namespace {

// A stored answer that is sent again may have a status that only a newer release gives.
TEST(HttpCounters, StatusThatIsNotListedIsCountedAsOther) {
  HttpCounters counters;
  counters.count(0, 200, Duration(0));
  counters.count(0, 422, Duration(0));
  counters.count(0, 599, Duration(0));
  ServerNumbers numbers;
  counters.add_to(numbers, std::array{"/users"});
  ASSERT_EQ(numbers.requests.size(), 2U);
  EXPECT_EQ(numbers.requests.front().status, 200);
  EXPECT_EQ(numbers.requests.back().status, kOtherStatus);
  EXPECT_EQ(numbers.requests.back().count, 2U);
}

}  // namespace
}  // namespace belfry::gateway
