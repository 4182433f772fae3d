#include "gateway/json/iso_time.hpp"

#include <gtest/gtest.h>

namespace belfry::gateway {
namespace {

constexpr WallTime kMoment{1'795'262'400'678};

TEST(IsoTime, IsWrittenInUtcToTheMillisecond) {
  EXPECT_EQ(iso_text(kMoment), "2026-11-21T12:00:00.678Z");
  EXPECT_EQ(iso_text(WallTime{0}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(iso_text(WallTime{-1}), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(iso_text(std::optional<WallTime>{}), "");
}

TEST(IsoTime, IsReadBackAsWritten) {
  for (const std::int64_t ms : {0LL, 1LL, 951'782'400'000LL, 1'795'262'400'678LL, 4'102'444'799'999LL})
    EXPECT_EQ(parse_iso(iso_text(WallTime{ms})), WallTime{ms});
}

TEST(IsoTime, MayLackMillisecondsAndHaveAnOffset) {
  const WallTime second{kMoment.unix_ms - 678};
  EXPECT_EQ(parse_iso("2026-11-21T12:00:00Z"), second);
  EXPECT_EQ(parse_iso("2026-11-21t12:00:00z"), second);
  EXPECT_EQ(parse_iso("2026-11-21T12:00Z"), second);
  EXPECT_EQ(parse_iso("2026-11-21T13:30:00+01:30"), second);
  EXPECT_EQ(parse_iso("2026-11-21T04:00:00-08:00"), second);
  EXPECT_EQ(parse_iso("2026-11-21T13:00:00 01:00"), second) << "a plus of a query string that was not escaped";
}

TEST(IsoTime, FractionIsReadToTheMillisecond) {
  EXPECT_EQ(parse_iso("2026-11-21T12:00:00.6Z")->unix_ms, kMoment.unix_ms - 78);
  EXPECT_EQ(parse_iso("2026-11-21T12:00:00.678999999999999999999Z"), kMoment);
}

TEST(IsoTime, BareDateIsItsMidnight) { EXPECT_EQ(iso_text(parse_iso("2026-11-21")), "2026-11-21T00:00:00.000Z"); }

TEST(IsoTime, InvalidTextIsNoTime) {
  for (const char* text : {"", "now", "2026", "2026-11", "2026-13-01", "2026-02-29", "2026-11-31", "2026-11-21 12:00:00Z",
                           "2026-11-21T", "2026-11-21T24:00Z", "2026-11-21T12:60Z", "2026-11-21T12:00:61Z", "2026-11-21T12:00:00",
                           "2026-11-21T12:00:00.Z", "2026-11-21T12:00:00+0100", "2026-11-21T12:00:00Zulu", "26-11-21T12:00:00Z",
                           "2026-11-21T12:00:00+1:00", "-026-11-21T12:00Z"})
    EXPECT_EQ(parse_iso(text), std::nullopt) << text;
}

}  // namespace
}  // namespace belfry::gateway
