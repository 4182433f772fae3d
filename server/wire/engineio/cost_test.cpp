// A polling body costs in proportion to its bytes, however many packets they make.
#include <gtest/gtest.h>

#include "base/cost_for_tests.hpp"
#include "wire/engineio/payload.hpp"

namespace belfry::engineio {
namespace {

using std::string_literals::operator""s;

struct CostlyBody {
  std::string_view name;
  Version version;
  Framing framing;
  std::string piece;
  std::string start = {};

  friend void PrintTo(const CostlyBody& costly, std::ostream* out) { *out << costly.name; }
};

class PayloadCost : public ::testing::TestWithParam<CostlyBody> {
 protected:
  std::string scratch;
};

TEST_P(PayloadCost, OfReadingIsLinear) {
  const CostlyBody& costly = GetParam();
  const auto make = [&](std::size_t count) {
    std::string body = costly.start;
    for (std::size_t i = 0; i < count; ++i) body += costly.piece;
    return body;
  };
  const auto read = [&](const std::string& body) {
    static_cast<void>(decode_payload(as_bytes(body), costly.version, costly.framing, scratch));
  };
  EXPECT_LT(testing::growth(1'200, make, read), testing::kStillLinear);
}

INSTANTIATE_TEST_SUITE_P(, PayloadCost,
                         ::testing::Values(CostlyBody{"v4_packets", Version::v4, Framing::text, "4\x1e"},
                                           CostlyBody{"v4_base64", Version::v4, Framing::text, "bAAAA\x1e"},
                                           CostlyBody{"v4_one_base64", Version::v4, Framing::text, "AAAA", "b"},
                                           CostlyBody{"v4_bad_base64", Version::v4, Framing::text, "AA==", "b"},
                                           CostlyBody{"v3_packets", Version::v3, Framing::text, "1:4"},
                                           CostlyBody{"v3_base64", Version::v3, Framing::text, "6:b4AAAA"},
                                           CostlyBody{"v3_one_long", Version::v3, Framing::text, "\xF0\x9F\x98\x80", "9999999:4"},
                                           CostlyBody{"v3_digits", Version::v3, Framing::text, "9"},
                                           CostlyBody{"v3_octets", Version::v3, Framing::octets, "\x00\x01\xFF"s + "4"},
                                           CostlyBody{"v3_binary", Version::v3, Framing::octets, "\x01\x02\xFF\x04\x00"s}),
                         [](const auto& each) { return std::string(each.param.name); });

TEST(WritingCost, IsLinear) {
  for (const bool binary : {false, true}) {
    const auto write = [&](std::size_t count) {
      PayloadWriter writer(Version::v3, binary ? BinaryAs::octets : BinaryAs::base64);
      for (std::size_t i = 0; i < count; ++i)
        writer.append({PacketType::message, binary ? Encoding::binary : Encoding::text, as_bytes("\xC3\xA9")});
      EXPECT_FALSE(writer.take().empty());
    };
    EXPECT_LT(testing::growth(1'000, [](std::size_t count) { return count; }, write), testing::kStillLinear);
  }
}

}  // namespace
}  // namespace belfry::engineio
