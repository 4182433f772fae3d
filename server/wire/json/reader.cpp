#include <simdjson.h>

#include <algorithm>

#include "wire/json/json.hpp"
#include "wire/json/kind.hpp"

namespace belfry::json {
namespace {

// Smaller documents share one allocation, instead of one for each that is a little longer than the one before.
constexpr std::size_t kLeastCapacity = 4096;
// simdjson keeps about 13 bytes for each byte of its largest document. Above this a document's buffers are given back.
constexpr std::size_t kKeptCapacity = 64 * 1024;

/// simdjson says STRING_ERROR both for an escape that is none ("\q": syntax) and for a lone surrogate (bad text).
Fault string_fault(std::string_view text) {
  constexpr std::string_view kEscapes = R"("\/bfnrtu)";  // RFC 8259 7
  for (std::size_t at = text.find('\\'); at != std::string_view::npos; at = text.find('\\', at + 2)) {
    if (at + 1 >= text.size() || kEscapes.find(text[at + 1]) == std::string_view::npos) return Fault::syntax;
    if (text[at + 1] != 'u') continue;
    const std::string_view digits = text.substr(at + 2, 4);
    if (digits.size() < 4 || digits.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos) return Fault::syntax;
  }
  return Fault::bad_text;
}

// simdjson needs microseconds instead of nanoseconds for a number with more digits than 64 bits can hold.
constexpr std::size_t kLongNumber = 20;

bool may_be_of_a_number(char letter) { return (letter >= '0' && letter <= '9') || letter == '.'; }

/// How many runs of at least kLongNumber digits and dots there are, inside texts too. Looks only at every twentieth letter, since
/// a run that long always covers one of those: cheap, but it counts too many.
std::size_t long_runs(std::string_view text) {
  std::size_t found = 0;
  for (std::size_t at = kLongNumber - 1; at < text.size(); at += kLongNumber) {
    if (!may_be_of_a_number(text[at])) continue;
    std::size_t begin = at;
    while (begin > 0 && may_be_of_a_number(text[begin - 1])) --begin;
    while (at < text.size() && may_be_of_a_number(text[at])) ++at;
    if (at - begin >= kLongNumber) ++found;
  }
  return found;
}

/// The same without what stands inside texts. The text need not be JSON; behind its first fault the count means nothing, but such
/// a text is refused in any case.
std::size_t long_numbers(std::string_view text) {
  std::size_t found = 0;
  std::size_t length = 0;  // of the number so far
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (may_be_of_a_number(text[at])) {
      if (++length == kLongNumber) ++found;
      continue;
    }
    length = 0;
    if (text[at] != '"') continue;
    for (++at; at < text.size() && text[at] != '"'; ++at)
      if (text[at] == '\\') ++at;
  }
  return found;
}

bool has_too_many_long_numbers(std::string_view text) {
  if (text.size() <= kMaxLongNumbers * kLongNumber) return false;
  return long_runs(text) > kMaxLongNumbers && long_numbers(text) > kMaxLongNumbers;
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
    const std::size_t wanted = std::max(size, kLeastCapacity);
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
  if (has_too_many_long_numbers(text)) return unexpected(Fault::bad_number);
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
