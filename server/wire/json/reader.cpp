#include <simdjson.h>

#include <algorithm>

#include "wire/json/json.hpp"
#include "wire/json/kind.hpp"

namespace belfry::json {
namespace {

// simdjson keeps about 13 bytes for each byte of its largest document. Above this a document's buffers are given back.
constexpr std::size_t kKeptCapacity = 64 * 1024;

/// simdjson says STRING_ERROR both for an escape that is none ("\q": syntax) and for a lone surrogate (bad text).
Fault string_fault(std::string_view text) {
  constexpr std::string_view kEscapes = R"("\/bfnrtu)";
  for (std::size_t at = text.find('\\'); at != std::string_view::npos; at = text.find('\\', at + 2)) {
    if (at + 1 >= text.size() || kEscapes.find(text[at + 1]) == std::string_view::npos) return Fault::syntax;
    if (text[at + 1] != 'u') continue;
    const std::string_view digits = text.substr(at + 2, 4);
    if (digits.size() < 4 || digits.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos) return Fault::syntax;
  }
  return Fault::bad_text;
}

// A number with more digits than 64 bits hold takes simdjson microseconds instead of nanoseconds.
constexpr std::size_t kLongNumber = 20;

/// Are there more long numbers in `text` than kMaxLongNumbers? Looks only at texts that are long enough. Of a text that is not
/// JSON it may say anything about what stands behind the first fault.
bool too_many_long_numbers(std::string_view text) {
  if (text.size() <= kMaxLongNumbers * kLongNumber) return false;
  std::size_t found = 0;
  std::size_t length = 0;  // of the number so far
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char letter = text[at];
    const bool digit = (letter >= '0' && letter <= '9') || letter == '.';
    if (digit && ++length == kLongNumber && ++found > kMaxLongNumbers) return true;
    if (digit) continue;
    length = 0;
    if (letter != '"') continue;
    for (++at; at < text.size() && text[at] != '"'; ++at)
      if (text[at] == '\\') ++at;
  }
  return false;
}

Fault fault_of(simdjson::error_code error, std::string_view text) {
  switch (error) {
    case simdjson::DEPTH_ERROR:
      return Fault::too_deep;
    case simdjson::UTF8_ERROR:
      return Fault::bad_text;
    case simdjson::STRING_ERROR:
      return string_fault(text);
    case simdjson::NUMBER_ERROR:
      return Fault::bad_number;
    default:
      return Fault::syntax;
  }
}

}  // namespace

struct Reader::Parser {
  simdjson::dom::parser parser;
  std::size_t capacity = 0;

  bool grow_to(std::size_t size) {
    if (size <= capacity) return true;
    const std::size_t wanted = std::max<std::size_t>(size, 4096);
    if (parser.allocate(wanted, kMaxDepth) != simdjson::SUCCESS) return false;
    capacity = wanted;
    return true;
  }
  /// True if it had grown: then all that was known of the text is gone.
  bool shrink() {
    if (capacity <= kKeptCapacity) return false;
    parser = simdjson::dom::parser();
    capacity = 0;
    return true;
  }
};

Reader::Reader() : parser_(std::make_unique<Parser>()) {}
Reader::~Reader() = default;

Expected<Slice, Fault> Reader::validate(std::string_view text) {
  if (too_many_long_numbers(text)) return unexpected(Fault::bad_number);
  if (!parser_->grow_to(text.size())) return unexpected(Fault::syntax);
  simdjson::dom::element root;
  marks_ = {nullptr, marks_.generation + 1};
  const simdjson::error_code error = parser_->parser.parse(text.data(), text.size()).get(root);
  const bool kept = !parser_->shrink();
  if (error != simdjson::SUCCESS) return unexpected(fault_of(error, text));
  while (is_blank(text.front())) text.remove_prefix(1);
  while (is_blank(text.back())) text.remove_suffix(1);
  if (!kept) return Slice{kind_of(text.front()), text};
  marks_.at = parser_->parser.implementation->structural_indexes.get();
  return Slice{kind_of(text.front()), text, &marks_, 0, marks_.generation};
}

}  // namespace belfry::json
