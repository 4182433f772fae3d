// Whatever is searched for, comparing a text with it costs in proportion to the text (SPEC K44).
#include <gtest/gtest.h>

#include "base/code_points.hpp"
#include "base/cost_for_tests.hpp"
#include "domain/chat/fit.hpp"
#include "domain/chat/terms.hpp"

namespace belfry::chat {
namespace {

/// So many different CJK characters: each is a term.
std::string characters(char32_t first, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) append_code_point(text, first + static_cast<char32_t>(i));
  return text;
}

// Found in review: a query of 256 terms over a thousand long texts took a store's thread for seconds.
TEST(SearchCost, OfManyTermsInALongTextIsLinear) {
  struct Search {
    Fit fit;
    std::string text;
  };
  const auto make = [](std::size_t count) {
    const std::string query = characters(U'\u4E00', count), others = characters(U'\u5E00', count);
    std::string text;
    for (int i = 0; i < 20; ++i) text += others;
    return Search{Fit(query_terms(query)), text + query};
  };
  const auto rank = [](const Search& search) { EXPECT_TRUE(search.fit.score(search.text).has_value()); };
  EXPECT_LT(testing::growth(kMaxQuery / 8, make, rank), testing::kStillLinear);
}

TEST(SearchCost, OfTermsThatBeginEachOtherIsLinear) {
  std::string query;
  for (std::size_t length = 1; length < 22; ++length) query += std::string(length, 'a') + " ";
  const Fit fit(query_terms(query));
  const auto make = [&](std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += query;
    return text;
  };
  EXPECT_LT(testing::growth(50, make, [&](const std::string& text) { EXPECT_TRUE(fit.score(text).has_value()); }),
            testing::kStillLinear);
}

}  // namespace
}  // namespace belfry::chat
