#include "base/uuid.hpp"

#include <gtest/gtest.h>

namespace belfry {
namespace {

// RFC 9562 A.6
TEST(Uuid, HasTheFormOfTheStandardsExample) {
  const std::array<std::byte, kUuidRandomBytes> random{std::byte{0x0C}, std::byte{0xC3}, std::byte{0x18}, std::byte{0xC4},
                                                       std::byte{0xDC}, std::byte{0x0C}, std::byte{0x0C}, std::byte{0x07},
                                                       std::byte{0x39}, std::byte{0x8F}};
  EXPECT_EQ(to_text(make_uuid_v7({0x017F22E279B0}, random)), "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
}

TEST(Uuid, SortsByTheMomentOfCreation) {
  std::array<std::byte, kUuidRandomBytes> high{};
  high.fill(std::byte{0xFF});
  EXPECT_LT(make_uuid_v7({1000}, high), make_uuid_v7({1001}, std::array<std::byte, kUuidRandomBytes>{}));
}

TEST(Uuid, TextIsReadBackInEitherCase) {
  const auto id = parse_uuid("017F22E2-79B0-7CC3-98C4-DC0C0C07398F");
  ASSERT_TRUE(id);
  EXPECT_EQ(to_text(*id), "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
}

TEST(Uuid, OtherTextIsNoUuid) {
  for (const char* text : {"", "abc", "017f22e279b07cc398c4dc0c0c07398f", "017f22e2-79b0-7cc3-98c4-dc0c0c07398",
                           "017f22e2-79b0-7cc3-98c4-dc0c0c07398g", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0",
                           "017f22e2-79b0-7cc3-98c4+dc0c0c07398f", "' OR 1=1 --aaaaaaaaaaaaaaaaaaaaaaaaa"})
    EXPECT_FALSE(parse_uuid(text)) << text;
}

}  // namespace
}  // namespace belfry
