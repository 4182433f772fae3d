// Reads and writes UTF-8, one code point after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace belfry {

/// Takes the first code point off `rest`, which is not empty. nullopt: it is no UTF-8 (RFC 3629), and one byte was taken off.
[[nodiscard]] inline std::optional<char32_t> take_code_point(std::string_view& rest) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(rest[at]); };
  const unsigned char lead = byte(0);
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
  constexpr unsigned char kLeadBits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  char32_t code = size == 0 ? 0 : lead & kLeadBits[size];
  bool good = size != 0 && size <= rest.size();
  for (std::size_t at = 1; good && at < size; ++at) {
    good = (byte(at) & 0xC0U) == 0x80U;
    code = (code << 6U) | (byte(at) & 0x3FU);
  }
  const bool overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  good = good && !overlong && !surrogate && code <= 0x10FFFF;
  rest.remove_prefix(good ? size : 1);
  return good ? std::optional(code) : std::nullopt;
}

inline void append_code_point(std::string& out, char32_t code) {
  const auto put = [&](char32_t bits) { out.push_back(static_cast<char>(static_cast<unsigned char>(bits))); };
  const unsigned tails = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  constexpr char32_t kLeadMark[] = {0, 0xC0, 0xE0, 0xF0};
  put(kLeadMark[tails] | (code >> (6U * tails)));
  for (unsigned left = tails; left > 0; --left) put(0x80U | ((code >> (6U * (left - 1))) & 0x3FU));
}

}  // namespace belfry
