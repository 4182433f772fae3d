// The type of bytes by what they begin with (WHATWG MIME Sniffing, https://mimesniff.spec.whatwg.org). What a sender says of a
// file counts for nothing: a browser that is handed a page as an image/png would run it.
#pragma once

#include <cstdint>
#include <string_view>

namespace belfry::media {

/// markup: HTML, SVG or other XML. other: anything else, script too.
enum class Type : std::uint8_t { png, jpeg, gif, webp, mp4, webm, mp3, ogg, pdf, zip, markup, plain_text, other };

[[nodiscard]] Type sniff(std::string_view bytes);

/// "image/png"; of markup, and of what is not known, application/octet-stream.
[[nodiscard]] std::string_view mime_of(Type type);

/// Whether browsers may show it in its place under its own type: none of these types can run script (SPEC K49).
[[nodiscard]] bool is_shown_inline(std::string_view mime);

}  // namespace belfry::media
