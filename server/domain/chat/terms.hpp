// Terms: what a message is found by (SPEC K44). A term is a run of letters and digits without their case and diacritics, or one
// CJK character; whatever else stands in a text only separates. All stores index and ask by these terms, so that they find the
// same messages, and no query has an operator or a syntax error.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace belfry::chat {

constexpr std::size_t kMaxQuery = 256;  // characters, K44
// Of one term, bytes: longer runs are no words, and PostgreSQL indexes no lexeme beyond 2047 bytes.
constexpr std::size_t kMaxTerm = 128;

/// In the order of the text; one that comes twice is there twice.
[[nodiscard]] std::vector<std::string> terms_in(std::string_view text);
/// What a query asks for: each of its terms once, the longest first.
[[nodiscard]] std::vector<std::string> query_terms(std::string_view query);

}  // namespace belfry::chat
