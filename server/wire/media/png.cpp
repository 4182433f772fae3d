#include "wire/media/png.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <utility>

namespace belfry::media {
namespace {

// ISO/IEC 15948 5.2 and 5.3: a signature, and chunks of a length, a type, data and a sum; 11.2.2: the head.
constexpr std::string_view kSignature("\x89PNG\r\n\x1A\n", 8);
constexpr std::size_t kFrame = 12, kHeadLength = 13;
// A profile (iCCP) unpacks to a thousand times its size, so to 16 MB; larger ones describe printers.
constexpr std::size_t kMaxProfile = 16'384;
// Exif is not packed, so it is bounded only by reason: a JPEG holds no more (ISO/IEC 10918-1 B.2.4).
constexpr std::size_t kMaxExif = 65'536;

std::uint32_t number_at(std::string_view text, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8U | static_cast<unsigned char>(text[at + i]);
  return value;
}

/// How many values a pixel has, by its colour type (11.2.2); 0: there is no such type.
std::uint64_t channels_of(unsigned char colour_type) {
  switch (colour_type) {
    case 0:
    case 3:
      return 1;
    case 2:
      return 3;
    case 4:
      return 2;
    case 6:
      return 4;
    default:
      return 0;
  }
}

/// One pass over the picture: every `dx`-th pixel of every `dy`-th line, from (x, y) on.
struct Pass {
  std::uint64_t x, y, dx, dy;
};
// ISO/IEC 15948 8.2: no interlacing, and that of Adam7.
constexpr std::array<Pass, 1> kWhole{{{0, 0, 1, 1}}};
constexpr std::array<Pass, 7> kAdam7{
    {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}}};

template <std::size_t N>
std::uint64_t bytes_in(const std::array<Pass, N>& passes, std::uint64_t width, std::uint64_t height, std::uint64_t bits) {
  std::uint64_t sum = 0;
  for (const Pass& pass : passes) {
    const std::uint64_t columns = width > pass.x ? (width - pass.x + pass.dx - 1) / pass.dx : 0;
    const std::uint64_t lines = height > pass.y ? (height - pass.y + pass.dy - 1) / pass.dy : 0;
    if (columns > 0) sum += lines * (1 + (columns * bits + 7) / 8);  // each line begins with the type of its filter
  }
  return sum;
}

/// What the image data unpack to; nullopt: the head is none.
std::optional<std::uint64_t> unpacked_size(std::string_view head) {
  if (head.size() != kHeadLength) return std::nullopt;
  const std::uint64_t width = number_at(head, 0), height = number_at(head, 4);
  const std::uint64_t bits = channels_of(static_cast<unsigned char>(head[9])) * static_cast<unsigned char>(head[8]);
  const char interlace = head[12];
  if (bits == 0 || bits > 64 || width == 0 || height == 0 || interlace < 0 || interlace > 1) return std::nullopt;
  return interlace == 0 ? bytes_in(kWhole, width, height, bits) : bytes_in(kAdam7, width, height, bits);
}

/// Counts what the image data unpack to, chunk by chunk.
class Unpacking {
 public:
  explicit Unpacking(std::uint64_t most) : left_(most) { begun_ = inflateInit(&stream_) == Z_OK; }
  ~Unpacking() {
    if (begun_) inflateEnd(&stream_);
  }
  Unpacking(const Unpacking&) = delete;
  Unpacking& operator=(const Unpacking&) = delete;

  /// False: more than the pixels, or nothing that unpacks. What follows the end of the stream is not looked at: no decoder
  /// unpacks it.
  [[nodiscard]] bool take(std::string_view data) {
    if (!begun_) return false;
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));  // zlib reads through it only
    stream_.avail_in = static_cast<uInt>(data.size());
    while (stream_.avail_in > 0 && !over_) {
      stream_.next_out = scratch_.data();
      stream_.avail_out = static_cast<uInt>(scratch_.size());
      const int code = inflate(&stream_, Z_NO_FLUSH);
      const std::uint64_t made = scratch_.size() - stream_.avail_out;
      if (made > left_) return false;
      left_ -= made;
      over_ = code == Z_STREAM_END;
      if (code == Z_BUF_ERROR) break;  // it needs the next chunk
      if (code != Z_OK && !over_) return false;
    }
    return true;
  }

 private:
  std::uint64_t left_;
  z_stream stream_{};
  bool begun_ = false, over_ = false;
  std::array<Bytef, 32'768> scratch_{};
};

bool is_one_of(std::string_view type, std::initializer_list<std::string_view> types) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

}  // namespace

std::optional<std::string> png_without_extras(std::string_view png) {
  if (!png.starts_with(kSignature)) return std::nullopt;
  std::string kept(kSignature);
  std::optional<Unpacking> unpacking;
  bool has_profile = false, has_exif = false;
  for (std::size_t at = kSignature.size(); png.size() - at >= kFrame;) {
    const std::size_t length = number_at(png, at);
    if (length > png.size() - at - kFrame) return std::nullopt;
    const std::string_view chunk = png.substr(at, kFrame + length), type = chunk.substr(4, 4), data = chunk.substr(8, length);
    if (unpacking.has_value() == (type == "IHDR")) return std::nullopt;  // it is the first, and only the first
    if (type == "IHDR") {
      const auto most = unpacked_size(data);
      if (!most) return std::nullopt;
      unpacking.emplace(*most);
    }
    if (type == "IDAT" && !(unpacking && unpacking->take(data))) return std::nullopt;
    bool keep = is_one_of(type, {"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "sBIT"});
    if (type == "iCCP" && length <= kMaxProfile) keep = !std::exchange(has_profile, true);
    if (type == "eXIf" && length <= kMaxExif) keep = !std::exchange(has_exif, true);
    if (keep) kept += chunk;
    if (type == "IEND") return kept;
    at += chunk.size();
  }
  return std::nullopt;
}

}  // namespace belfry::media
