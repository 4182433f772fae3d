#include "store/enum_text.hpp"

#include <gtest/gtest.h>

namespace belfry::store {
namespace {

TEST(NameNear, IsAValidName) {
  EXPECT_EQ(name_near("alice", 1), "alice");
  EXPECT_EQ(name_near("alice", 12), "alice-12");
  EXPECT_EQ(name_near(std::string(64, 'a'), 2).size(), 64U);
}

TEST(DayText, IsTheDayInUtc) {
  EXPECT_EQ(day_text(0), "1970-01-01");
  EXPECT_EQ(day_text(19'782), "2024-02-29");
}

}  // namespace
}  // namespace belfry::store
