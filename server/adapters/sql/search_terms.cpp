#include "adapters/sql/search_terms.hpp"

#include <set>

#include "domain/chat/terms.hpp"

namespace belfry::sql {
namespace {

constexpr std::size_t kDigits = 8;

/// The last ones are chance; the first ones are the time at which the conversation was made.
std::string digits_of(const chat::ConversationId& conversation) {
  const std::string text = belfry::to_text(conversation.value());
  return text.substr(text.size() - kDigits);
}

}  // namespace

std::string index_terms(const chat::Message& message) {
  std::string indexed;
  if (message.deleted || message.kind == chat::Kind::system) return indexed;
  const std::string digits = digits_of(message.conversation);
  const auto terms = chat::terms_in(message.text);
  for (const std::string& term : std::set<std::string>(terms.begin(), terms.end())) {
    if (!indexed.empty()) indexed += ' ';
    indexed.append(digits).append(term);
  }
  return indexed;
}

std::string search_text(const SearchSpelling& spelling, const std::vector<chat::ConversationId>& conversations,
                        const std::vector<std::string>& terms) {
  std::string text;
  for (const chat::ConversationId& conversation : conversations) {
    const std::string digits = digits_of(conversation);
    text += text.empty() ? "(" : std::string(spelling.one_of) + "(";
    for (std::size_t i = 0; i < terms.size(); ++i) {
      if (i > 0) text += spelling.all_of;
      text.append(spelling.before).append(digits).append(terms[i]).append(spelling.behind);
    }
    text += ")";
  }
  return text;
}

}  // namespace belfry::sql
