// Types by bytes, and sizes of pictures (SPEC K48 to K50).
#include <gtest/gtest.h>

#include <string>

#include "wire/media/picture_size.hpp"
#include "wire/media/sniff.hpp"

namespace belfry::media {
namespace {

using namespace std::string_literals;

std::string png(std::string_view size) { return "\x89PNG\r\n\x1A\n\0\0\0\rIHDR"s.append(size).append("\x08\x06\0\0\0"s); }

TEST(MediaType, IsWhatTheBytesSay) {
  EXPECT_EQ(sniff(png("\0\0\0\1\0\0\0\1"s)), Type::png);
  EXPECT_EQ(sniff("\xFF\xD8\xFF\xE0\0\x10JFIF"s), Type::jpeg);
  EXPECT_EQ(sniff("GIF89a\1\0\1\0"s), Type::gif);
  EXPECT_EQ(sniff("RIFF\x24\0\0\0WEBPVP8 "s), Type::webp);
  EXPECT_EQ(sniff("\0\0\0\x18"s + "ftypmp42\0\0\0\0isommp42"s), Type::mp4);
  EXPECT_EQ(sniff("\0\0\0\x1C"s + "ftypisom\0\0\0\0isomavc1mp41"s), Type::mp4);
  EXPECT_EQ(sniff("\x1A\x45\xDF\xA3\x9F\x42\x86\x81\1\x42\x82\x84webm"s), Type::webm);
  EXPECT_EQ(sniff("ID3\3\0\0"s), Type::mp3);
  EXPECT_EQ(sniff("\xFF\xFB\x90\x64\0"s), Type::mp3);
  EXPECT_EQ(sniff("OggS\0\2"s), Type::ogg);
  EXPECT_EQ(sniff("%PDF-1.7\n"), Type::pdf);
  EXPECT_EQ(sniff("PK\3\4"), Type::zip);
  EXPECT_EQ(sniff("Dear Bob,\nhello"), Type::plain_text);
  EXPECT_EQ(sniff("\1\2\3"), Type::other);
}

TEST(MediaType, NothingThatABrowserCouldRunIsShown) {
  for (const auto& text : {"<!DOCTYPE html><script>alert(1)</script>"s, "\xEF\xBB\xBF \n<svg onload='alert(1)'/>"s,
                           "<?xml version='1.0'?><x/>"s, "<!-- --><b>"s, "%PDF-1.7"s, "alert(1)"s,
                           "\0\0\0\x14"s + "ftypheic\0\0\0\0heic"s, "<\0\0\x18"s + "ftypmp42\0\0\0\0isommp42"s})
    EXPECT_FALSE(is_shown_inline(mime_of(sniff(text)))) << text;
  EXPECT_FALSE(is_shown_inline("image/svg+xml"));
  EXPECT_FALSE(is_shown_inline("text/html"));
  for (const auto shown : {Type::png, Type::jpeg, Type::gif, Type::webp, Type::mp4, Type::webm, Type::mp3, Type::ogg})
    EXPECT_TRUE(is_shown_inline(mime_of(shown)));
}

// A polyglot: it begins as a picture and goes on as a page. It is served as the picture, with nosniff.
TEST(MediaType, PolyglotIsWhatItBeginsAs) { EXPECT_EQ(sniff("GIF89a/*<html>*/=1;alert(1)"), Type::gif); }

TEST(PictureSize, StandsInTheHead) {
  EXPECT_EQ(picture_size(Type::png, png("\0\0\2\x80\0\0\1\xE0"s)), (PictureSize{640, 480}));
  EXPECT_EQ(picture_size(Type::gif, "GIF89a\x80\2\xE0\1"s), (PictureSize{640, 480}));
  EXPECT_EQ(picture_size(Type::jpeg, "\xFF\xD8\xFF\xE0\0\4ab\xFF\xFF\xC0\0\x11\x08\1\xE0\2\x80\3"s), (PictureSize{640, 480}));
  EXPECT_EQ(picture_size(Type::webp, "RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9D\1\x2A\x80\2\xE0\1"s), (PictureSize{640, 480}));
  EXPECT_EQ(picture_size(Type::webp, "RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2F\x7F\xC2\x77\0"s), (PictureSize{640, 480}));
  EXPECT_EQ(picture_size(Type::webp, "RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\x7F\2\0\xDF\1\0"s), (PictureSize{640, 480}));
}

TEST(PictureSize, CutOffOrEmptyPicturesHaveNone) {
  EXPECT_EQ(picture_size(Type::png, png("\0\0\2\x80\0\0\0\0"s)), std::nullopt);
  EXPECT_EQ(picture_size(Type::png, "\x89PNG\r\n\x1A\n"), std::nullopt);
  EXPECT_EQ(picture_size(Type::jpeg, "\xFF\xD8\xFF\xE0\0\1"s), std::nullopt);
  EXPECT_EQ(picture_size(Type::jpeg, "\xFF\xD8\xFF\xDA\0\2"s), std::nullopt);
  EXPECT_EQ(picture_size(Type::jpeg, "\xFF\xD8\xFF"s), std::nullopt);
  EXPECT_EQ(picture_size(Type::gif, "GIF89a\1"s), std::nullopt);
  EXPECT_EQ(picture_size(Type::webp, "RIFF\0\0\0\0WEBPVP8?"s), std::nullopt);
  EXPECT_EQ(picture_size(Type::ogg, "OggS"s), std::nullopt);
}

TEST(PictureSize, BombsAreTooLarge) {
  EXPECT_FALSE(is_too_large({8000, 5000}));
  EXPECT_TRUE(is_too_large({8000, 5001}));
  EXPECT_TRUE(is_too_large({16'385, 1}));
  EXPECT_TRUE(is_too_large({0xFFFFFFFF, 0xFFFFFFFF}));
}

}  // namespace
}  // namespace belfry::media
