#include "adapters/postgres/binary.hpp"

#include <algorithm>

namespace belfry::postgres {
namespace {

/// The length of the well-formed UTF-8 sequence at `at` (Unicode 3.9, table 3-7); 0 if there is none.
std::size_t sequence_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> unsigned { return i < text.size() ? static_cast<std::uint8_t>(text[i]) : 0U; };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned lead = byte(at), second = byte(at + 1);
  if (lead < 0x80) return lead == 0 ? 0 : 1;
  if (lead >= 0xC2 && lead <= 0xDF) return follows(at + 1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const bool overlong = lead == 0xE0 && second < 0xA0;
    const bool surrogate = lead == 0xED && second > 0x9F;
    return follows(at + 1) && follows(at + 2) && !overlong && !surrogate ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const bool out_of_range = (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F);
    return follows(at + 1) && follows(at + 2) && follows(at + 3) && !out_of_range ? 4 : 0;
  }
  return 0;
}

}  // namespace

std::string storable(std::string_view text) {
  const auto plain = [](char c) { return c > '\0'; };
  std::string clean(text);
  if (std::all_of(text.begin(), text.end(), plain)) return clean;
  for (std::size_t at = 0; at < clean.size();) {
    const std::size_t length = sequence_at(clean, at);
    if (length == 0) clean[at] = '?';
    at += std::max<std::size_t>(length, 1);
  }
  return clean;
}

}  // namespace belfry::postgres
