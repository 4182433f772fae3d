// How messages stand in the full-text indexes of both databases (SPEC K44). Each term is indexed behind eight digits of its
// conversation's id, so a search costs what the reader's own conversations hold, however many messages of others have the word.
// Two conversations may share the digits; who may read a match is checked with its row.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/chat/message.hpp"

namespace belfry::sql {

/// Of one message: the terms, each once, with a space between them. Empty if it cannot be found.
[[nodiscard]] std::string index_terms(const chat::Message& message);

/// How a database writes that terms begin so: `"x"*` and AND, or `'x':*` and &.
struct SearchSpelling {
  std::string_view before, behind, all_of, one_of;
};
/// One of the conversations has all of the terms; neither list is empty.
[[nodiscard]] std::string search_text(const SearchSpelling& spelling, const std::vector<chat::ConversationId>& conversations,
                                      const std::vector<std::string>& terms);

}  // namespace belfry::sql
