// How large a picture is, from its head: a bomb of a few kilobytes that unpacks to gigabytes is refused before a decoder sees it
// (SPEC K50).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "wire/media/sniff.hpp"

namespace belfry::media {

struct PictureSize {
  std::uint32_t width = 0, height = 0;
  friend bool operator==(const PictureSize&, const PictureSize&) = default;
};

/// nullopt: it is no picture, or its head says no size. Of an animation: the size of its canvas.
[[nodiscard]] std::optional<PictureSize> picture_size(Type type, std::string_view bytes);

// K50. A photograph of the largest telephone has less; 40 million pixels are 160 MB in memory.
constexpr std::uint64_t kMaxPixels = 40'000'000;
constexpr std::uint32_t kMaxSide = 16'384;  // K50; the largest that WebP holds, RFC 9649 3.4
[[nodiscard]] inline bool is_too_large(const PictureSize& size) {
  return size.width > kMaxSide || size.height > kMaxSide || std::uint64_t{size.width} * size.height > kMaxPixels;
}

}  // namespace belfry::media
