#include "gateway/json/quality_samples.hpp"

#include <gtest/gtest.h>

#include <string>

namespace belfry::gateway {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kNow{1'700'000'000'000};

class QualitySamples : public ::testing::Test {
 protected:
  Expected<std::vector<store::QualitySample>, SampleFault> read(const std::string& list) {
    text_ = list;
    return read_samples(reader_.validate(text_).value(), kNow);
  }
  bool takes(const std::string& members) { return read("[{" + members + "}]").has_value(); }

 private:
  std::string text_;
  json::Reader reader_;
};

// R-001-81
TEST_F(QualitySamples, EveryMemberIsReadAndAbsentOrNullIsUnset) {
  const auto samples =
      read(R"([{"ts":"2023-11-14T22:13:00Z","direction":"outbound","rttMs":40.5,"packetLoss":1,"jitterMs":3,"mos":4.2,)"
           R"("bitrateKbps":900,"resolution":"1280x720","fps":30,"candidateType":"relay"},{"mos":null,"colour":"red"}])");
  ASSERT_TRUE(samples.has_value());
  ASSERT_EQ(samples->size(), 2U);
  const store::QualitySample whole{.at = {1'699'999'980'000},
                                   .direction = "outbound",
                                   .resolution = "1280x720",
                                   .candidate_type = "relay",
                                   .rtt_ms = 40.5,
                                   .packet_loss = 1,
                                   .jitter_ms = 3,
                                   .mos = 4.2,
                                   .bitrate_kbps = 900,
                                   .fps = 30};
  EXPECT_EQ(samples->front(), whole);
  EXPECT_EQ(samples->back(), store::QualitySample{.at = kNow}) << "without ts it is of now";
}

TEST_F(QualitySamples, TimeMayBeUnixMilliseconds) {
  EXPECT_EQ(read(R"([{"ts":1699999980000}])")->front().at.unix_ms, 1'699'999'980'000);
  EXPECT_FALSE(takes(R"("ts":-1)"));
  EXPECT_FALSE(takes(R"("ts":9007199254740993)")) << "more than JSON.parse reads exactly";
  EXPECT_FALSE(takes(R"("ts":"yesterday")"));
}

TEST_F(QualitySamples, OneBadSampleRefusesAll) {
  EXPECT_EQ(read(R"([{"rttMs":1},{"rttMs":"2"}])").error(), SampleFault::invalid);
  for (const char* list : {"[1]", "[null]", "[[]]", R"(["x"])"}) EXPECT_EQ(read(list).error(), SampleFault::invalid) << list;
}

TEST_F(QualitySamples, TextsHaveOneSetOfLimits) {
  EXPECT_TRUE(takes(R"("direction":")" + std::string(16, 'x') + R"(","candidateType":")" + std::string(16, 'x') +
                    R"(","resolution":")" + std::string(32, 'x') + '"'));
  EXPECT_FALSE(takes(R"("direction":")" + std::string(17, 'x') + '"'));
  EXPECT_FALSE(takes(R"("candidateType":")" + std::string(17, 'x') + '"'));
  EXPECT_FALSE(takes(R"("resolution":")" + std::string(33, 'x') + '"'));
}

TEST_F(QualitySamples, ImpossibleNumbersAreRefused) {
  for (const char* member : {R"("packetLoss":101)", R"("mos":6)", R"("rttMs":-1)", R"("fps":true)", R"("bitrateKbps":[])"})
    EXPECT_FALSE(takes(member)) << member;
}

TEST_F(QualitySamples, MoreThanAHundredAtOnceAreTooMany) {
  std::string list = "[{}";
  for (std::size_t i = 1; i < kMaxSamples; ++i) list += ",{}";
  EXPECT_EQ(read(list + "]")->size(), kMaxSamples);
  EXPECT_EQ(read(list + ",{}]").error(), SampleFault::too_many);
}

TEST(QualityReports, AreTakenUntilFiveMinutesAfterTheEnd) {
  store::CallRow call;
  EXPECT_TRUE(takes_samples(call, kNow));
  call.ended = kNow - 300s;
  EXPECT_TRUE(takes_samples(call, kNow));
  call.ended = kNow - 300'001ms;
  EXPECT_FALSE(takes_samples(call, kNow));
}

}  // namespace
}  // namespace belfry::gateway
