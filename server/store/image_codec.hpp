// ImageCodec: makes small pictures of those that users send, without what else these say (where, when and by whom they were
// taken). Blocks for as long as a picture takes: only workers call it (app/files/file_workers.hpp), several at once.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/expected.hpp"

namespace belfry::store {

/// undecodable: cut off, or not of this type. too_large: more pixels than may be decoded (wire/media/picture_size.hpp).
enum class ImageFault : std::uint8_t { undecodable, too_large };

struct SmallPicture {
  std::string bytes{};
  std::string mime{};
  std::uint32_t width = 0, height = 0;
};

class ImageCodec {
 public:
  virtual ~ImageCodec() = default;
  /// The picture upright, shrunk to fit a square of `side` pixels if it is larger. Of an animation its first picture.
  [[nodiscard]] virtual Expected<SmallPicture, ImageFault> fit(std::string_view bytes, std::uint32_t side) = 0;
};

}  // namespace belfry::store
