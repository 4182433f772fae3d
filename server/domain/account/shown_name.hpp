// What others are shown as the name of a user or of a group. It is kept as it was sent: nothing is trimmed, and what nobody could
// read, or what would change the text around it, is refused.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/expected.hpp"

namespace belfry::account {

/// unseen: nothing, white space, or characters that no font shows. malformed: no UTF-8, control characters, line breaks, or what
/// turns the direction of text.
enum class NameFault : std::uint8_t { unseen, malformed };
[[nodiscard]] Expected<void, NameFault> check_shown_name(std::string_view name);

}  // namespace belfry::account
