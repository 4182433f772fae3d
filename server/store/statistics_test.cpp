#include "store/statistics.hpp"

#include <gtest/gtest.h>

namespace belfry::store {
namespace {

TEST(DayText, IsTheDayInUtc) {
  EXPECT_EQ(day_text(0), "1970-01-01");
  EXPECT_EQ(day_text(19'782), "2024-02-29");
}

}  // namespace
}  // namespace belfry::store
