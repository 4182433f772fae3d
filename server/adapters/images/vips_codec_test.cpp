// SPEC K50: pictures are made anew, small and without what else they say.
#include "adapters/images/vips_codec.hpp"

#include <gtest/gtest.h>
#include <vips/vips.h>

#include <string>

#include "wire/media/picture_size.hpp"
#include "wire/media/sniff.hpp"

namespace belfry::images {
namespace {

using store::ImageFault;

class Vips : public testing::Test {
 protected:
  static VipsCodec& codec() {
    static VipsCodec codec;  // one per process
    return codec;
  }
  static std::string picture(int width, int height, const char* suffix) {
    codec();
    VipsImage* black = nullptr;
    EXPECT_EQ(vips_black(&black, width, height, "bands", 3, nullptr), 0);
    vips_image_set_string(black, "exif-ifd0-Artist", "somebody (somebody, ASCII, 8 components, 8 bytes)");
    void* bytes = nullptr;
    std::size_t size = 0;
    EXPECT_EQ(vips_image_write_to_buffer(black, suffix, &bytes, &size, nullptr), 0) << vips_error_buffer();
    std::string text(static_cast<const char*>(bytes), size);
    g_free(bytes);
    g_object_unref(black);
    return text;
  }
};

// R-004-62
TEST_F(Vips, PicturesAreShrunkToFit) {
  for (const char* const suffix : {".jpg", ".png", ".webp"}) {
    const auto small = codec().fit(picture(1024, 256, suffix), 512);
    ASSERT_TRUE(small) << suffix;
    EXPECT_EQ(small->mime, "image/webp");
    EXPECT_EQ(media::sniff(small->bytes), media::Type::webp);
    EXPECT_EQ(media::picture_size(media::Type::webp, small->bytes), (media::PictureSize{512, 128})) << suffix;
    EXPECT_EQ(small->width, 512U);
  }
}

TEST_F(Vips, SmallPicturesStayAsSmallAsTheyAre) { EXPECT_EQ(codec().fit(picture(20, 10, ".png"), 512)->width, 20U); }

// R-004-62
TEST_F(Vips, NothingIsSaidOfWhoTookThePicture) {
  const std::string original = picture(64, 64, ".jpg");
  ASSERT_NE(original.find("somebody"), std::string::npos);
  EXPECT_EQ(codec().fit(original, 512)->bytes.find("somebody"), std::string::npos);
}

// R-004-62
TEST_F(Vips, WhatIsNoPictureIsRefused) {
  const std::string whole = picture(200, 200, ".png");
  for (const std::string& bytes : {std::string(), std::string("text"), whole.substr(0, 30),
                                   std::string("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"),
                                   std::string("%PDF-1.4"), std::string("GIF89a")})
    EXPECT_EQ(codec().fit(bytes, 512).error(), ImageFault::undecodable) << bytes.substr(0, 8);
}

// A PNG of a few hundred bytes that says it has 20 000 x 20 000 pixels.
TEST_F(Vips, BombIsRefusedBeforeItIsDecoded) {
  std::string bomb = picture(16, 16, ".png");
  const std::string head("\0\0\x4E\x20\0\0\x4E\x20", 8);
  bomb.replace(16, 8, head);
  const auto refused = codec().fit(bomb, 512);
  ASSERT_FALSE(refused);  // its checksum is wrong now, too
}

// Found by an attack (wire/media/png.hpp): the decoder would unpack what no pixel needs.
TEST_F(Vips, PngIsDecodedWithoutItsTexts) {
  std::string said = picture(16, 16, ".png");
  const std::string text("\0\0\0\x04zTXtabcd\0\0\0\0", 16);  // its sum is wrong, which a decoder that read it would say
  said.insert(33, text);
  EXPECT_EQ(codec().fit(said, 512)->width, 16U);
}

}  // namespace
}  // namespace belfry::images
