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

BestTexts best_texts(const std::vector<std::string_view>& found, const std::vector<std::string>& query, SearchSpan span) {
  const Fit fit(query);
  std::vector<RankedText> ranked;
  for (std::size_t i = 0; i < found.size(); ++i)
    if (const auto score = fit.score(found[i])) ranked.push_back({i, *score});
  std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.score > b.score; });
  const std::size_t end = std::min(ranked.size(), span.skip + span.limit), begin = std::min(end, span.skip);
  const auto at = [&](std::size_t place) { return ranked.begin() + static_cast<std::ptrdiff_t>(place); };
  return {.ranked = {at(begin), at(end)}, .more = end < ranked.size()};
}

SearchPage best_of(std::vector<Message> found, const std::vector<std::string>& query, SearchSpan span) {
  std::vector<std::string_view> texts;
  for (const Message& each : found) texts.emplace_back(each.text);
  const BestTexts best = best_texts(texts, query, span);
  const Fit fit(query);
  SearchPage page{.more = best.more};
  for (const auto& [place, score] : best.ranked) {
    Message& message = found[place];
    std::string part = fit.snippet(message.text);
    page.results.push_back({std::move(message), std::move(part), score});
  }
  return page;
}

}  // namespace belfry::chat
