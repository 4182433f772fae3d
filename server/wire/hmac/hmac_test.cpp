#include "wire/hmac/hmac.hpp"

#include <gtest/gtest.h>

namespace belfry::hmac {
namespace {

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text.append(1, kDigits[byte >> 4U]).append(1, kDigits[byte & 0xFU]);
  }
  return text;
}

// RFC 2202 3, test cases 2 and 6; RFC 4231 4.3 and 4.7: a short key, and one longer than a block.
TEST(Hmac, IsTheOneOfTheVectors) {
  const std::string text = "what do ya want for nothing?", long_key(131, '\xAA');
  EXPECT_EQ(hex(code(Hash::sha1, "Jefe", text)), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  EXPECT_EQ(hex(code(Hash::sha1, std::string(80, '\xAA'), "Test Using Larger Than Block-Size Key - Hash Key First")),
            "aa4ae5e15272d00e95705637ce8a3b55ed402112");
  EXPECT_EQ(hex(code(Hash::sha256, "Jefe", text)), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex(code(Hash::sha256, long_key, "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Hmac, TakesAnEmptyMessage) {
  EXPECT_EQ(hex(code(Hash::sha256, "", "")), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

}  // namespace
}  // namespace belfry::hmac
