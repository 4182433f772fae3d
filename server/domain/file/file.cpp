#include "domain/file/file.hpp"

#include <algorithm>

namespace belfry::file {
namespace {

/// The bytes of the character at the start of `rest`, which is not empty (RFC 3629); 0: none begins there.
std::size_t character_size(std::string_view rest) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(rest[at]); };
  const unsigned char lead = byte(0);
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
  if (size == 0 || size > rest.size()) return 0;
  for (std::size_t at = 1; at < size; ++at)
    if ((byte(at) & 0xC0U) != 0x80U) return 0;
  const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
  const bool beyond = (lead == 0xED && byte(1) > 0x9F) || (lead == 0xF4 && byte(1) > 0x8F);
  return overlong || beyond ? 0 : size;
}

/// U+0000 to U+001F, U+007F to U+009F, and what turns the direction of text around (U+202A to U+202E, U+2066 to U+2069), which
/// lets `exe.png` look like `gnp.exe`.
bool is_control(std::string_view character) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(character[at]); };
  if (character.size() == 1) return byte(0) < 0x20 || byte(0) == 0x7F;
  if (character.size() == 2) return byte(0) == 0xC2 && byte(1) < 0xA0;
  if (character.size() != 3 || byte(0) != 0xE2) return false;
  return (byte(1) == 0x80 && byte(2) >= 0xAA && byte(2) <= 0xAE) || (byte(1) == 0x81 && byte(2) >= 0xA6 && byte(2) <= 0xA9);
}

}  // namespace

std::string clean_name(std::string_view given) {
  given = given.substr(given.find_last_of("/\\") + 1);  // npos + 1 is 0
  std::string name;
  while (!given.empty()) {
    const std::size_t size = character_size(given);
    const std::string_view character = given.substr(0, std::max<std::size_t>(size, 1));
    given.remove_prefix(character.size());
    if (size == 0 || is_control(character)) continue;
    if (name.size() + size > kMaxName) break;
    name += character;
  }
  // Some systems drop blanks and dots at an end, or hide what begins with a dot.
  const std::size_t first = name.find_first_not_of(" .");
  if (first == std::string::npos) return "file";
  return name.substr(first, name.find_last_not_of(" .") + 1 - first);
}

}  // namespace belfry::file
