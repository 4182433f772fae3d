#include "store/quality_aggregate.hpp"

#include <gtest/gtest.h>

#include <limits>

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

}  // namespace
}  // namespace belfry::store
