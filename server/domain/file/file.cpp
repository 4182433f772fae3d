#include "domain/file/file.hpp"

#include "base/code_points.hpp"

namespace belfry::file {
namespace {

/// U+0000 to U+001F, U+007F to U+009F, and what turns the direction of text around (U+202A to U+202E, U+2066 to U+2069), which
/// lets `exe.png` look like `gnp.exe`.
bool is_control(char32_t code) {
  const auto is_among = [code](char32_t first, char32_t last) { return code >= first && code <= last; };
  return is_among(0, 0x1F) || is_among(0x7F, 0x9F) || is_among(0x202A, 0x202E) || is_among(0x2066, 0x2069);
}

}  // namespace

std::string clean_name(std::string_view given) {
  given = given.substr(given.find_last_of("/\\") + 1);  // npos + 1 is 0
  std::string name;
  while (!given.empty()) {
    const std::string_view rest = given;
    const auto code = take_code_point(given);
    if (!code || is_control(*code)) continue;
    const std::string_view character = rest.substr(0, rest.size() - given.size());
    if (name.size() + character.size() > kMaxName) break;
    name += character;
  }
  // Some systems drop blanks and dots at an end, or hide what begins with a dot.
  const std::size_t first = name.find_first_not_of(" .");
  if (first == std::string::npos) return "file";
  return name.substr(first, name.find_last_not_of(" .") + 1 - first);
}

}  // namespace belfry::file
