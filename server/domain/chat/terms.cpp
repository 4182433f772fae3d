#include "domain/chat/terms.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "domain/chat/code_points.hpp"
#include "domain/chat/letters.hpp"

namespace belfry::chat {
namespace {

/// Calls `found(term, where it begins)` for each.
template <class Found>
void each_term(std::string_view text, const Found& found) {
  std::string term;
  std::size_t began = 0;
  const auto end_term = [&] {
    if (!term.empty()) found(std::exchange(term, {}), began);
  };
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t at = text.size() - rest.size();
    const auto code = take_code_point(rest);
    if (code && is_cjk(*code)) {
      end_term();
      append_code_point(term, *code);
      began = at;
      end_term();
    } else if (!code || !is_word(*code)) {
      end_term();
    } else if (!is_mark(*code) && term.size() + 4 <= kMaxTerm) {
      if (term.empty()) began = at;
      append_code_point(term, folded(*code));
    }
  }
  end_term();
}

bool begins_one_of(const std::string& term, const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) { return word.starts_with(term); });
}

/// Where in the text the code point begins that is `count` before or behind `at`.
std::size_t back(std::string_view text, std::size_t at, std::size_t count) {
  for (; at > 0 && count > 0; --count) {
    --at;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) --at;
  }
  return at;
}
std::size_t forward(std::string_view text, std::size_t at, std::size_t count) {
  for (std::string_view rest = text.substr(at); !rest.empty() && count > 0; --count) {
    (void)take_code_point(rest);
    at = text.size() - rest.size();
  }
  return at;
}

}  // namespace

std::vector<std::string> terms_in(std::string_view text) {
  std::vector<std::string> terms;
  each_term(text, [&](std::string term, std::size_t) { terms.push_back(std::move(term)); });
  return terms;
}

std::vector<std::string> query_terms(std::string_view query) {
  auto terms = terms_in(query);
  std::sort(terms.begin(), terms.end(),
            [](const auto& a, const auto& b) { return std::pair(b.size(), a) < std::pair(a.size(), b); });
  terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
  return terms;
}

std::optional<double> score(std::string_view text, const std::vector<std::string>& query) {
  const auto words = terms_in(text);
  double whole = 0, uses = 0;
  for (const std::string& term : query) {
    if (!begins_one_of(term, words)) return std::nullopt;
    if (std::find(words.begin(), words.end(), term) != words.end()) whole += 1;
  }
  if (words.empty() || query.empty()) return 0;
  for (const std::string& word : words)
    if (std::any_of(query.begin(), query.end(), [&](const std::string& term) { return word.starts_with(term); })) uses += 1;
  return (whole / static_cast<double>(query.size()) + uses / static_cast<double>(words.size())) / 2;
}

std::string snippet(std::string_view text, const std::vector<std::string>& query) {
  std::optional<std::size_t> first;
  each_term(text, [&](const std::string& word, std::size_t at) {
    const auto begins = [&](const std::string& term) { return word.starts_with(term); };
    if (!first && std::any_of(query.begin(), query.end(), begins)) first = at;
  });
  const std::size_t begin = back(text, first.value_or(0), kSnippet / 4);
  const std::size_t end = forward(text, begin, kSnippet);
  std::string cut = begin > 0 ? "…" : "";
  cut += text.substr(begin, end - begin);
  if (end < text.size()) cut += "…";
  return cut;
}

}  // namespace belfry::chat
