#include "domain/chat/fit.hpp"

#include <algorithm>
#include <utility>

#include "domain/chat/each_term.hpp"

namespace belfry::chat {
namespace {

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

Fit::Fit(std::vector<std::string> terms) : terms_(std::move(terms)) {
  std::sort(terms_.begin(), terms_.end());
  terms_.erase(std::unique(terms_.begin(), terms_.end()), terms_.end());
  for (std::size_t i = 0; i < terms_.size(); ++i) shorter_.push_back(i == 0 ? kNone : longest_beginning(terms_[i], i - 1));
}

std::size_t Fit::longest_beginning(std::string_view word, std::size_t last) const {
  while (last != kNone && !word.starts_with(terms_[last])) last = shorter_[last];
  return last;
}

std::size_t Fit::longest_beginning(std::string_view word) const {
  const auto behind = std::upper_bound(terms_.begin(), terms_.end(), word);
  return behind == terms_.begin() ? kNone : longest_beginning(word, static_cast<std::size_t>(behind - terms_.begin()) - 1);
}

std::optional<double> Fit::score(std::string_view text) const {
  std::vector<bool> begins(terms_.size()), is_word(terms_.size());
  std::size_t missing = terms_.size(), whole = 0, words = 0, uses = 0;
  each_term(text, [&](const std::string& word, std::size_t) {
    ++words;
    const std::size_t longest = longest_beginning(word);
    if (longest == kNone) return;
    ++uses;
    if (!is_word[longest] && terms_[longest] == word) is_word[longest] = true, ++whole;
    for (std::size_t i = longest; i != kNone && !begins[i]; i = shorter_[i]) begins[i] = true, --missing;
  });
  if (missing > 0) return std::nullopt;
  if (words == 0 || terms_.empty()) return 0;
  const auto share = [](std::size_t part, std::size_t all) { return static_cast<double>(part) / static_cast<double>(all); };
  return (share(whole, terms_.size()) + share(uses, words)) / 2;
}

std::string Fit::snippet(std::string_view text) const {
  std::optional<std::size_t> first;
  each_term(text, [&](const std::string& word, std::size_t at) {
    if (!first && longest_beginning(word) != kNone) first = at;
  });
  const std::size_t begin = back(text, first.value_or(0), kSnippet / 4);
  const std::size_t end = forward(text, begin, kSnippet);
  std::string cut = begin > 0 ? "…" : "";
  cut += text.substr(begin, end - begin);
  if (end < text.size()) cut += "…";
  return cut;
}

}  // namespace belfry::chat
