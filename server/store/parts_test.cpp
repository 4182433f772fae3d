#include <gtest/gtest.h>

#include <limits>

#include "store/quality_aggregate.hpp"
#include "store/words.hpp"

namespace belfry::store {
namespace {

TEST(QualityAggregate, IsAveragedOverTheSamplesThatTellAndNewestInResolution) {  // R-001-81
  const std::vector<QualityEntry> entries = {
      {.user = {}, .sample = {.at = {2}, .resolution = "1280x720", .rtt_ms = 30, .packet_loss = 0.5}},
      {.user = {}, .sample = {.at = {1}, .resolution = "640x360", .rtt_ms = 10}},
      {.user = {}, .sample = {.at = {3}, .jitter_ms = 2.00004}}};
  const auto all = aggregate(entries);
  EXPECT_EQ(all.latency_ms, 20);
  EXPECT_EQ(all.packet_loss, 0.5);
  EXPECT_EQ(all.resolution, "1280x720");
  EXPECT_EQ(all.samples, 3U);
  EXPECT_EQ(to_json(all), R"({"avgLatency":20,"packetLoss":0.5,"jitter":2,"resolution":"1280x720","samples":3})");
}

TEST(QualityAggregate, WithoutSamplesIsEmpty) { EXPECT_EQ(to_json(aggregate({})), "{}"); }  // R-001-81

TEST(QualityAggregate, TakesNothingFromAClientThatWouldBreakTheJson) {
  const std::vector<QualityEntry> entries = {
      {.user = {}, .sample = {.resolution = "1\",\"x\":\"\\", .rtt_ms = std::numeric_limits<double>::infinity()}}};
  EXPECT_EQ(to_json(aggregate(entries)), R"({"avgLatency":null,"packetLoss":null,"jitter":null,"resolution":"1x","samples":1})");
}

TEST(NameNear, StaysAName) {
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
