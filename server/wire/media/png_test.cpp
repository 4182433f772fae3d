#include "wire/media/png.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdint>
#include <string>
#include <vector>

namespace belfry::media {
namespace {

std::string big(std::uint32_t value) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>(value >> static_cast<unsigned>(shift) & 0xFFU);
  return text;
}

std::string chunk(const std::string& type, const std::string& data) {
  const std::string body = type + data;
  const auto sum = crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
  return big(static_cast<std::uint32_t>(data.size())) + body + big(static_cast<std::uint32_t>(sum));
}

std::string packed(const std::string& text) {
  std::string out(compressBound(text.size()), '\0');
  uLongf size = out.size();
  compress(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(text.data()), text.size());
  out.resize(size);
  return out;
}

const std::string kSignature("\x89PNG\r\n\x1A\n", 8);

/// colour: 0 grey, 2 RGB, 3 of a palette, 4 grey with alpha, 6 RGBA.
std::string head(std::uint32_t width, std::uint32_t height, char depth, char colour, char interlace = 0) {
  return chunk("IHDR", big(width) + big(height) + depth + colour + std::string(2, '\0') + interlace);
}

std::string with_data(const std::string& first, const std::string& data) {
  return kSignature + first + chunk("IDAT", packed(data)) + chunk("IEND", "");
}

TEST(Png, WhatDecidesTheLookStays) {
  const std::string plain = kSignature + head(1, 1, 8, 3) + chunk("gAMA", big(45'455)) + chunk("PLTE", "rgb") +
                            chunk("tRNS", "a") + chunk("eXIf", "turned") + chunk("IDAT", packed(std::string(2, '\0'))) +
                            chunk("IEND", "");
  EXPECT_EQ(png_without_extras(plain), plain);
}

// Found by an attack: each text of 291 kB cost 0.9 s.
TEST(Png, TextsAndUnknownChunksAreLeftOut) {
  const std::string first = kSignature + head(1, 1, 8, 0), last = chunk("IDAT", packed(std::string(2, '\0'))) + chunk("IEND", "");
  const std::string texts = chunk("zTXt", packed(std::string(3'000'000, 'x'))) + chunk("iTXt", "x") + chunk("tEXt", "x") +
                            chunk("zzZz", "x") + chunk("iCCP", std::string(20'000, 'x'));
  EXPECT_EQ(png_without_extras(first + texts + last + "and what follows"), first + last);
}

TEST(Png, OneProfileIsEnough) {
  const std::string first = kSignature + head(1, 1, 8, 0) + chunk("iCCP", "one"),
                    last = chunk("IDAT", packed(std::string(2, '\0'))) + chunk("IEND", "");
  EXPECT_EQ(png_without_extras(first + chunk("iCCP", "two") + last), first + last);
}

// Found by an attack: a picture of one pixel with 200 MB of image data.
TEST(Png, DataUnpackToThePixelsAndNoMore) {
  struct Shape {
    std::uint32_t width, height;
    char depth, colour, interlace;
    std::size_t bytes;
  };
  const std::vector<Shape> shapes{{1, 1, 8, 0, 0, 2},   {1, 1, 1, 0, 0, 2},  {9, 2, 1, 0, 0, 6},  {3, 2, 8, 2, 0, 20},
                                  {3, 2, 16, 6, 0, 50}, {5, 1, 4, 3, 0, 4},  {2, 2, 8, 4, 0, 10}, {1, 1, 8, 0, 1, 2},
                                  {2, 2, 8, 0, 1, 7},   {8, 8, 8, 0, 1, 79}, {5, 5, 8, 2, 1, 86}};
  for (const Shape& shape : shapes) {
    const std::string first = head(shape.width, shape.height, shape.depth, shape.colour, shape.interlace);
    const std::string whole = with_data(first, std::string(shape.bytes, '\0'));
    EXPECT_EQ(png_without_extras(whole), whole) << shape.bytes;
    EXPECT_FALSE(png_without_extras(with_data(first, std::string(shape.bytes + 1, '\0')))) << shape.bytes;
  }
}

TEST(Png, DataMayBeSplitAnywhere) {
  const std::string data = packed(std::string(2'100, 'p'));
  std::string pieces;
  for (const char byte : data) pieces += chunk("IDAT", std::string(1, byte)) + chunk("IDAT", "");
  const std::string whole = kSignature + head(20, 100, 8, 0) + pieces + chunk("IEND", "");
  EXPECT_EQ(png_without_extras(whole), whole);
}

TEST(Png, WhatIsNoWholePngIsRefused) {
  const std::string whole = with_data(head(1, 1, 8, 0), std::string(2, '\0'));
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_FALSE(png_without_extras(whole.substr(0, length))) << length;
  const std::string last = chunk("IDAT", packed("xx")) + chunk("IEND", "");
  EXPECT_FALSE(png_without_extras(kSignature + last)) << "no head";
  EXPECT_FALSE(png_without_extras(kSignature + head(1, 1, 8, 0) + head(9, 9, 8, 0) + last)) << "two heads";
  EXPECT_FALSE(png_without_extras(kSignature + chunk("IHDR", "short") + last));
  EXPECT_FALSE(png_without_extras(kSignature + head(1, 1, 8, 5) + last)) << "no such colours";
  EXPECT_FALSE(png_without_extras(kSignature + head(0, 1, 8, 0) + last));
  EXPECT_FALSE(png_without_extras(kSignature + head(1, 1, 8, 0) + chunk("IDAT", "not packed") + chunk("IEND", "")));
}

}  // namespace
}  // namespace belfry::media
