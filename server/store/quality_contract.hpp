// The contract of CallArchive for quality samples, one suite for every adapter (store_contract.hpp explains World).
#pragma once

#include <gtest/gtest.h>

#include <array>

#include "store/archive_fixture_for_tests.hpp"

namespace belfry::store::testing {

template <class World>
class QualityContract : public ArchiveFixture<World> {
 protected:
  std::size_t add_quality(std::uint32_t number, UserId user, const std::vector<QualitySample>& samples) {
    return this->template found<std::size_t>(
        [&](auto done) { this->world_.archive().add_quality(call_id(number), user, samples, done); });
  }
  QualityPage quality(std::uint32_t number, Page page = {}) {
    return this->template found<QualityPage>([&](auto done) { this->world_.archive().quality(call_id(number), page, done); });
  }
};

TYPED_TEST_SUITE_P(QualityContract);

// R-001-81
TYPED_TEST_P(QualityContract, SamplesAreStoredAndAggregatedInTheCall) {
  this->spoken_call(1, this->alice, this->bob, at(0), 10'000);
  EXPECT_EQ(this->load(call_id(1))->row.quality, "{}");
  const QualitySample first{.at = at(2'000),
                            .direction = "inbound",
                            .resolution = "1280x720",
                            .candidate_type = "relay",
                            .rtt_ms = 20,
                            .packet_loss = 0.01,
                            .jitter_ms = 3.5,
                            .mos = 4.25,
                            .bitrate_kbps = 900,
                            .fps = 30};
  const QualitySample second{.at = at(4'000), .resolution = "640x360", .rtt_ms = 25, .packet_loss = 0.02};
  this->add_quality(1, this->alice, {first});
  this->add_quality(1, this->bob, {second});
  const auto entries = this->quality(1).entries;
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].user, this->alice);
  EXPECT_EQ(entries[0].sample, first);
  EXPECT_EQ(entries[1].user, this->bob);
  EXPECT_EQ(entries[1].sample, second);
  EXPECT_EQ(this->load(call_id(1))->row.quality,
            R"({"avgLatency":22.5,"packetLoss":0.015,"jitter":3.5,"resolution":"640x360","mos":4.25,"samples":2})");
}

TYPED_TEST_P(QualityContract, TransitionLeavesTheQualityAsItIs) {
  const auto start = a_call(1, this->alice, this->bob);
  ASSERT_TRUE(this->commits(start) && this->commits(answered(start)));
  this->add_quality(1, this->alice, {{.at = at(5'000), .rtt_ms = 10}});
  const auto quality = this->load(call_id(1))->row.quality;
  EXPECT_NE(quality, "{}");
  ASSERT_TRUE(this->commits(ended(answered(start))));
  EXPECT_EQ(this->load(call_id(1))->row.quality, quality);
}

// Without a bound, each report would take the one writer longer than the report before.
TYPED_TEST_P(QualityContract, SamplesOfOneUserBeyondTheLimitAreDropped) {
  ASSERT_TRUE(this->commits(a_call(1, this->alice, this->bob)));
  const std::vector<QualitySample> hundred(100, {.at = at(1'000), .rtt_ms = 20});
  for (std::size_t kept = 100; kept < kMaxSamplesPerUser; kept += 100)
    ASSERT_EQ(this->add_quality(1, this->alice, hundred), 100U);
  EXPECT_EQ(this->add_quality(1, this->alice, {3, {.at = at(1'000), .rtt_ms = 20}}), 3U);
  EXPECT_EQ(this->add_quality(1, this->alice, hundred), 97U);
  EXPECT_EQ(this->add_quality(1, this->alice, hundred), 0U);
  EXPECT_EQ(this->add_quality(1, this->bob, {{.at = at(1'000), .rtt_ms = 20}}), 1U);
  EXPECT_EQ(this->quality(1).total, kMaxSamplesPerUser + 1);
  EXPECT_EQ(this->load(call_id(1))->row.quality,
            R"({"avgLatency":20,"packetLoss":null,"jitter":null,"resolution":null,"samples":2001})");
}

// All samples of a call in one answer could exceed the unsent bytes that a connection may have.
TYPED_TEST_P(QualityContract, SamplesAreReadInPages) {
  ASSERT_TRUE(this->commits(a_call(1, this->alice, this->bob)));
  for (const std::int64_t when : {5, 3, 1, 4, 2}) this->add_quality(1, this->alice, {{.at = at(when)}});
  const auto page = this->quality(1, {.number = 2, .limit = 2});
  EXPECT_EQ(page.total, 5U);
  ASSERT_EQ(page.entries.size(), 2U);
  EXPECT_EQ(page.entries[0].sample.at, at(3));
  EXPECT_EQ(page.entries[1].sample.at, at(4));
  EXPECT_EQ(this->quality(1, {.number = 3, .limit = 2}).entries.size(), 1U);
}

// Refused starts and samples are deleted after a time.
TYPED_TEST_P(QualityContract, OldRefusedStartsAndSamplesAreDeletedInBatchesButNotCalls) {
  const auto id_at = [](std::int64_t ms) {
    std::array<std::byte, kUuidRandomBytes> chance{};
    chance[9] = static_cast<std::byte>(ms);
    return make_uuid_v7(at(ms), chance);
  };
  for (const std::int64_t ms : {1, 2, 3, 20}) {
    auto start = a_call(1, this->alice, this->bob, at(ms));
    start.row.id = CallId(id_at(ms));
    ASSERT_TRUE(this->commits(start) && this->commits(missed(start, at(ms))));
    this->template found<std::size_t>([&](auto done) {
      this->world_.archive().add_quality(start.row.id, this->alice, {{.at = at(999'999), .rtt_ms = 10}}, done);
    });
    this->world_.calls().record_attempt(
        {.id = id_at(ms), .caller = this->alice, .callee = this->bob, .reason = "busy", .at = at(ms)});
  }
  this->world_.settle();
  const auto left = [&] {
    std::size_t samples = 0;
    for (const std::int64_t ms : {1, 2, 3, 20})
      samples +=
          this->template found<QualityPage>([&](auto done) { this->world_.archive().quality(CallId(id_at(ms)), {}, done); })
              .total;
    return std::pair(samples, this->template found<std::vector<AttemptEntry>>(
                                      [&](auto done) { this->world_.archive().attempts(this->alice, {}, done); })
                                  .size());
  };
  for (const std::size_t expected : {2U, 1U, 1U}) {
    this->world_.archive().forget_before(at(10), 2);
    this->world_.settle();
    EXPECT_EQ(left(), std::pair(expected, expected));
  }
  EXPECT_EQ(this->history({.user = this->alice}).total, 4U);
  EXPECT_NE(this->load(CallId(id_at(1)))->row.quality, "{}") << "what they came to stays with the call";
}

TYPED_TEST_P(QualityContract, SamplesOfAnUnknownCallAreDropped) {
  EXPECT_EQ(this->add_quality(9, this->alice, {{.at = at(0), .rtt_ms = 10}}), 0U);
  EXPECT_FALSE(this->load(call_id(9)).has_value());
}

// R-002-26
TYPED_TEST_P(QualityContract, FinishedCallsWithSamplesAreListedNewestFirst) {
  for (std::uint32_t number = 1; number <= 4; ++number)
    this->spoken_call(number, this->alice, this->bob, at(number * 100'000), 1'000);
  for (const std::uint32_t number : {1U, 3U, 4U}) this->add_quality(number, this->bob, {{.at = at(0), .rtt_ms = 1}});
  ASSERT_TRUE(this->commits(a_call(5, this->alice, this->bob, at(900'000))));
  this->add_quality(5, this->bob, {{.at = at(0), .rtt_ms = 1}});
  const auto recent = [&](Page page) {
    return this->ids(
        this->template found<std::vector<StoredCall>>([&](auto done) { this->world_.archive().recent_quality(page, done); }));
  };
  EXPECT_EQ(recent({}), this->numbers({4, 3, 1}));
  EXPECT_EQ(recent({.number = 2, .limit = 2}), this->numbers({1}));
}

REGISTER_TYPED_TEST_SUITE_P(QualityContract, SamplesAreStoredAndAggregatedInTheCall, TransitionLeavesTheQualityAsItIs,
                            SamplesOfOneUserBeyondTheLimitAreDropped, SamplesAreReadInPages,
                            OldRefusedStartsAndSamplesAreDeletedInBatchesButNotCalls, SamplesOfAnUnknownCallAreDropped,
                            FinishedCallsWithSamplesAreListedNewestFirst);

}  // namespace belfry::store::testing
