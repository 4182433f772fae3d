// A Cookie header costs in proportion to its length.
#include <gtest/gtest.h>

#include "base/cost_for_tests.hpp"
#include "gateway/dialects/credential.hpp"

namespace belfry::gateway {
namespace {

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
}  // namespace belfry::gateway
