// What the text of a message may be (SPEC K33). A text is kept exactly as it was sent: nothing is trimmed, escaped or normalised.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/expected.hpp"
#include "domain/chat/message.hpp"

namespace belfry::chat {

constexpr std::size_t kMaxText = 8000;  // code points, K33

/// blank: nothing, or white space alone. malformed: U+0000, which PostgreSQL takes in no text, or no UTF-8.
enum class TextFault : std::uint8_t { blank, too_long, malformed };
[[nodiscard]] Expected<void, TextFault> check_text(std::string_view text);
/// The id that a client gives to its message, by which a repeat is recognised (K32). Taken as it is: white space is a character
/// like any other, and only nothing is blank.
[[nodiscard]] Expected<void, TextFault> check_client_id(std::string_view text);

}  // namespace belfry::chat
