// Finds the terms of a text one after the other. Private to domain/chat.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "base/code_points.hpp"
#include "domain/chat/letters.hpp"
#include "domain/chat/terms.hpp"

namespace belfry::chat {

/// Calls `found(term, where it begins)` for each. The term is there until `found` returns.
template <class Found>
void each_term(std::string_view text, const Found& found) {
  std::string term;
  std::size_t began = 0;
  const auto end_term = [&] {
    if (!term.empty()) found(std::as_const(term), began);
    term.clear();
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

}  // namespace belfry::chat
