// A released migration never changes: databases out there have taken it as it was.
#include <gtest/gtest.h>

#include <array>

#include "adapters/postgres/schema.hpp"
#include "adapters/sql/fingerprint_for_tests.hpp"

namespace belfry::postgres {
namespace {

// A new migration adds its line; the others stay.
constexpr std::array<std::uint64_t, 25> kAsReleased = {
    0xacffff20425bdfe6, 0x1cdc23120ca635fd, 0xfd5be63ecc0ee088, 0x4b177df537a26d16, 0x6b6227b0cca8ebc8,
    0xc8308dfacc08a53a, 0xef0f3a9d5d515fec, 0x622359226b5002cc, 0x6d017129fdab1209, 0xcdd5026845f2ddbc,
    0x5ae2abc0ecdb329b, 0xc9b14db1932b787a, 0x9ede64e89af7c5ff, 0xbe686fed17a4e66a, 0xc9804e8adb9606ea,
    0xfc452801ea2c0b87, 0x653a935bf8a5ad45, 0xc3c04cb90d99c17e, 0xf0aa28acf4915e48, 0x101aefcbdea0623b,
    0xd809dad524ca2167, 0xdd542edbd3cd96c0, 0xd2476d8fb50afa19, 0xf4af8622bf3987ce, 0x9916f4f9d7f38208,
};

// R-002-18
TEST(PostgresMigrationTexts, DoNotChangeAfterRelease) {
  ASSERT_EQ(migrations().size(), kAsReleased.size());
  for (std::size_t i = 0; i < kAsReleased.size(); ++i)
    EXPECT_EQ(sql::fingerprint(migrations()[i].sql), kAsReleased[i]) << "migration " << migrations()[i].version;
}

}  // namespace
}  // namespace belfry::postgres
