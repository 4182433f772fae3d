// The contract of CallArchive for quality samples.

#include <gtest/gtest.h>

#include <array>

#include "store/archive_fixture_for_tests.hpp"

namespace belfry::store::testing {
namespace {

class QualityContract : public ArchiveFixture {
 protected:
  std::size_t add_quality(std::uint32_t number, UserId user, const std::vector<QualitySample>& samples) {
    return found<std::size_t>([&](auto done) { world_.archive().add_quality(call_id(number), user, samples, done); });
  }
  QualityPage quality(std::uint32_t number, Page page = {}) {
    return found<QualityPage>([&](auto done) { world_.archive().quality(call_id(number), page, done); });
  }
};

INSTANTIATE_TEST_SUITE_P(Stores, QualityContract, ::testing::ValuesIn(stores_under_test()), name_of);

// R-001-81
TEST_P(QualityContract, SamplesAreStoredAndAggregatedInTheCall) {
  spoken_call(1, alice, bob, at(0), 10'000);
  EXPECT_EQ(load(call_id(1))->row.quality, "{}");
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
  add_quality(1, alice, {first});
  add_quality(1, bob, {second});
  const auto entries = quality(1).entries;
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].user, alice);
  EXPECT_EQ(entries[0].sample, first);
  EXPECT_EQ(entries[1].user, bob);
  EXPECT_EQ(entries[1].sample, second);
  EXPECT_EQ(load(call_id(1))->row.quality,
            R"({"avgLatency":22.5,"packetLoss":0.015,"jitter":3.5,"resolution":"640x360","mos":4.25,"samples":2})");
}

TEST_P(QualityContract, TransitionLeavesTheQualityAsItIs) {
  const auto start = a_call(1, alice, bob);
  ASSERT_TRUE(commits(start) && commits(answered(start)));
  add_quality(1, alice, {{.at = at(5'000), .rtt_ms = 10}});
  const auto quality = load(call_id(1))->row.quality;
  EXPECT_NE(quality, "{}");
  ASSERT_TRUE(commits(ended(answered(start))));
  EXPECT_EQ(load(call_id(1))->row.quality, quality);
}

// Without a bound, each report would take the one writer longer than the report before.
TEST_P(QualityContract, SamplesOfOneUserBeyondTheLimitAreDropped) {
  ASSERT_TRUE(commits(a_call(1, alice, bob)));
  const std::vector<QualitySample> hundred(100, {.at = at(1'000), .rtt_ms = 20});
  for (std::size_t kept = 100; kept < kMaxSamplesPerUser; kept += 100) ASSERT_EQ(add_quality(1, alice, hundred), 100U);
  EXPECT_EQ(add_quality(1, alice, {3, {.at = at(1'000), .rtt_ms = 20}}), 3U);
  EXPECT_EQ(add_quality(1, alice, hundred), 97U);
  EXPECT_EQ(add_quality(1, alice, hundred), 0U);
  EXPECT_EQ(add_quality(1, bob, {{.at = at(1'000), .rtt_ms = 20}}), 1U);
  EXPECT_EQ(quality(1).total, kMaxSamplesPerUser + 1);
  EXPECT_EQ(load(call_id(1))->row.quality,
            R"({"avgLatency":20,"packetLoss":null,"jitter":null,"resolution":null,"samples":2001})");
}

// All samples of a call in one answer could exceed the unsent bytes that a connection may have.
TEST_P(QualityContract, SamplesAreReadInPages) {
  ASSERT_TRUE(commits(a_call(1, alice, bob)));
  for (const std::int64_t when : {5, 3, 1, 4, 2}) add_quality(1, alice, {{.at = at(when)}});
  const auto page = quality(1, {.number = 2, .limit = 2});
  EXPECT_EQ(page.total, 5U);
  ASSERT_EQ(page.entries.size(), 2U);
  EXPECT_EQ(page.entries[0].sample.at, at(3));
  EXPECT_EQ(page.entries[1].sample.at, at(4));
  EXPECT_EQ(quality(1, {.number = 3, .limit = 2}).entries.size(), 1U);
}

// Refused starts and samples are deleted after a time.
TEST_P(QualityContract, OldRefusedStartsAndSamplesAreDeletedInBatchesButNotCalls) {
  const auto id_at = [](std::int64_t ms) {
    std::array<std::byte, kUuidRandomBytes> chance{};
    chance[9] = static_cast<std::byte>(ms);
    return make_uuid_v7(at(ms), chance);
  };
  for (const std::int64_t ms : {1, 2, 3, 20}) {
    auto start = a_call(1, alice, bob, at(ms));
    start.row.id = CallId(id_at(ms));
    ASSERT_TRUE(commits(start) && commits(missed(start, at(ms))));
    found<std::size_t>(
        [&](auto done) { world_.archive().add_quality(start.row.id, alice, {{.at = at(999'999), .rtt_ms = 10}}, done); });
    world_.calls().record_attempt({.id = id_at(ms), .caller = alice, .callee = bob, .reason = "busy", .at = at(ms)});
  }
  world_.settle();
  const auto left = [&] {
    std::size_t samples = 0;
    for (const std::int64_t ms : {1, 2, 3, 20})
      samples += found<QualityPage>([&](auto done) { world_.archive().quality(CallId(id_at(ms)), {}, done); }).total;
    return std::pair(samples,
                     found<std::vector<AttemptEntry>>([&](auto done) { world_.archive().attempts(alice, {}, done); }).size());
  };
  for (const std::size_t expected : {2U, 1U, 1U}) {
    world_.archive().forget_before(at(10), 2);
    world_.settle();
    EXPECT_EQ(left(), std::pair(expected, expected));
  }
  EXPECT_EQ(history({.user = alice}).total, 4U);
  EXPECT_NE(load(CallId(id_at(1)))->row.quality, "{}") << "what they came to stays with the call";
}

TEST_P(QualityContract, SamplesOfAnUnknownCallAreDropped) {
  EXPECT_EQ(add_quality(9, alice, {{.at = at(0), .rtt_ms = 10}}), 0U);
  EXPECT_FALSE(load(call_id(9)).has_value());
}

// R-002-26
TEST_P(QualityContract, FinishedCallsWithSamplesAreListedNewestFirst) {
  for (std::uint32_t number = 1; number <= 4; ++number) spoken_call(number, alice, bob, at(number * 100'000), 1'000);
  for (const std::uint32_t number : {1U, 3U, 4U}) add_quality(number, bob, {{.at = at(0), .rtt_ms = 1}});
  ASSERT_TRUE(commits(a_call(5, alice, bob, at(900'000))));
  add_quality(5, bob, {{.at = at(0), .rtt_ms = 1}});
  const auto recent = [&](Page page) {
    return ids(found<std::vector<StoredCall>>([&](auto done) { world_.archive().recent_quality(page, done); }));
  };
  EXPECT_EQ(recent({}), numbers({4, 3, 1}));
  EXPECT_EQ(recent({.number = 2, .limit = 2}), numbers({1}));
}

}  // namespace
}  // namespace belfry::store::testing
