#include <gtest/gtest.h>

#include <limits>

#include "store/enum_text.hpp"
#include "store/quality_aggregate.hpp"

namespace belfry::store {
namespace {

TEST(QualityAggregate, AveragesTheSamplesThatHaveAValueAndTakesTheNewestResolution) {  // R-001-81
  QualityAggregate all;
  all.add({.at = {2}, .resolution = "1280x720", .rtt_ms = 30, .packet_loss = 0.5});
  all.add({.at = {1}, .resolution = "640x360", .rtt_ms = 10});
  all.add({.at = {3}, .jitter_ms = 2.00004});
  EXPECT_EQ(to_json(all), R"({"avgLatency":20,"packetLoss":0.5,"jitter":2,"resolution":"1280x720","samples":3})");
}

TEST(QualityAggregate, WithoutSamplesIsEmpty) { EXPECT_EQ(to_json({}), "{}"); }  // R-001-81

TEST(QualityAggregate, DropsValuesThatWouldBreakTheJson) {
  QualityAggregate all;
  all.add({.resolution = "1\",\"x\":\"\\", .rtt_ms = std::numeric_limits<double>::infinity()});
  EXPECT_EQ(to_json(all), R"({"avgLatency":null,"packetLoss":null,"jitter":null,"resolution":"1x","samples":1})");
}

TEST(NameNear, IsAValidName) {
  EXPECT_EQ(name_near("alice", 1), "alice");
  EXPECT_EQ(name_near("alice", 12), "alice-12");
  EXPECT_EQ(name_near(std::string(64, 'a'), 2).size(), 64U);
}

TEST(DayText, IsTheDayInUtc) {
  EXPECT_EQ(day_text(0), "1970-01-01");
  EXPECT_EQ(day_text(19'782), "2024-02-29");
}

}  // namespace
}  // namespace belfry::store
