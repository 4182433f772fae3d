#include "adapters/postgres/binary.hpp"

#include <gtest/gtest.h>

namespace belfry::postgres {
namespace {

TEST(Storable, GoodTextStaysAsItIs) {
  for (const auto* text :
       {"", "plain", "Überraschung é", "電話", "\xF0\x9F\x93\x9E", "\xED\x9F\xBF\xEE\x80\x80", "\xF4\x8F\xBF\xBF"})
    EXPECT_EQ(storable(text), text);
}

// Unicode 15, table 3-7: what no well-formed text has.
TEST(Storable, BytesThatPostgresRefusesBecomeQuestionMarks) {
  EXPECT_EQ(storable(std::string_view("a\0b", 3)), "a?b");
  EXPECT_EQ(storable("a\xFFz"), "a?z");
  EXPECT_EQ(storable("\xC0\xAF"), "??") << "overlong";
  EXPECT_EQ(storable("\xED\xA0\x80"), "???") << "a surrogate";
  EXPECT_EQ(storable("\xF4\x90\x80\x80"), "????") << "beyond U+10FFFF";
  EXPECT_EQ(storable("caf\xC3"), "caf?") << "cut off";
}

}  // namespace
}  // namespace belfry::postgres
