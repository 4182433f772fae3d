#include "session/session_id.hpp"

#include <array>

namespace belfry::session {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t kKeyBytes = 13;  // 1 shard + 4 slot + 8 secret

constexpr auto kValues = [] {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i)
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::int8_t>(i);
  return values;
}();

}  // namespace

std::string to_text(const SessionKey& key) {
  std::array<std::uint8_t, kKeyBytes + 2> bytes{};
  bytes[0] = static_cast<std::uint8_t>(key.shard);
  for (std::size_t i = 0; i < 4; ++i) bytes[1 + i] = static_cast<std::uint8_t>(key.slot >> (24 - 8 * i));
  for (std::size_t i = 0; i < 8; ++i) bytes[5 + i] = static_cast<std::uint8_t>(key.secret >> (56 - 8 * i));
  std::string text;
  text.reserve(kSessionIdLength);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::uint32_t group =
        static_cast<std::uint32_t>(bytes[i]) << 16 | static_cast<std::uint32_t>(bytes[i + 1]) << 8 | bytes[i + 2];
    for (int shift = 18; shift >= 0 && text.size() < kSessionIdLength; shift -= 6)
      text.push_back(kAlphabet[(group >> shift) & 63]);
  }
  return text;
}

std::optional<SessionKey> parse_session_id(std::string_view text) {
  if (text.size() != kSessionIdLength) return std::nullopt;
  std::array<std::uint8_t, kKeyBytes> bytes{};
  std::uint32_t bits = 0;
  int held = 0;
  std::size_t filled = 0;
  for (const char character : text) {
    const int value = kValues[static_cast<unsigned char>(character)];
    if (value < 0) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    held += 6;
    if (held >= 8 && filled < bytes.size()) {
      held -= 8;
      bytes[filled++] = static_cast<std::uint8_t>(bits >> held);
    }
  }
  if ((bits & ((1U << held) - 1U)) != 0) return std::nullopt;  // one spelling per id
  SessionKey key;
  key.shard = bytes[0];
  for (std::size_t i = 0; i < 4; ++i) key.slot = key.slot << 8 | bytes[1 + i];
  for (std::size_t i = 0; i < 8; ++i) key.secret = key.secret << 8 | bytes[5 + i];
  return key;
}

}  // namespace belfry::session
