#include "domain/oldcall/ids.hpp"

namespace belfry::oldcall {

// RFC 9562 5.7: 48 bits of Unix milliseconds, version 7, 12 random bits, variant 0b10, 62 random bits. We put no counter
// into the random part: order within one millisecond has no meaning for calls.
CallId make_call_id(WallTime created, std::span<const std::byte, kCallIdRandomBytes> random) {
  std::array<std::uint8_t, 16> id{};
  const auto milliseconds = static_cast<std::uint64_t>(created.unix_ms);
  for (std::size_t i = 0; i < 6; ++i) id[i] = static_cast<std::uint8_t>(milliseconds >> (8 * (5 - i)));
  for (std::size_t i = 0; i < random.size(); ++i) id[6 + i] = std::to_integer<std::uint8_t>(random[i]);
  id[6] = static_cast<std::uint8_t>((id[6] & 0x0FU) | 0x70U);
  id[8] = static_cast<std::uint8_t>((id[8] & 0x3FU) | 0x80U);
  return CallId(id);
}

std::string to_text(const CallId& id) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(36);
  for (std::size_t i = 0; i < id.value().size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += kDigits[id.value()[i] >> 4U];
    text += kDigits[id.value()[i] & 0x0FU];
  }
  return text;
}

}  // namespace belfry::oldcall
