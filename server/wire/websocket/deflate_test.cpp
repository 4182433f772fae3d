#include "wire/websocket/deflate.hpp"

#include <gtest/gtest.h>

#include <random>

namespace belfry::websocket {
namespace {

constexpr std::size_t kLimit = 1'000'000;

std::optional<std::string> inflated(std::string_view compressed, std::size_t limit = kLimit) {
  std::string out = "what a message before it left";
  if (inflate_message(as_bytes(compressed), limit, out) != Inflated::ok) return std::nullopt;
  return out;
}

Inflated outcome(std::string_view compressed, std::size_t limit = kLimit) {
  std::string out;
  return inflate_message(as_bytes(compressed), limit, out);
}

std::string deflated(std::string_view message) {
  std::string out;
  deflate_message(as_bytes(message), out);
  return out;
}

// RFC 7692 7.2.3, in its order.
TEST(Deflate, AFixedHuffmanBlockOfTheRfc) { EXPECT_EQ(inflated({"\xf2\x48\xcd\xc9\xc9\x07\x00", 7}), "Hello"); }

TEST(Deflate, AStoredBlockOfTheRfc) { EXPECT_EQ(inflated({"\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00", 11}), "Hello"); }

TEST(Deflate, ABlockMarkedFinalOfTheRfc) { EXPECT_EQ(inflated({"\xf3\x48\xcd\xc9\xc9\x07\x00\x00", 8}), "Hello"); }

TEST(Deflate, TwoBlocksInOneMessageOfTheRfc) {
  EXPECT_EQ(inflated({"\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00", 13}), "Hello");
}

TEST(Deflate, TheEmptyMessageOfTheRfc) { EXPECT_EQ(inflated({"\x00", 1}), ""); }

TEST(Deflate, AMessageThatNeedsTheOneBeforeItIsCorruptSinceNoContextIsTakenOver) {
  EXPECT_EQ(outcome({"\xf2\x00\x11\x00\x00", 5}), Inflated::corrupt);  // 7.2.3.2, the second "Hello"
}

TEST(Deflate, ABlockAfterAFinalOneMayReferBackAcrossIt) {
  // "Hello" in a final block and its padding, then the second "Hello" of 7.2.3.2 in five bytes.
  EXPECT_EQ(inflated({"\xf3\x48\xcd\xc9\xc9\x07\x00\xf2\x00\x11\x00\x00", 12}), "HelloHello");
}

TEST(Deflate, TruncatedOrTrailingDataIsCorrupt) {
  const std::string_view hello("\xf2\x48\xcd\xc9\xc9\x07\x00", 7);
  for (std::size_t size = 0; size + 1 < hello.size(); ++size) EXPECT_NE(inflated(hello.substr(0, size)), "Hello") << size;
  EXPECT_EQ(outcome(""), Inflated::corrupt);
  EXPECT_EQ(outcome("\xf3\x48\xcd\xc9\xc9\x07"), Inflated::corrupt);
  EXPECT_EQ(outcome("\xff\xff\xff\xff"), Inflated::corrupt);
}

TEST(Deflate, EveryMessageIsReadBack) {
  std::mt19937 random(20);  // a fixed seed: a failure can be repeated
  for (const std::size_t size : {0, 1, 5, 100, 1023, 1024, 1025, 5000, 32768, 70000, 300000}) {
    std::string repetitive;
    std::string incompressible;
    for (std::size_t i = 0; i < size; ++i) {
      repetitive.push_back("a=candidate:1 1 udp "[i % 20]);
      incompressible.push_back(static_cast<char>(random()));
    }
    EXPECT_EQ(inflated(deflated(repetitive)), repetitive) << size;
    EXPECT_EQ(inflated(deflated(incompressible)), incompressible) << size;
  }
}

TEST(Deflate, TheStreamIsAppendedWithoutItsTrailer) {
  std::string out = "header";
  deflate_message(as_bytes("Hello"), out);
  EXPECT_EQ(out, std::string("header\xf2\x48\xcd\xc9\xc9\x07\x00", 13));
}

TEST(Deflate, AMessageOfTheLimitIsReadAndOneByteMoreIsTooBig) {
  for (const std::size_t size : {0, 1, 1023, 1024, 1025, 4096}) {
    const std::string message(size, 'x');
    EXPECT_EQ(inflated(deflated(message), size), message) << size;
    EXPECT_EQ(outcome(deflated(message + "x"), size), Inflated::too_big) << size;
  }
}

TEST(Deflate, AZipBombCostsNoMoreMemoryThanTheLimit) {
  std::string zeros;
  zeros.resize(50'000'000);
  const std::string bomb = deflated(zeros);
  ASSERT_LT(bomb.size(), 300'000U);
  std::string out;
  EXPECT_EQ(inflate_message(as_bytes(bomb), kLimit, out), Inflated::too_big);
  EXPECT_LE(out.capacity(), 2 * (kLimit + 1));
}

}  // namespace
}  // namespace belfry::websocket
