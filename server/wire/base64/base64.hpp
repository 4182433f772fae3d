// Base64 (RFC 4648), strict: blanks, foreign letters, wrong padding and loose bits in the last digit are refused (3.3, 3.5), so
// that bytes have one spelling and no changed letter of a token goes unseen. OpenSSL's decoder forgives all four.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace belfry::base64 {

enum class Form : std::uint8_t {
  padded,    // RFC 4648 4
  unpadded,  // the same alphabet without "=" at the end (3.2), for senders who leave it out
  url,       // RFC 4648 5 without padding, as RFC 7515 2 has it: for tokens, and for ids in a query
};

void append(std::string& out, std::string_view bytes, Form form);
[[nodiscard]] std::string encode(std::string_view bytes, Form form);

/// Appends the bytes. False, with `out` unchanged, when `text` is not the one spelling of some bytes.
[[nodiscard]] bool append_decoded(std::string& out, std::string_view text, Form form);
[[nodiscard]] std::optional<std::string> decode(std::string_view text, Form form);

/// Is it one of the 64 letters of the forms `padded` and `unpadded`?
[[nodiscard]] bool is_digit(char letter);

}  // namespace belfry::base64
