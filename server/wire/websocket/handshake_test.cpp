#include <gtest/gtest.h>

#include "wire/websocket/frame.hpp"

namespace belfry::websocket {
namespace {

TEST(WebSocketHandshake, TheAcceptKeysOfTheRfc) {
  EXPECT_EQ(accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");  // RFC 6455 1.3
}

TEST(WebSocketHandshake, AKeyIsTheBase64OfSixteenBytes) {
  EXPECT_TRUE(is_valid_key("dGhlIHNhbXBsZSBub25jZQ=="));
  EXPECT_TRUE(is_valid_key("+/+/+/+/+/+/+/+/+/+/+w=="));
}

TEST(WebSocketHandshake, AKeyOfAnotherLengthOrAlphabetIsRefused) {
  for (const char* key :
       {"", "==", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZ===", "dGhlIHNhbXBsZSBub25jZQAB",
        "dGhlIHNhbXBsZSBub25jZQ== ", "dGhlIHNhbXBsZSBub2 jZQ==", "dGhlIHNhbXBsZSBub2-_ZQ==", "dGhlIHNhbXBsZSBub25jZQAAAA=="}) {
    EXPECT_FALSE(is_valid_key(key)) << key;
  }
}

}  // namespace
}  // namespace belfry::websocket
