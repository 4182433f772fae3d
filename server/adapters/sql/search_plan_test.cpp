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

/// So many texts of each kind.
SearchSample sample_of(const Terms& terms, std::initializer_list<std::pair<std::size_t, std::string>> texts) {
  SearchSample sample(terms);
  for (const auto& [count, text] : texts)
    for (std::size_t i = 0; i < count; ++i) sample.add(text);
  return sample;
}

TEST(SearchPlan, IndexIsAskedForRareTerms) {
  EXPECT_EQ(sample_of({"lighthouse", "dark"}, {{250, "nothing"}, {6, "a dark lighthouse"}}).terms_to_ask(kMany),
            (Terms{"lighthouse", "dark"}));
}

TEST(SearchPlan, IndexIsNotAskedForWhatMostTextsHave) {
  EXPECT_EQ(sample_of({"th"}, {{100, "nothing"}, {156, "There they are"}}).terms_to_ask(kMany), Terms{});
  EXPECT_EQ(sample_of({"lighthouse", "the"}, {{100, "nothing"}, {156, "then"}}).terms_to_ask(kMany), Terms{"lighthouse"});
}

TEST(SearchPlan, CommonTermsThatNoTextHasTogetherCostOneOfThem) {
  EXPECT_EQ(sample_of({"the", "and"}, {{156, "the"}, {100, "and"}}).terms_to_ask(kMany), Terms{"and"});
}

TEST(SearchPlan, AmongFewMessagesNoTermIsCommon) {
  EXPECT_EQ(sample_of({"the"}, {{128, "the"}, {128, "nothing"}}).terms_to_ask(kFew), Terms{"the"});
}

TEST(SearchPlan, EmptySampleLeavesAllToTheIndex) {
  EXPECT_EQ(sample_of({"the", "and"}, {}).terms_to_ask(kMany), (Terms{"the", "and"}));
}

}  // namespace
}  // namespace belfry::sql
