#include "app/call_tokens/media_channel.hpp"

#include <array>

namespace belfry::call_tokens {
namespace {

constexpr std::array<std::string_view, 2> kUidForms = {"string", "numeric"};
constexpr std::array<std::string_view, 2> kRoles = {"publisher", "subscriber"};

template <class Enum, std::size_t N>
std::optional<Enum> parse(std::string_view text, const std::array<std::string_view, N>& words) {
  for (std::size_t i = 0; i < N; ++i)
    if (words[i] == text) return static_cast<Enum>(i);
  return std::nullopt;
}

}  // namespace

std::string_view to_text(UidForm form) { return kUidForms.at(static_cast<std::size_t>(form)); }
std::string_view to_text(MediaRole role) { return kRoles.at(static_cast<std::size_t>(role)); }
std::optional<UidForm> parse_uid_form(std::string_view text) { return parse<UidForm>(text, kUidForms); }
std::optional<MediaRole> parse_media_role(std::string_view text) { return parse<MediaRole>(text, kRoles); }

}  // namespace belfry::call_tokens
