// VipsCodec: small pictures by libvips, as WebP. One per process; its functions may run on several threads.
#pragma once

#include <string_view>

#include "store/image_codec.hpp"

namespace belfry::images {

class VipsCodec final : public store::ImageCodec {
 public:
  VipsCodec();
  ~VipsCodec() override;
  VipsCodec(const VipsCodec&) = delete;
  VipsCodec& operator=(const VipsCodec&) = delete;
  [[nodiscard]] Expected<store::SmallPicture, store::ImageFault> fit(std::string_view bytes, std::uint32_t side) override;
};

}  // namespace belfry::images
