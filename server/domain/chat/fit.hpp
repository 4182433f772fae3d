// How well texts fit a query (SPEC K44). A query has up to 256 terms, a text thousands of words, and a search looks at a thousand
// texts: so a word is not compared with every term. The terms are sorted once, and whatever begins a word is among the last of
// them that is not behind the word and what begins that one.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace belfry::chat {

constexpr std::size_t kSnippet = 160;  // code points; a line or two on a page

class Fit {
 public:
  /// Of the terms of a query (query_terms()).
  explicit Fit(std::vector<std::string> terms);

  /// For a text that has all terms as beginnings of its own: from 0 to 1, more for whole words and for short texts. nullopt: it
  /// has not all of them.
  [[nodiscard]] std::optional<double> score(std::string_view text) const;
  /// The part of the text around the first term that fits, as it was written, with "…" where it is cut.
  [[nodiscard]] std::string snippet(std::string_view text) const;

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  /// Of those up to `last` the longest that begins the word.
  [[nodiscard]] std::size_t longest_beginning(std::string_view word, std::size_t last) const;
  [[nodiscard]] std::size_t longest_beginning(std::string_view word) const;

  std::vector<std::string> terms_;    // sorted
  std::vector<std::size_t> shorter_;  // of each term, the longest other one that begins it, or kNone
};

}  // namespace belfry::chat
