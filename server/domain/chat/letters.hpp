// What a search knows of letters (SPEC K44): which code points make a term, and what a letter is without its case and diacritics.
// The tables come from Unicode (tools/letters).
#pragma once

namespace belfry::chat {

/// A letter, a digit or a mark. A CJK character is none of these: it is a term of its own.
[[nodiscard]] bool is_word(char32_t code);
/// A mark on the letter before it, such as an accent.
[[nodiscard]] bool is_mark(char32_t code);
/// Han, Kana and Hangul, which write no space between words, or none that a reader of the language would search by.
[[nodiscard]] bool is_cjk(char32_t code);
[[nodiscard]] char32_t folded(char32_t letter);

}  // namespace belfry::chat
