#include "domain/chat/terms.hpp"

#include <algorithm>
#include <utility>

#include "domain/chat/each_term.hpp"

namespace belfry::chat {

std::vector<std::string> terms_in(std::string_view text) {
  std::vector<std::string> terms;
  each_term(text, [&](const std::string& term, std::size_t) { terms.push_back(term); });
  return terms;
}

std::vector<std::string> query_terms(std::string_view query) {
  auto terms = terms_in(query);
  std::sort(terms.begin(), terms.end(),
            [](const auto& a, const auto& b) { return std::pair(b.size(), a) < std::pair(a.size(), b); });
  terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
  return terms;
}

}  // namespace belfry::chat
