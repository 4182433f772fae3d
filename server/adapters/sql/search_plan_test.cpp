// R-004-72.
#include "adapters/sql/search_plan.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace belfry::sql {
namespace {

using Terms = std::vector<std::string>;
constexpr std::uint64_t kMany = 1'000'000, kFew = 20'000;
constexpr SearchCosts kCosts{.row = 12, .most_read = 16'000};

/// So many texts of each kind.
SearchSample sample_of(const Terms& terms, std::initializer_list<std::pair<std::size_t, std::string>> texts) {
  SearchSample sample(terms);
  for (const auto& [count, text] : texts)
    for (std::size_t i = 0; i < count; ++i) sample.add(text);
  return sample;
}

TEST(SearchPlan, IndexIsAskedForRareTerms) {
  EXPECT_EQ(sample_of({"lighthouse", "dark"}, {{246, "nothing"}, {5, "a lighthouse"}, {5, "it is dark"}})
                .terms_to_ask(kMany, kCosts, 0),
            (Terms{"lighthouse", "dark"}));
}

TEST(SearchPlan, IndexIsNotAskedForWhatMostTextsHave) {
  EXPECT_EQ(sample_of({"th"}, {{100, "nothing"}, {156, "There they are"}}).terms_to_ask(kMany, kCosts, 0), Terms{});
  EXPECT_EQ(sample_of({"lighthouse", "the"}, {{100, "nothing"}, {156, "then"}}).terms_to_ask(kMany, kCosts, 0),
            Terms{"lighthouse"});
}

TEST(SearchPlan, IndexIsAskedForCommonTermsThatNoTextHasTogether) {
  EXPECT_EQ(sample_of({"the", "and"}, {{156, "the"}, {100, "and"}}).terms_to_ask(kMany, kCosts, 0), (Terms{"and", "the"}));
}

TEST(SearchPlan, DearRowsAreReadForFewerTerms) {
  const auto sample = sample_of({"the"}, {{230, "nothing"}, {26, "the"}});
  EXPECT_EQ(sample.terms_to_ask(kMany, kCosts, 0), Terms{"the"});
  EXPECT_EQ(sample.terms_to_ask(kMany, {.row = 1}, 0), Terms{});
  EXPECT_EQ(sample.terms_to_ask(kMany, {.row = 1}, 1), Terms{"the"});
}

TEST(SearchPlan, DearMatchesAreFewerIfTheIndexIsAskedForMoreTerms) {
  const auto sample = sample_of({"dark", "the"}, {{1, "the dark"}, {9, "dark"}, {99, "the"}, {147, "nothing"}});
  EXPECT_EQ(sample.terms_to_ask(kMany, {.row = 9}, 0), Terms{"dark"});
  EXPECT_EQ(sample.terms_to_ask(kMany, {.row = 9, .match = 24}, 0), (Terms{"dark", "the"}));
}

TEST(SearchPlan, DearMatchesMakeReadingCheaper) {
  const auto sample = sample_of({"the"}, {{244, "nothing"}, {12, "the"}});
  EXPECT_EQ(sample.terms_to_ask(kMany, {.row = 9}, 0), Terms{"the"});
  EXPECT_EQ(sample.terms_to_ask(kMany, {.row = 9, .match = 24}, 0), Terms{});
}

TEST(SearchPlan, AmongFewMessagesNoTermIsCommon) {
  EXPECT_EQ(sample_of({"the"}, {{128, "the"}, {128, "nothing"}}).terms_to_ask(kFew, kCosts, 0), Terms{"the"});
}

}  // namespace
}  // namespace belfry::sql
