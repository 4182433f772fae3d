#include "domain/account/shown_name.hpp"

#include <algorithm>
#include <array>

#include "base/code_points.hpp"

namespace belfry::account {
namespace {

struct Range {
  char32_t first, last;
};

template <std::size_t size>
bool is_in(const std::array<Range, size>& ranges, char32_t code) {
  return std::any_of(ranges.begin(), ranges.end(), [&](Range each) { return code >= each.first && code <= each.last; });
}

// Controls (Cc), the two separators of lines and paragraphs, and what turns text (UAX 9 2.1, 2.2): embeddings and overrides, and
// isolates. The three marks that only lean (U+061C, U+200E, U+200F) are in many Arabic and Hebrew names.
constexpr std::array<Range, 5> kMalformed = {{{0x00, 0x1F}, {0x7F, 0x9F}, {0x2028, 0x2029}, {0x202A, 0x202E}, {0x2066, 0x2069}}};

// White_Space and Default_Ignorable_Code_Point of Unicode 15, and those that have a shape, but an empty one: the blank Braille
// pattern and the interlinear annotations. The web client's list (web/src/sw/names.ts) must not have fewer.
constexpr std::array<Range, 22> kUnseen = {
    {{0x20, 0x20},     {0xA0, 0xA0},       {0xAD, 0xAD},       {0x34F, 0x34F},    {0x61C, 0x61C},   {0x115F, 0x1160},
     {0x1680, 0x1680}, {0x17B4, 0x17B5},   {0x180B, 0x180F},   {0x2000, 0x200F},  {0x202F, 0x202F}, {0x205F, 0x206F},
     {0x2800, 0x2800}, {0x3000, 0x3000},   {0x3164, 0x3164},   {0xFE00, 0xFE0F},  {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0},
     {0xFFF0, 0xFFFB}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}}};

}  // namespace

Expected<void, NameFault> check_shown_name(std::string_view name) {
  bool seen = false;
  while (!name.empty()) {
    const auto code = take_code_point(name);
    if (!code || is_in(kMalformed, *code)) return unexpected(NameFault::malformed);
    seen = seen || !is_in(kUnseen, *code);
  }
  if (!seen) return unexpected(NameFault::unseen);
  return {};
}

}  // namespace belfry::account
