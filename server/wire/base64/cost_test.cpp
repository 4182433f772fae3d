// Base64 costs in proportion to its length, also when the last letter is what refuses it.
#include <gtest/gtest.h>

#include "base/cost_for_tests.hpp"
#include "wire/base64/base64.hpp"

namespace belfry::base64 {
namespace {

TEST(Base64Cost, OfReadingAndWritingIsLinear) {
  const auto work = [](const std::string& text) {
    static_cast<void>(decode(text, Form::padded));
    static_cast<void>(encode(text, Form::padded));
  };
  for (const std::string last : {"AAAA", "AAA!"}) {
    const auto make = [&](std::size_t count) { return std::string(4 * count, 'A') + last; };
    EXPECT_LT(testing::growth(8'000, make, work), testing::kStillLinear) << last;
  }
}

}  // namespace
}  // namespace belfry::base64
