// NoThumbnails: a codec that can read no picture, for tests in which pictures are sent but not looked at.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/expected.hpp"
#include "store/image_codec.hpp"

namespace belfry::files::testing {

class NoThumbnails final : public store::ImageCodec {
 public:
  [[nodiscard]] Expected<store::SmallPicture, store::ImageFault> fit(std::string_view, std::uint32_t) override {
    return unexpected(store::ImageFault::undecodable);
  }
};

}  // namespace belfry::files::testing
