#include "wire/http/range.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "wire/http/text.hpp"

namespace belfry::http {
namespace {

/// Digits alone; a number that is too large to hold is larger than any file.
std::optional<std::size_t> position(std::string_view digits) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || end != digits.data() + digits.size()) return std::nullopt;
  return error == std::errc::result_out_of_range ? std::string_view::npos : value;
}

Range part(std::size_t from, std::size_t size) { return {.kind = Range::Kind::part, .from = from, .size = size}; }

}  // namespace

Range range_of(std::string_view header, std::size_t size) {
  constexpr std::string_view kUnit = "bytes=";  // RFC 9110 14.1.2
  if (!equals_ignoring_case(header.substr(0, kUnit.size()), kUnit)) return {};
  const std::string_view asked = trimmed(header.substr(kUnit.size()));
  const std::size_t dash = asked.find('-');
  if (dash == std::string_view::npos) return {};
  const auto last = position(asked.substr(dash + 1));
  if (dash == 0) {  // 14.1.1, suffix-range: the last bytes
    if (!last) return {};
    const std::size_t count = std::min(*last, size);
    return count == 0 ? Range{.kind = Range::Kind::none} : part(size - count, count);
  }
  const auto first = position(asked.substr(0, dash));
  const bool open = dash + 1 == asked.size();
  if (!first || (!open && (!last || *last < *first))) return {};
  if (*first >= size) return {.kind = Range::Kind::none};
  return part(*first, open ? size - *first : std::min(*last - *first, size - *first - 1) + 1);
}

std::string content_range(const Range& range, std::size_t size) {
  if (range.kind != Range::Kind::part) return "bytes */" + std::to_string(size);
  return "bytes " + std::to_string(range.from) + "-" + std::to_string(range.from + range.size - 1) + "/" + std::to_string(size);
}

}  // namespace belfry::http
