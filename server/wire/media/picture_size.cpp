#include "wire/media/picture_size.hpp"

#include <cstddef>

namespace belfry::media {
namespace {

/// Bytes read in order; past the end they are 0, and `good` is false from then on.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : bytes_(bytes) {}
  [[nodiscard]] bool good() const { return good_; }
  void skip(std::size_t count) {
    good_ = good_ && count <= bytes_.size();
    bytes_.remove_prefix(good_ ? count : bytes_.size());
  }
  [[nodiscard]] std::uint32_t byte() {
    if (bytes_.empty()) good_ = false;
    if (!good_) return 0;
    const auto first = static_cast<unsigned char>(bytes_.front());
    bytes_.remove_prefix(1);
    return first;
  }
  [[nodiscard]] std::uint32_t big(int count) {
    std::uint32_t value = 0;
    for (int i = 0; i < count; ++i) value = (value << 8U) | byte();
    return value;
  }
  [[nodiscard]] std::uint32_t little(unsigned count) {
    std::uint32_t value = 0;
    for (unsigned i = 0; i < count; ++i) value |= byte() << (8U * i);
    return value;
  }

 private:
  std::string_view bytes_;
  bool good_ = true;
};

std::optional<PictureSize> checked(const Cursor& from, PictureSize size) {
  if (!from.good() || size.width == 0 || size.height == 0) return std::nullopt;
  return size;
}

/// PNG (ISO/IEC 15948) 11.2.2: IHDR comes first.
std::optional<PictureSize> size_of_png(std::string_view png) {
  if (png.size() < 16 || png.substr(12, 4) != "IHDR") return std::nullopt;
  Cursor in(png);
  in.skip(16);
  const std::uint32_t width = in.big(4);
  return checked(in, {width, in.big(4)});
}

/// GIF89a 18: the logical screen.
std::optional<PictureSize> size_of_gif(std::string_view gif) {
  Cursor in(gif);
  in.skip(6);
  const std::uint32_t width = in.little(2);
  return checked(in, {width, in.little(2)});
}

/// ISO/IEC 10918-1 (JPEG) table B.1: the markers that begin a frame. C4, C8 and CC stand among them and begin none.
bool begins_frame(std::uint32_t marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

/// JPEG B.1.1.2: fill bytes, and markers that stand alone.
bool stands_alone(std::uint32_t marker) { return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8); }

std::optional<PictureSize> size_of_jpeg(std::string_view jpeg) {
  // A frame comes behind a few tables and comments. More segments than this only cost time.
  constexpr int kMaxSegments = 4096;
  Cursor in(jpeg);
  in.skip(2);
  for (int segment = 0; segment < kMaxSegments && in.good(); ++segment) {
    if (in.byte() != 0xFF) return std::nullopt;
    std::uint32_t marker = in.byte();
    while (in.good() && marker == 0xFF) marker = in.byte();
    if (stands_alone(marker)) continue;
    const std::uint32_t length = in.big(2);
    if (length < 2) return std::nullopt;
    if (begins_frame(marker)) {  // B.2.2: precision, lines, samples per line
      in.skip(1);
      const std::uint32_t height = in.big(2);
      return checked(in, {in.big(2), height});
    }
    if (marker == 0xDA || marker == 0xD9) return std::nullopt;  // the picture, or the end, without a frame
    in.skip(length - 2);
  }
  return std::nullopt;
}

/// RFC 9649: 2.5 (lossy; RFC 6386 9.1), 2.6 (lossless, 3.4), 2.7 (extended).
std::optional<PictureSize> size_of_webp(std::string_view webp) {
  if (webp.size() < 16) return std::nullopt;
  Cursor in(webp);
  in.skip(20);
  switch (webp[15]) {
    case ' ': {
      in.skip(3);
      if (in.big(3) != 0x9D012A) return std::nullopt;
      const std::uint32_t width = in.little(2) & 0x3FFFU;
      return checked(in, {width, in.little(2) & 0x3FFFU});
    }
    case 'L': {
      if (in.byte() != 0x2F) return std::nullopt;
      const std::uint32_t sides = in.little(4);
      return checked(in, {(sides & 0x3FFFU) + 1, ((sides >> 14U) & 0x3FFFU) + 1});
    }
    case 'X': {
      in.skip(4);
      const std::uint32_t width = in.little(3) + 1;
      return checked(in, {width, in.little(3) + 1});
    }
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<PictureSize> picture_size(Type type, std::string_view bytes) {
  switch (type) {
    case Type::png:
      return size_of_png(bytes);
    case Type::jpeg:
      return size_of_jpeg(bytes);
    case Type::gif:
      return size_of_gif(bytes);
    case Type::webp:
      return size_of_webp(bytes);
    case Type::mp4:
    case Type::webm:
    case Type::mp3:
    case Type::ogg:
    case Type::pdf:
    case Type::zip:
    case Type::markup:
    case Type::plain_text:
    case Type::other:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace belfry::media
