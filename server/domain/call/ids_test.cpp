#include "domain/call/ids.hpp"

#include <gtest/gtest.h>

namespace belfry::call {
namespace {

TEST(CallId, MatchesTheUuidSevenExampleOfTheStandard) {
  // RFC 9562 A.6: unix_ts_ms 017F22E279B0, rand_a CC3, rand_b 18C4DC0C0C07398F.
  constexpr std::array<std::byte, kCallIdRandomBytes> kRandom{std::byte{0x0C}, std::byte{0xC3}, std::byte{0x18}, std::byte{0xC4},
                                                              std::byte{0xDC}, std::byte{0x0C}, std::byte{0x0C}, std::byte{0x07},
                                                              std::byte{0x39}, std::byte{0x8F}};
  EXPECT_EQ(to_text(make_call_id({0x017F22E279B0}, kRandom)), "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
}

TEST(CallId, SortsByTheMomentOfCreation) {
  std::array<std::byte, kCallIdRandomBytes> high{};
  high.fill(std::byte{0xFF});
  EXPECT_LT(make_call_id({1000}, high), make_call_id({1001}, std::array<std::byte, kCallIdRandomBytes>{}));
}

}  // namespace
}  // namespace belfry::call
