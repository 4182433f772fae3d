#include "adapters/images/vips_codec.hpp"

#include <vips/vips.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "base/check.hpp"
#include "wire/media/picture_size.hpp"
#include "wire/media/png.hpp"
#include "wire/media/sniff.hpp"

namespace belfry::images {
namespace {

using store::ImageFault;
using store::SmallPicture;

// libwebp's own default is 75; at 80 the edges of faces and letters stay clean, for a fifth more bytes.
constexpr int kQuality = 80;

struct Unref {
  void operator()(VipsImage* image) const { g_object_unref(image); }
};
using Image = std::unique_ptr<VipsImage, Unref>;

struct Free {
  void operator()(void* bytes) const { g_free(bytes); }
};

struct FreeNames {
  void operator()(char** names) const { g_strfreev(names); }
};

/// The library keeps its errors as texts of the thread; nobody reads them, and they must not pile up.
Expected<SmallPicture, ImageFault> refuse(ImageFault why) {
  vips_error_clear();
  return unexpected(why);
}

/// By the decoder's own reading of the head, which may differ from ours in a file that was made to deceive.
Expected<void, ImageFault> check_size(std::string_view bytes) {
  const Image head(vips_image_new_from_buffer(bytes.data(), bytes.size(), "", nullptr));  // decodes no pixel
  if (!head) return unexpected(ImageFault::undecodable);
  const int width = vips_image_get_width(head.get()), height = vips_image_get_height(head.get());
  if (width <= 0 || height <= 0) return unexpected(ImageFault::undecodable);
  if (media::is_too_large({static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height)}))
    return unexpected(ImageFault::too_large);
  return {};
}

Image shrunk(std::string_view bytes, int side) {
  VipsImage* small = nullptr;
  // It takes a const buffer through void*. Turns the picture upright by its metadata, and its colours into sRGB by its profile,
  // before both are dropped.
  const int failed = vips_thumbnail_buffer(const_cast<char*>(bytes.data()), bytes.size(), &small, side, "height", side, "size",
                                           VIPS_SIZE_DOWN, "export_profile", "srgb", "fail_on", VIPS_FAIL_ON_ERROR, nullptr);
  return Image(failed == 0 ? small : nullptr);
}

/// libvips 8.14.1 writes them in spite of `strip`.
void forget_all_but_pixels(VipsImage* image) {
  const std::unique_ptr<char*, FreeNames> names(vips_image_get_fields(image));
  for (char** name = names.get(); *name != nullptr; ++name)
    if (const std::string_view said = *name; said.starts_with("exif-") || said == "xmp-data" || said == "icc-profile-data")
      vips_image_remove(image, *name);
}

}  // namespace

VipsCodec::VipsCodec() {
  CHECK(vips_init("belfry") == 0, "libvips has what it needs");
  // It warns of damaged pictures on stderr, where the server writes JSON; who sent one is told by the answer.
  g_log_set_handler("VIPS", G_LOG_LEVEL_WARNING, [](const char*, GLogLevelFlags, const char*, void*) {}, nullptr);
  vips_cache_set_max(0);    // pictures come once
  vips_concurrency_set(1);  // the workers are our threads
  vips_operation_block_set("VipsForeignLoad", TRUE);
  for (const char* const loader : {"VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp", "VipsForeignLoadNsgif"})
    vips_operation_block_set(loader, FALSE);
}

// vips_shutdown() would leave other threads' GLib data without its library; the process ends soon after.
VipsCodec::~VipsCodec() = default;

Expected<SmallPicture, ImageFault> VipsCodec::fit(std::string_view bytes, std::uint32_t side) {
  const media::Type type = media::sniff(bytes);
  if (const auto size = media::picture_size(type, bytes); size && media::is_too_large(*size))
    return refuse(ImageFault::too_large);
  std::optional<std::string> plain;
  if (type == media::Type::png) {
    plain = media::png_without_extras(bytes);
    if (!plain) return refuse(ImageFault::undecodable);
    bytes = *plain;
  }
  if (const auto fine = check_size(bytes); !fine) return refuse(fine.error());
  const Image small = shrunk(bytes, static_cast<int>(side));
  if (!small) return refuse(ImageFault::undecodable);
  forget_all_but_pixels(small.get());
  void* written = nullptr;
  std::size_t size = 0;
  if (vips_webpsave_buffer(small.get(), &written, &size, "Q", kQuality, "strip", TRUE, nullptr) != 0)
    return refuse(ImageFault::undecodable);  // the pixels are read now, so a picture that is cut off fails here
  const std::unique_ptr<void, Free> owner(written);
  SmallPicture picture{.bytes = std::string(static_cast<const char*>(written), size), .mime = "image/webp"};
  picture.width = static_cast<std::uint32_t>(vips_image_get_width(small.get()));
  picture.height = static_cast<std::uint32_t>(vips_image_get_height(small.get()));
  vips_thread_shutdown();  // what the library keeps for this thread
  return picture;
}

}  // namespace belfry::images
