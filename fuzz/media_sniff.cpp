// Whatever the bytes of a file are: they have a type with a name, and only pictures have a size. Nothing that begins like markup
// is shown in its place. A PNG without what it need not say is one of which nothing more can be left out.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "wire/media/picture_size.hpp"
#include "wire/media/png.hpp"
#include "wire/media/sniff.hpp"

using namespace belfry;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const media::Type type = media::sniff(bytes);
  const std::string_view mime = media::mime_of(type);
  if (mime.empty()) std::abort();
  if (bytes.starts_with('<') && media::is_shown_inline(mime)) std::abort();
  const auto found = media::picture_size(type, bytes);
  if (found && (found->width == 0 || found->height == 0 || !mime.starts_with("image/"))) std::abort();
  if (found && !media::is_too_large(*found)) {
    const auto plain = media::png_without_extras(bytes);
    if (plain && (plain->size() > size || media::png_without_extras(*plain) != plain)) std::abort();
  }
  return 0;
}
