#include "wire/jwt/base64url.hpp"

#include <array>
#include <cstdint>

namespace belfry::jwt {
namespace {

// RFC 4648 5; without padding (RFC 7515 2).
constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
// What no letter of the alphabet stands for, since those are 0 to 63.
constexpr std::uint8_t kForeign = 64;

// The value of each byte as a letter: one look-up, where searching the alphabet costs up to 64.
constexpr std::array<std::uint8_t, 256> kValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kForeign);
  for (std::size_t i = 0; i < kLetters.size(); ++i) values[static_cast<std::uint8_t>(kLetters[i])] = static_cast<std::uint8_t>(i);
  return values;
}();

}  // namespace

void append_base64url(std::string& out, std::string_view bytes) {
  std::uint32_t bits = 0;
  unsigned held = 0;  // how many of the low bits are not written yet
  for (const char byte : bytes) {
    bits = (bits << 8U) | static_cast<std::uint8_t>(byte);
    for (held += 8; held >= 6; held -= 6) out.push_back(kLetters[(bits >> (held - 6)) & 63U]);
  }
  if (held > 0) out.push_back(kLetters[(bits << (6 - held)) & 63U]);
}

std::string base64url(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() * 4 + 2) / 3);
  append_base64url(out, bytes);
  return out;
}

std::optional<std::string> decode_base64url(std::string_view text) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string out(text.size() * 3 / 4, '\0');
  std::size_t written = 0;
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char letter : text) {
    const std::uint8_t value = kValues[static_cast<std::uint8_t>(letter)];
    if (value == kForeign) return std::nullopt;
    bits = (bits << 6U) | value;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out[written++] = static_cast<char>((bits >> held) & 0xFFU);
  }
  if ((bits & ((1U << held) - 1U)) != 0) return std::nullopt;
  return out;
}

}  // namespace belfry::jwt
