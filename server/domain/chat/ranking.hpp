// The best matches of a search (SPEC K44). A store runs it on its own threads: a thousand long texts take a while.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "domain/chat/message.hpp"

namespace belfry::chat {

// An index is asked for so many terms, so much of each; the texts that it finds are checked for all of the query.
constexpr std::size_t kMaxIndexTerms = 8, kMaxIndexTerm = 32;
/// Of the terms of a query (query_terms()).
[[nodiscard]] std::vector<std::string> terms_for_index(const std::vector<std::string>& query);

struct SearchResult {
  Message message{};
  std::string snippet{};
  double score = 0;
};
struct SearchPage {
  std::vector<SearchResult> results{};  // best first, equal ones newest first
  bool more = false;
};

/// Which results of all: those behind the first `skip`.
struct SearchSpan {
  std::size_t skip = 0, limit = 20;
};
struct RankedText {
  std::size_t place = 0;  // among those that were ranked
  double score = 0;
};
struct BestTexts {
  std::vector<RankedText> ranked{};  // best first, equal ones as they stand
  bool more = false;
};
/// `found` are newest first; those that have not all terms of the query are left out.
[[nodiscard]] BestTexts best_texts(const std::vector<std::string_view>& found, const std::vector<std::string>& query,
                                   SearchSpan span);
/// The same of messages.
[[nodiscard]] SearchPage best_of(std::vector<Message> found, const std::vector<std::string>& query, SearchSpan span);

}  // namespace belfry::chat
