// base64url without padding, as RFC 7515 2 has it (alphabet of RFC 4648 5). Strict: padding, blanks, foreign letters and loose
// bits in the last letter are refused (RFC 4648 3.5), so that a token has one spelling and no changed byte goes unseen.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace belfry::jwt {

void append_base64url(std::string& out, std::string_view bytes);
[[nodiscard]] std::string base64url(std::string_view bytes);
/// nullopt when `text` is not the one spelling of some bytes.
[[nodiscard]] std::optional<std::string> decode_base64url(std::string_view text);

}  // namespace belfry::jwt
