// A released migration never changes: databases out there have taken it as it was.
#include <gtest/gtest.h>

#include <array>

#include "adapters/sql/fingerprint_for_tests.hpp"
#include "adapters/sqlite/schema.hpp"

namespace belfry::sqlite {
namespace {

// A new migration adds its line; the others stay.
constexpr std::array<std::uint64_t, 23> kAsReleased = {
    0x7352da925bcc5eb3, 0xa0725d55674f7e82, 0xe400f4d56132a381, 0x22bf93c4656e655a, 0xd1a37493c42bea99, 0xb8b343d336b85197,
    0xbd08785f12e9939b, 0x8e635b94bf6d1e13, 0xebaa99a418fac5bb, 0xc44ec08a1880ffc4, 0xb42e3b4817d5864d, 0x80e73cc109ab9ad,
    0xbcef52e5e6b61cf2, 0xbe686fed17a4e66a, 0x33ea8b43bd08df40, 0xbbe01048aab22f14, 0xc9a270809715c49b, 0xa4796df21a6e1f3e,
    0x7b11ab19f31e911a, 0x101aefcbdea0623b, 0x330e33d8dba9b664, 0xc945aa544e790b2,  0xfcaa9400e1283e3f,
};

// R-002-18
TEST(SqliteMigrationTexts, DoNotChangeAfterRelease) {
  ASSERT_EQ(migrations().size(), kAsReleased.size());
  for (std::size_t i = 0; i < kAsReleased.size(); ++i)
    EXPECT_EQ(sql::fingerprint(migrations()[i].sql), kAsReleased[i]) << "migration " << migrations()[i].version;
}

}  // namespace
}  // namespace belfry::sqlite
