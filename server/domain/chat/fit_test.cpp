// SPEC K44.
#include "domain/chat/fit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "domain/chat/terms.hpp"

namespace belfry::chat {
namespace {

using Terms = std::vector<std::string>;

std::optional<double> score(std::string_view text, const Terms& query) { return Fit(query).score(text); }
std::string snippet(std::string_view text, const Terms& query) { return Fit(query).snippet(text); }

/// The same by comparing each word with each term.
std::optional<double> slow_score(std::string_view text, const Terms& query) {
  const Terms words = terms_in(text);
  double whole = 0, uses = 0;
  for (const std::string& term : query) {
    const auto begins = [&](const std::string& word) { return word.starts_with(term); };
    if (std::none_of(words.begin(), words.end(), begins)) return std::nullopt;
    if (std::find(words.begin(), words.end(), term) != words.end()) whole += 1;
  }
  for (const std::string& word : words)
    if (std::any_of(query.begin(), query.end(), [&](const std::string& term) { return word.starts_with(term); })) uses += 1;
  return (whole / static_cast<double>(query.size()) + uses / static_cast<double>(words.size())) / 2;
}

std::string random_words(std::mt19937& chance, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    for (auto left = chance() % 4 + 1; left > 0; --left) text += static_cast<char>('a' + chance() % 2);
    text += ' ';
  }
  return text;
}

TEST(SearchFit, AllTermsMustBeThereAsBeginnings) {
  EXPECT_TRUE(score("The lighthouse is dark", {"dark", "light"}).has_value());
  EXPECT_FALSE(score("The lighthouse is dark", {"house"}).has_value());
  EXPECT_FALSE(score("The lighthouse is dark", {"light", "bright"}).has_value());
  EXPECT_FALSE(score("", {"light"}).has_value());
}

TEST(SearchFit, WholeWordsAndShortTextsFitBetter) {
  const Terms query{"light"};
  EXPECT_GT(score("light on", query), score("lighthouse on", query));
  EXPECT_GT(score("light on", query), score("light on the other side of the bay", query));
  EXPECT_EQ(score("light", query), 1);
}

TEST(SearchFit, IsThatOfComparingEachWordWithEachTerm) {
  std::mt19937 chance(7);
  std::size_t fitting = 0;
  for (int round = 0; round < 2'000; ++round) {
    const Terms query = query_terms(random_words(chance, chance() % 6 + 1));
    const std::string text = random_words(chance, chance() % 12 + 1);
    const auto expected = slow_score(text, query);
    EXPECT_EQ(score(text, query), expected) << text;
    if (expected) ++fitting;
  }
  EXPECT_GT(fitting, 200U);
}

TEST(SearchSnippet, ShowsThePartAroundTheTermAsItWasWritten) {
  EXPECT_EQ(snippet("Light on", {"light"}), "Light on");
  const std::string before(300, 'a'), behind(300, 'b');
  const std::string cut = snippet(before + " Größe " + behind, {"gro"});
  EXPECT_EQ(cut.substr(0, 4), "…a");
  EXPECT_NE(cut.find("Größe"), std::string::npos);
  EXPECT_TRUE(cut.ends_with("b…"));
}

TEST(SearchSnippet, CutsBetweenCharacters) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += "é";
  EXPECT_EQ(snippet(text, {}).size(), 2 * kSnippet + 3);
}

}  // namespace
}  // namespace belfry::chat
