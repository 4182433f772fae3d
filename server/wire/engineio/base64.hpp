// Base64 (RFC 4648 4), strict: the standard alphabet, padding, and no bits left over. OpenSSL's decoder forgives all three,
// and two spellings of one message are one too many. Private to wire/engineio.
#pragma once

#include <string>
#include <string_view>

namespace belfry::engineio {

void append_base64(std::string& out, std::string_view bytes);
/// False, with `out` unchanged, when `text` is no base64.
[[nodiscard]] bool decode_base64(std::string_view text, std::string& out);

}  // namespace belfry::engineio
