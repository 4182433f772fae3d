#include "base/uuid.hpp"

namespace belfry {
namespace {

constexpr bool dash_before(std::size_t byte) { return byte == 4 || byte == 6 || byte == 8 || byte == 10; }

std::optional<std::uint8_t> nibble(char digit) {
  if (digit >= '0' && digit <= '9') return static_cast<std::uint8_t>(digit - '0');
  if (digit >= 'a' && digit <= 'f') return static_cast<std::uint8_t>(digit - 'a' + 10);
  if (digit >= 'A' && digit <= 'F') return static_cast<std::uint8_t>(digit - 'A' + 10);
  return std::nullopt;
}

}  // namespace

Uuid make_uuid_v7(WallTime created, std::span<const std::byte, kUuidRandomBytes> random) {
  Uuid id{};
  const auto milliseconds = static_cast<std::uint64_t>(created.unix_ms);
  for (std::size_t i = 0; i < 6; ++i) id[i] = static_cast<std::uint8_t>(milliseconds >> (8 * (5 - i)));
  for (std::size_t i = 0; i < random.size(); ++i) id[6 + i] = std::to_integer<std::uint8_t>(random[i]);
  id[6] = static_cast<std::uint8_t>((id[6] & 0x0FU) | 0x70U);
  id[8] = static_cast<std::uint8_t>((id[8] & 0x3FU) | 0x80U);
  return id;
}

std::string to_text(const Uuid& id) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text(36, '-');
  char* out = text.data();
  for (std::size_t i = 0; i < id.size(); ++i) {
    if (dash_before(i)) ++out;
    *out++ = kDigits[id[i] >> 4U];
    *out++ = kDigits[id[i] & 0x0FU];
  }
  return text;
}

std::optional<Uuid> parse_uuid(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  Uuid id{};
  std::size_t at = 0;
  for (std::size_t i = 0; i < id.size(); ++i) {
    if (dash_before(i) && text[at++] != '-') return std::nullopt;
    const auto high = nibble(text[at]);
    const auto low = nibble(text[at + 1]);
    if (!high || !low) return std::nullopt;
    id[i] = static_cast<std::uint8_t>((*high << 4U) | *low);
    at += 2;
  }
  return id;
}

}  // namespace belfry
