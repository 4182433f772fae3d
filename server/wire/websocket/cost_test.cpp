// Frames cost in proportion to their bytes, also when they are many, tiny, or come byte by byte.
#include <gtest/gtest.h>

#include "base/cost_for_tests.hpp"
#include "wire/websocket/deflate.hpp"
#include "wire/websocket/frame.hpp"

namespace belfry::websocket {
namespace {

using std::string_literals::operator""s;

std::string masked(unsigned first, std::string_view payload) {
  std::string frame;
  append_masked(frame, Opcode::text, as_bytes(payload), 0);
  frame.front() = static_cast<char>(first);
  return frame;
}

class FrameCost : public ::testing::Test {
 protected:
  /// As a connection does: shows what has come and is not used up, in steps.
  void read_in_steps(std::string bytes, std::size_t step) {
    std::unique_ptr<Fragments> fragments;
    std::size_t used = 0;
    for (std::size_t shown = step; shown < bytes.size() + step; shown += step) {
      const std::size_t end = std::min(shown, bytes.size());
      while (true) {
        const auto incoming = read(as_mutable_bytes({bytes.data() + used, end - used}), fragments, scratch, options);
        if (!incoming) return;
        used += incoming->consumed;
        if (incoming->kind == Incoming::Kind::need_more) break;
      }
    }
  }
  std::string scratch;
  ReadOptions options{.deflate = true};
};

TEST_F(FrameCost, OfManyTinyFramesIsLinear) {
  for (const unsigned first : {0x81U, 0x89U, 0x02U}) {  // texts; pings; fragments of one message
    const auto make = [&](std::size_t count) {
      std::string bytes = first == 0x02U ? masked(first, "") : "";
      for (std::size_t i = 0; i < count; ++i) bytes += masked(first == 0x02U ? 0x00 : first, i % 2 == 0 ? "" : "x");
      return bytes;
    };
    for (const std::size_t step : {std::size_t{1}, std::size_t{1'000'000}})
      EXPECT_LT(testing::growth(1'000, make, [&](const std::string& bytes) { read_in_steps(bytes, step); }),
                testing::kStillLinear)
          << first << " by " << step;
  }
}

TEST_F(FrameCost, OfOneLongFrameByteByByteIsLinear) {
  const auto make = [](std::size_t size) { return masked(0x81, std::string(size, 'x')); };
  EXPECT_LT(testing::growth(10'000, make, [&](const std::string& bytes) { read_in_steps(bytes, 1); }), testing::kStillLinear);
}

TEST_F(FrameCost, OfInflatingManyEmptyBlocksIsLinear) {
  for (const std::string& block : {"\x03\x00"s, "\x00\x00\x00\xff\xff"s}) {  // final and fixed; stored
    const auto make = [&](std::size_t count) {
      std::string bytes;
      for (std::size_t i = 0; i < count; ++i) bytes += block;
      return bytes;
    };
    const auto inflate = [&](const std::string& bytes) {
      static_cast<void>(inflate_message(as_bytes(bytes), 1'000'000, scratch));
    };
    EXPECT_LT(testing::growth(5'000, make, inflate), testing::kStillLinear);
  }
}

TEST(DeflateOfferCost, IsLinear) {
  for (const std::string& piece : {"permessage-deflate;client_max_window_bits,"s, ";a"s, ",,,,"s, "x;a=\"\\b\","s}) {
    const auto make = [&](std::size_t count) {
      std::string header = "permessage-deflate";
      for (std::size_t i = 0; i < count; ++i) header += piece;
      return header;
    };
    EXPECT_LT(testing::growth(500, make, [](const std::string& header) { static_cast<void>(accept_deflate_offer(header)); }),
              testing::kStillLinear)
        << piece;
  }
}

}  // namespace
}  // namespace belfry::websocket
