#include "domain/chat/ranking.hpp"

#include <algorithm>
#include <utility>

#include "domain/chat/fit.hpp"

namespace belfry::chat {
namespace {

/// Cut between characters.
std::string beginning_of(const std::string& term) {
  std::size_t end = std::min(term.size(), kMaxIndexTerm);
  while (end < term.size() && (static_cast<unsigned char>(term[end]) & 0xC0U) == 0x80U) --end;
  return term.substr(0, end);
}

}  // namespace

std::vector<std::string> terms_for_index(const std::vector<std::string>& query) {
  std::vector<std::string> terms;
  for (const std::string& term : query) {
    if (terms.size() == kMaxIndexTerms) break;
    std::string beginning = beginning_of(term);
    if (std::find(terms.begin(), terms.end(), beginning) == terms.end()) terms.push_back(std::move(beginning));
  }
  return terms;
}

SearchPage best_of(std::vector<Message> found, const std::vector<std::string>& query, SearchSpan span) {
  const Fit fit(query);
  std::vector<std::pair<double, Message*>> ranked;
  for (Message& each : found)
    if (const auto score = fit.score(each.text)) ranked.emplace_back(*score, &each);
  std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  const std::size_t end = std::min(ranked.size(), span.skip + span.limit);
  SearchPage page{.more = end < ranked.size()};
  for (std::size_t i = span.skip; i < end; ++i) {
    Message& message = *ranked[i].second;
    std::string part = fit.snippet(message.text);
    page.results.push_back({std::move(message), std::move(part), ranked[i].first});
  }
  return page;
}

}  // namespace belfry::chat
