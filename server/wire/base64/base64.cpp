#include "wire/base64/base64.hpp"

#include <array>
#include <cstddef>
#include <utility>

namespace belfry::base64 {
namespace {

// RFC 4648 4, table 1.
constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
// RFC 4648 5, table 2: safe in URLs and file names.
constexpr std::string_view kUrlLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
// What no letter of the alphabet stands for, since those are 0 to 63.
constexpr std::uint8_t kForeign = 64;

using Values = std::array<std::uint8_t, 256>;

constexpr Values values_of(std::string_view letters) {
  Values values{};
  values.fill(kForeign);
  for (std::size_t i = 0; i < letters.size(); ++i) values[static_cast<std::uint8_t>(letters[i])] = static_cast<std::uint8_t>(i);
  return values;
}

// The value of each byte as a letter: one look-up, where searching the alphabet costs up to 64.
constexpr Values kValues = values_of(kLetters);
constexpr Values kUrlValues = values_of(kUrlLetters);

/// The letters without their padding; nullopt when there are not as many as bytes need.
std::optional<std::string_view> digits_of(std::string_view text, Form form) {
  if (form == Form::padded) {
    if (text.size() % 4 != 0) return std::nullopt;
    for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  }
  return text.size() % 4 == 1 ? std::nullopt : std::optional(text);
}

}  // namespace

void append(std::string& out, std::string_view bytes, Form form) {
  const std::string_view letters = form == Form::url ? kUrlLetters : kLetters;
  const std::size_t before = out.size();
  out.reserve(before + (bytes.size() + 2) / 3 * 4);
  std::uint32_t bits = 0;
  unsigned held = 0;  // how many of the low bits are not written yet
  for (const char byte : bytes) {
    bits = (bits << 8U) | static_cast<std::uint8_t>(byte);
    for (held += 8; held >= 6; held -= 6) out.push_back(letters[(bits >> (held - 6)) & 63U]);
  }
  if (held > 0) out.push_back(letters[(bits << (6 - held)) & 63U]);
  if (form != Form::padded) return;
  while ((out.size() - before) % 4 != 0) out.push_back('=');
}

std::string encode(std::string_view bytes, Form form) {
  std::string out;
  append(out, bytes, form);
  return out;
}

bool append_decoded(std::string& out, std::string_view text, Form form) {
  const Values& values = form == Form::url ? kUrlValues : kValues;
  const auto digits = digits_of(text, form);
  if (!digits) return false;
  const std::size_t before = out.size();
  std::size_t end = before;
  out.resize(before + digits->size() * 3 / 4);
  std::uint32_t bits = 0;
  unsigned held = 0;
  std::uint8_t seen = 0;  // a foreign letter sets the bit that no other has
  for (const char digit : *digits) {
    const std::uint8_t value = values[static_cast<std::uint8_t>(digit)];
    seen |= value;
    bits = (bits << 6U) | value;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out[end++] = static_cast<char>((bits >> held) & 0xFFU);
  }
  // RFC 4648 3.5: bits that fill the last digit MUST be zero.
  if ((seen & kForeign) == 0 && (bits & ((1U << held) - 1U)) == 0) return true;
  out.resize(before);
  return false;
}

std::optional<std::string> decode(std::string_view text, Form form) {
  std::string out;
  return append_decoded(out, text, form) ? std::optional(std::move(out)) : std::nullopt;
}

bool is_digit(char letter) { return kValues[static_cast<std::uint8_t>(letter)] != kForeign; }

}  // namespace belfry::base64
