// SPEC K44, R-004-72.
#include "domain/chat/ranking.hpp"

#include <gtest/gtest.h>

#include "domain/chat/terms.hpp"

namespace belfry::chat {
namespace {

using Texts = std::vector<std::string>;

std::vector<Message> messages(const Texts& texts) {
  std::vector<Message> all;
  for (const auto& text : texts) all.push_back({.text = text});
  return all;
}

Texts snippets(const SearchPage& page) {
  Texts all;
  for (const auto& each : page.results) all.push_back(each.snippet);
  return all;
}

TEST(Ranking, BestComeFirstAndEqualOnesAsTheyCame) {
  const auto found = messages({"lights and more", "light", "light!", "the dark", "lights or less"});
  const auto page = best_of(found, {"light"}, {});
  EXPECT_EQ(snippets(page), (Texts{"light", "light!", "lights and more", "lights or less"}));
  EXPECT_FALSE(page.more);
  EXPECT_EQ(page.results[0].score, 1);
}

TEST(Ranking, PagesGoOnWhereTheOneBeforeEndedAndEndWithTheLast) {
  const auto found = messages({"a1", "a2", "a3"});
  const auto page = [&](std::size_t skip, std::size_t limit) { return best_of(found, {"a"}, {.skip = skip, .limit = limit}); };
  EXPECT_EQ(snippets(page(0, 2)), (Texts{"a1", "a2"}));
  EXPECT_TRUE(page(0, 2).more);
  EXPECT_EQ(snippets(page(2, 2)), Texts{"a3"});
  EXPECT_FALSE(page(2, 2).more);
  EXPECT_FALSE(page(1, 2).more);
  for (const std::size_t beyond : {3U, 4U, 1'000U}) {
    EXPECT_TRUE(page(beyond, 2).results.empty());
    EXPECT_FALSE(page(beyond, 2).more);
  }
}

TEST(Ranking, TextThatAnIndexFoundByFewerTermsIsCheckedForAll) {
  std::string all, most;
  for (char letter = 'a'; letter <= 'j'; ++letter)
    all += std::string(2, letter) + " ", most += std::string(letter < 'j' ? 2 : 1, letter) + " ";
  EXPECT_EQ(best_of(messages({most, all}), query_terms(all), {}).results.size(), 1U);
}

TEST(Ranking, IndexIsAskedForFewTermsAndNotForTheWholeOfALongOne) {
  std::string text;
  for (char letter = 'a'; letter <= 'z'; ++letter) text += std::string(2, letter) + " ";
  EXPECT_EQ(terms_for_index(query_terms(text)).size(), kMaxIndexTerms);
  const std::string run(100, 'x');
  EXPECT_EQ(terms_for_index({run + "a", run + "b"}), Texts{std::string(kMaxIndexTerm, 'x')});
  EXPECT_EQ(terms_for_index({std::string(31, 'x') + "é"}), Texts{std::string(31, 'x')}) << "cut between characters";
}

}  // namespace
}  // namespace belfry::chat
