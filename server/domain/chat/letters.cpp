#include "domain/chat/letters.hpp"

#include <algorithm>
#include <iterator>

#include "domain/chat/letter_tables.hpp"

namespace belfry::chat {
namespace {

template <class Rows>
const auto* row_of(const Rows& rows, char32_t code) {
  const auto* const row =
      std::partition_point(std::begin(rows), std::end(rows), [&](const auto& each) { return each.last < code; });
  return row != std::end(rows) && row->first <= code ? row : nullptr;
}

bool is_ascii_word(char32_t code) {
  return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') || (code >= '0' && code <= '9');
}

}  // namespace

bool is_word(char32_t code) { return code < 0x80 ? is_ascii_word(code) : row_of(kWordRanges, code) != nullptr; }

bool is_mark(char32_t code) { return code >= 0x80 && row_of(kMarkRanges, code) != nullptr; }

bool is_cjk(char32_t code) {
  constexpr Range kCjk[] = {{0x3040, 0x30FF}, {0x31F0, 0x31FF}, {0x3400, 0x4DBF},  {0x4E00, 0x9FFF},
                            {0xAC00, 0xD7A3}, {0xF900, 0xFAFF}, {0x20000, 0x3FFFF}};
  return code >= kCjk[0].first && row_of(kCjk, code) != nullptr;
}

char32_t folded(char32_t letter) {
  if (letter < 0x80) return letter >= 'A' && letter <= 'Z' ? letter + ('a' - 'A') : letter;
  const FoldRun* const run = row_of(kFoldRuns, letter);
  if (run == nullptr || (letter - run->first) % run->step != 0) return letter;
  return run->to + (letter - run->first) / run->step * run->target_step;
}

}  // namespace belfry::chat
