#include "wire/websocket/mask.hpp"

#include <gtest/gtest.h>

#include <string>

namespace belfry::websocket {
namespace {

constexpr MaskKey kKey = {std::byte{0x37}, std::byte{0xfa}, std::byte{0x21}, std::byte{0x3d}};

std::string pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 7 + 3);
  return text;
}

/// RFC 6455 5.3 as it stands there, one byte at a time.
std::string masked_as_the_rfc_says(std::string text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    text[i] = static_cast<char>(static_cast<unsigned char>(text[i]) ^ std::to_integer<unsigned char>(kKey[i % 4]));
  }
  return text;
}

TEST(Mask, EveryLengthAtEveryAlignmentIsMaskedAndNothingBesideItChanges) {
  for (std::size_t alignment = 0; alignment < 16; ++alignment) {
    for (std::size_t size = 0; size <= 300; ++size) {
      const std::string plain = pattern(size);
      const std::string before(alignment, 'b');
      std::string buffer = before + plain + "after";
      apply_mask(as_mutable_bytes(std::span(buffer).subspan(alignment, size)), kKey);
      ASSERT_EQ(buffer, before + masked_as_the_rfc_says(plain) + "after") << size << " bytes at " << alignment;
    }
  }
}

TEST(Mask, MaskingTwiceGivesBackThePayload) {
  std::string buffer = pattern(1000);
  apply_mask(as_mutable_bytes(buffer), kKey);
  apply_mask(as_mutable_bytes(buffer), kKey);
  EXPECT_EQ(buffer, pattern(1000));
}

}  // namespace
}  // namespace belfry::websocket
