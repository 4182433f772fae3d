// RFC 3629.
#include "base/code_points.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace belfry {
namespace {

TEST(CodePoints, AreReadAndWrittenAtTheEndsOfEachLength) {
  for (const auto& [text, code] : {std::pair<std::string, char32_t>{std::string(1, '\0'), 0},
                                   {"\x7F", 0x7F},
                                   {"\xC2\x80", 0x80},
                                   {"\xDF\xBF", 0x7FF},
                                   {"\xE0\xA0\x80", 0x800},
                                   {"\xED\x9F\xBF", 0xD7FF},
                                   {"\xEE\x80\x80", 0xE000},
                                   {"\xEF\xBF\xBF", 0xFFFF},
                                   {"\xF0\x90\x80\x80", 0x10000},
                                   {"\xF4\x8F\xBF\xBF", 0x10FFFF}}) {
    std::string_view rest = text;
    EXPECT_EQ(take_code_point(rest), code);
    EXPECT_TRUE(rest.empty()) << text;
    std::string written;
    append_code_point(written, code);
    EXPECT_EQ(written, text);
  }
}

TEST(CodePoints, OfWhatIsNoUtf8OneByteIsTakenOff) {
  for (const std::string text :
       {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2 ", "\xE0\x9F\xBF", "\xE2\x82", "\xED\xA0\x80", "\xED\xBF\xBF",
        "\xF0\x8F\xBF\xBF", "\xF0\x90\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"}) {
    std::string_view rest = text;
    EXPECT_EQ(take_code_point(rest), std::nullopt) << text;
    EXPECT_EQ(rest.size(), text.size() - 1) << text;
  }
}

}  // namespace
}  // namespace belfry
