// RFC 9110 14 (SPEC K11, K49).
#include "wire/http/range.hpp"

#include <gtest/gtest.h>

namespace belfry::http {
namespace {

constexpr Range kWhole{}, kNone{.kind = Range::Kind::none};
Range part(std::size_t from, std::size_t size) { return {.kind = Range::Kind::part, .from = from, .size = size}; }

TEST(HttpRange, IsAPartOfTheFile) {
  EXPECT_EQ(range_of("bytes=0-499", 10'000), part(0, 500));
  EXPECT_EQ(range_of("bytes=500-999", 10'000), part(500, 500));
  EXPECT_EQ(range_of("bytes=-500", 10'000), part(9'500, 500));
  EXPECT_EQ(range_of("Bytes=9500-", 10'000), part(9'500, 500));
  EXPECT_EQ(range_of("bytes=0-0", 10'000), part(0, 1));
  EXPECT_EQ(range_of("bytes=-1", 10'000), part(9'999, 1));
  EXPECT_EQ(range_of("bytes=0-99999999999999999999999", 10), part(0, 10));
  EXPECT_EQ(range_of("bytes=-99999999999999999999999", 10), part(0, 10));
  EXPECT_EQ(range_of("bytes=9-20", 10), part(9, 1));
}

TEST(HttpRange, ThatThereIsNot) {
  for (const std::string_view header : {"bytes=10-", "bytes=10-20", "bytes=-0", "bytes=99999999999999999999999-"})
    EXPECT_EQ(range_of(header, 10), kNone) << header;
  EXPECT_EQ(range_of("bytes=0-", 0), kNone);
}

TEST(HttpRange, ThatCannotBeReadIsIgnored) {
  for (const std::string_view header : {"", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=1", "bytes=5-4", "items=0-1",
                                        "bytes=0-1,3-4", "bytes=-1-2", "bytes= - "})
    EXPECT_EQ(range_of(header, 10), kWhole) << header;
}

TEST(HttpRange, IsNamedInTheAnswer) {
  EXPECT_EQ(content_range(part(500, 500), 1234), "bytes 500-999/1234");
  EXPECT_EQ(content_range(kNone, 1234), "bytes */1234");
}

}  // namespace
}  // namespace belfry::http
