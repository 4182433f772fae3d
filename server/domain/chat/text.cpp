#include "domain/chat/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/code_points.hpp"

namespace belfry::chat {
namespace {

/// The property White_Space of Unicode.
bool is_space(char32_t code) {
  constexpr std::array<char32_t, 9> kOthers = {0x20, 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000};
  if ((code >= 0x09 && code <= 0x0D) || (code >= 0x2000 && code <= 0x200A)) return true;
  return std::find(kOthers.begin(), kOthers.end(), code) != kOthers.end();
}

enum class WhiteSpace : std::uint8_t { is_blank, counts };

Expected<void, TextFault> check(std::string_view text, std::size_t most, WhiteSpace white_space) {
  std::size_t count = 0;
  bool blank = true;
  while (!text.empty()) {
    const auto code = take_code_point(text);
    if (!code || *code == 0) return unexpected(TextFault::malformed);
    if (++count > most) return unexpected(TextFault::too_long);
    blank = blank && white_space == WhiteSpace::is_blank && is_space(*code);
  }
  if (blank) return unexpected(TextFault::blank);
  return {};
}

}  // namespace

Expected<void, TextFault> check_text(std::string_view text) { return check(text, kMaxText, WhiteSpace::is_blank); }

Expected<void, TextFault> check_client_id(std::string_view text) { return check(text, kMaxClientId, WhiteSpace::counts); }

}  // namespace belfry::chat
