// What is looked up in a head, a query or a cookie costs in proportion to it. How requests that come byte by byte cost:
// protocol/http_side_test.cpp.
#include <gtest/gtest.h>

#include "base/cost_for_tests.hpp"
#include "wire/http/request.hpp"

namespace belfry::http {
namespace {

std::string repeated(std::string_view piece, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += piece;
  return text;
}

TEST(HeadCost, OfHeadersAndTheirTokensIsLinear) {
  const Limits limits{.max_head = 1'000'000};
  for (const std::string line : {"A: b\r\n", "Connection: ,,,,\r\n", "A: \t \t \r\n"}) {
    const auto make = [&](std::size_t count) { return "GET / HTTP/1.1\r\nHost: h\r\n" + repeated(line, count) + "\r\n"; };
    const auto read = [&](const std::string& head) {
      Request request;
      EXPECT_EQ(read_head(as_bytes(head), limits, request), true);
      EXPECT_FALSE(request.has_token("connection", "close") || request.header("cookie"));
    };
    EXPECT_LT(testing::growth(7, make, read), testing::kStillLinear) << line;
  }
  const auto one_long = [](std::size_t count) {
    return "GET / HTTP/1.1\r\nHost: h\r\nConnection: " + repeated(" ,", count) + "\r\n\r\n";
  };
  const auto read = [&](const std::string& head) {
    Request request;
    EXPECT_EQ(read_head(as_bytes(head), limits, request), true);
    EXPECT_FALSE(request.has_token("connection", "close"));
  };
  EXPECT_LT(testing::growth(5'000, one_long, read), testing::kStillLinear);
}

TEST(QueryCost, IsLinear) {
  for (const std::string piece : {"&", "a=1&", "sid&&", "=", "%41"}) {
    const auto make = [&](std::size_t count) { return "x=" + repeated(piece, count); };
    EXPECT_LT(testing::growth(2'000, make, [](const std::string& query) { static_cast<void>(query_value(query, "x")); }),
              testing::kStillLinear)
        << piece;
    EXPECT_LT(testing::growth(2'000, make, [](const std::string& query) { static_cast<void>(query_value(query, "none")); }),
              testing::kStillLinear)
        << piece;
    EXPECT_LT(testing::growth(2'000, make, [](const std::string& path) { static_cast<void>(decode_path(path)); }),
              testing::kStillLinear)
        << piece;
  }
}

TEST(CookieCost, IsLinear) {
  for (const std::string piece : {";", "; ", "a=b; ", "belfry_session", " "}) {
    const auto make = [&](std::size_t count) {
      std::string header;
      for (std::size_t i = 0; i < count; ++i) header += piece;
      return header;
    };
    const auto look = [](const std::string& header) { EXPECT_FALSE(cookie_value(header, "belfry_session")); };
    EXPECT_LT(testing::growth(2'000, make, look), testing::kStillLinear) << piece;
  }
}

}  // namespace
}  // namespace belfry::http
