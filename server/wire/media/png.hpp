// Makes a PNG safe to decode. A decoder unpacks all that a file carries, whatever it shows: a text of 300 kB becomes 300 MB, and
// so do data that follow the last pixel, of a picture of one pixel (SPEC K50). Neither shows in picture_size.hpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace belfry::media {

/// The same picture with only those chunks that decide what it looks like (ISO/IEC 15948, 11.2 and 11.3). nullopt: it is no whole
/// PNG, or its image data unpack to more than its pixels. Unpacks the image data once, which takes about a tenth of decoding; the
/// size is checked before (picture_size.hpp). Checks no sums.
[[nodiscard]] std::optional<std::string> png_without_extras(std::string_view png);

}  // namespace belfry::media
