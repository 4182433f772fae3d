// The contract of CallArchive, one suite for every adapter (store_contract.hpp explains World).
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "store/audit_verify.hpp"
#include "store/store_contract.hpp"

namespace belfry::store::testing {

template <class World>
class CallArchiveContract : public StoreContract<World> {
 protected:
  void SetUp() override {
    std::uint32_t number = 1;
    for (const auto& [id, name] : {std::pair{&alice, "alice"}, {&bob, "bob"}, {&carol, "carol"}, {&dan, "dan"}})
      *id = this->made(number++, name);
  }
  /// A missed call that rang for a minute; spoken_call(): one that was connected for `seconds`.
  void missed_call(std::uint32_t number, UserId caller, UserId callee, WallTime when,
                   call::CallType media = call::CallType::audio) {
    auto start = a_call(number, caller, callee, when);
    start.row.media = media;
    ASSERT_TRUE(this->commits(start));
    ASSERT_TRUE(this->commits(missed(start, {when.unix_ms + 60'000})));
  }
  void spoken_call(std::uint32_t number, UserId caller, UserId callee, WallTime when, std::int64_t ms) {
    const auto start = a_call(number, caller, callee, when);
    const auto accepted = answered(start, {when.unix_ms + 1'000});
    ASSERT_TRUE(this->commits(start));
    ASSERT_TRUE(this->commits(accepted));
    ASSERT_TRUE(this->commits(ended(accepted, {when.unix_ms + 1'000 + ms})));
  }
  HistoryPage history(const HistoryQuery& query) {
    return this->template found<HistoryPage>([&](auto done) { this->world_.archive().history(query, done); });
  }
  static std::vector<CallId> ids(const std::vector<StoredCall>& calls) {
    std::vector<CallId> all;
    for (const auto& each : calls) all.push_back(each.row.id);
    return all;
  }
  static std::vector<CallId> numbers(std::initializer_list<std::uint32_t> wanted) {
    std::vector<CallId> all;
    for (const auto number : wanted) all.push_back(call_id(number));
    return all;
  }
  Statistics statistics(UserId user, std::optional<WallTime> from = {}, std::optional<WallTime> to = {}) {
    return this->template found<Statistics>([&](auto done) { this->world_.archive().statistics(user, from, to, done); });
  }
  std::vector<CallId> current(UserId user, std::optional<WallTime> since = {}) {
    return ids(
        this->template found<std::vector<StoredCall>>([&](auto done) { this->world_.archive().current(user, since, done); }));
  }
  std::vector<AuditEntry> audit(const AuditQuery& query) {
    return this->template found<std::vector<AuditEntry>>([&](auto done) { this->world_.archive().audit(query, done); });
  }
  std::size_t add_quality(std::uint32_t number, UserId user, const std::vector<QualitySample>& samples) {
    return this->template found<std::size_t>(
        [&](auto done) { this->world_.archive().add_quality(call_id(number), user, samples, done); });
  }
  QualityPage quality(std::uint32_t number, Page page = {}) {
    return this->template found<QualityPage>([&](auto done) { this->world_.archive().quality(call_id(number), page, done); });
  }
  std::vector<std::string> violated(WallTime now = at(0)) {
    std::vector<std::string> names;
    for (const auto& each :
         this->template found<std::vector<Violation>>([&](auto done) { this->world_.archive().violations(now, done); })) {
      EXPECT_FALSE(each.what.empty());
      names.push_back(each.invariant);
    }
    std::sort(names.begin(), names.end());
    return names;
  }
  static constexpr bool can_damage = requires(World& world) { world.damage(std::string_view{}); };
  void damage(const std::string& sql) {
    if constexpr (can_damage) this->world_.damage(sql);
  }
  UserId alice, bob, carol, dan;
};

TYPED_TEST_SUITE_P(CallArchiveContract);

// R-001-70, R-001-71
TYPED_TEST_P(CallArchiveContract, HistoryHoldsTheUsersCallsInBothRolesAndNoOthers) {
  this->missed_call(1, this->alice, this->bob, at(1'000));
  this->missed_call(2, this->carol, this->alice, at(2'000));
  this->missed_call(3, this->carol, this->bob, at(3'000));
  const auto page = this->history({.user = this->alice});
  EXPECT_EQ(page.total, 2U);
  EXPECT_EQ(this->ids(page.calls), this->numbers({2, 1}));
  EXPECT_EQ(page.calls[0].caller().username, "carol");
  EXPECT_EQ(page.calls[0].callee().username, "alice");
  EXPECT_EQ(this->history({.user = this->dan}).total, 0U);
}

// R-001-72
TYPED_TEST_P(CallArchiveContract, NewestComeFirstAndEqualTimesAreOrderedById) {
  this->missed_call(2, this->alice, this->bob, at(1'000));
  this->missed_call(3, this->bob, this->alice, at(1'000));
  this->missed_call(1, this->alice, this->carol, at(1'000));
  this->missed_call(4, this->alice, this->carol, at(500));
  EXPECT_EQ(this->ids(this->history({.user = this->alice}).calls), this->numbers({3, 2, 1, 4}));
}

// R-001-73, R-001-74
TYPED_TEST_P(CallArchiveContract, PagesCoverAllCallsOnceAndReportTheTotal) {
  for (std::uint32_t number = 1; number <= 25; ++number)
    this->missed_call(number, number % 2 == 0 ? this->alice : this->bob, number % 2 == 0 ? this->bob : this->alice, at(number));
  EXPECT_EQ(this->history({.user = this->alice}).calls.size(), 20U);
  std::vector<CallId> all;
  for (std::uint32_t number = 1; number <= 3; ++number) {
    const auto page = this->history({.user = this->alice, .page = {.number = number, .limit = 10}});
    EXPECT_EQ(page.total, 25U);
    for (const auto& id : this->ids(page.calls)) all.push_back(id);
  }
  ASSERT_EQ(all.size(), 25U);
  for (std::uint32_t i = 0; i < 25; ++i) EXPECT_EQ(all[i], call_id(25 - i));
  const auto past_the_end = this->history({.user = this->alice, .page = {.number = 4, .limit = 10}});
  EXPECT_TRUE(past_the_end.calls.empty());
  EXPECT_EQ(past_the_end.total, 25U);
}

// SPEC 2.1: cursor
TYPED_TEST_P(CallArchiveContract, CursorContinuesAfterTheLastCallAlsoAmongEqualTimes) {
  for (std::uint32_t number = 1; number <= 5; ++number) this->missed_call(number, this->alice, this->bob, at(7));
  HistoryQuery query{.user = this->bob, .page = {.limit = 2}};
  auto page = this->history(query);
  EXPECT_EQ(this->ids(page.calls), this->numbers({5, 4}));
  query.after = Cursor{page.calls.back().row.created, page.calls.back().row.id};
  page = this->history(query);
  EXPECT_EQ(this->ids(page.calls), this->numbers({3, 2}));
  EXPECT_EQ(page.total, 5U);
  query.after = Cursor{page.calls.back().row.created, page.calls.back().row.id};
  EXPECT_EQ(this->ids(this->history(query).calls), this->numbers({1}));
}

// R-001-69, R-001-77
TYPED_TEST_P(CallArchiveContract, HistoryIsFilteredByMediaStatusDirectionAndTime) {
  this->missed_call(1, this->alice, this->bob, at(1'000), call::CallType::video);
  this->missed_call(2, this->bob, this->alice, at(2'000));
  this->spoken_call(3, this->alice, this->carol, at(3'000), 5'000);
  const auto found = [&](const HistoryQuery& query) {
    const auto page = this->history(query);
    EXPECT_EQ(page.total, page.calls.size());
    return this->ids(page.calls);
  };
  const auto user = this->alice;
  EXPECT_EQ(found({.user = user, .media = call::CallType::video}), this->numbers({1}));
  EXPECT_EQ(found({.user = user, .media = call::CallType::audio}), this->numbers({3, 2}));
  EXPECT_EQ(found({.user = user, .status = call::Status::ended}), this->numbers({3}));
  EXPECT_EQ(found({.user = user, .status = call::Status::missed}), this->numbers({2, 1}));
  EXPECT_EQ(found({.user = user, .direction = Direction::outgoing}), this->numbers({3, 1}));
  EXPECT_EQ(found({.user = user, .direction = Direction::incoming}), this->numbers({2}));
  EXPECT_EQ(found({.user = user, .from = at(2'000)}), this->numbers({3, 2}));
  EXPECT_EQ(found({.user = user, .to = at(2'000)}), this->numbers({1}));
  EXPECT_EQ(
      found({.user = user, .status = call::Status::missed, .direction = Direction::outgoing, .from = at(0), .to = at(9'000)}),
      this->numbers({1}));
  EXPECT_TRUE(found({.user = user, .media = call::CallType::video, .status = call::Status::ended}).empty());
}

// R-001-76, SPEC 2.8.16, C-26
TYPED_TEST_P(CallArchiveContract, StatisticsCountWhatTheHistoryHolds) {
  this->missed_call(1, this->alice, this->bob, at(1'000), call::CallType::video);
  this->missed_call(2, this->bob, this->alice, at(2'000));
  this->spoken_call(3, this->alice, this->carol, at(3'000), 60'999);
  this->spoken_call(4, this->carol, this->alice, at(100'000), 400);
  const auto start = a_call(5, this->dan, this->alice, at(200'000));
  ASSERT_TRUE(this->commits(start));
  ASSERT_TRUE(this->commits(finished(start, call::Status::rejected, call::EndReason::declined, at(201'000))));
  this->missed_call(6, this->carol, this->bob, at(300'000));
  const Statistics expected{.total_calls = 5,
                            .missed_calls = 2,
                            .rejected_calls = 1,
                            .incoming = 3,
                            .outgoing = 2,
                            .audio_calls = 4,
                            .video_calls = 1,
                            .total_duration = 60,
                            .calls_with_duration = 2};
  EXPECT_EQ(this->statistics(this->alice), expected);
  EXPECT_EQ(this->statistics(this->dan).total_calls, 1U);
  EXPECT_EQ(this->statistics(user_id(99)), Statistics{});
}

// R-001-77
TYPED_TEST_P(CallArchiveContract, StatisticsCoverTheirPeriodFromInclusiveToExclusive) {
  this->missed_call(1, this->alice, this->bob, at(1'000));
  this->missed_call(2, this->alice, this->bob, at(2'000));
  this->missed_call(3, this->alice, this->bob, at(3'000));
  EXPECT_EQ(this->statistics(this->alice, at(2'000), at(3'000)).total_calls, 1U);
  EXPECT_EQ(this->statistics(this->alice, at(2'000)).total_calls, 2U);
  EXPECT_EQ(this->statistics(this->alice, {}, at(3'000)).total_calls, 2U);
}

TYPED_TEST_P(CallArchiveContract, StatisticsByDayUseDaysInUtc) {
  constexpr std::int64_t kHour = 3'600'000;
  this->missed_call(1, this->alice, this->bob, at(0));
  this->missed_call(2, this->bob, this->alice, at(12 * kHour - 1));
  this->spoken_call(3, this->alice, this->bob, at(12 * kHour), 2'000);
  const auto days = this->template found<std::vector<DayStatistics>>(
      [&](auto done) { this->world_.archive().statistics_by_day(this->alice, {}, {}, done); });
  ASSERT_EQ(days.size(), 2U);
  EXPECT_EQ(days[0].day, "2026-11-21");
  EXPECT_EQ(days[0].statistics.total_calls, 2U);
  EXPECT_EQ(days[0].statistics.incoming, 1U);
  EXPECT_EQ(days[1].day, "2026-11-22");
  EXPECT_EQ(days[1].statistics.total_duration, 2U);
}

TYPED_TEST_P(CallArchiveContract, CurrentCallsAreActiveOnesAndThoseThatEndedSince) {
  this->missed_call(1, this->alice, this->bob, at(0));          // ended at 60 000
  this->missed_call(2, this->carol, this->alice, at(100'000));  // ended at 160 000
  ASSERT_TRUE(this->commits(a_call(3, this->alice, this->carol, at(200'000))));
  EXPECT_EQ(this->current(this->alice), this->numbers({3}));
  EXPECT_EQ(this->current(this->alice, at(160'000)), this->numbers({3, 2}));
  EXPECT_EQ(this->current(this->alice, at(160'001)), this->numbers({3}));
  EXPECT_EQ(this->current(this->alice, at(0)), this->numbers({3, 2, 1}));
  EXPECT_EQ(this->current(this->bob), this->numbers({}));
}

// T-03, T-04
TYPED_TEST_P(CallArchiveContract, RefusedStartsAreKeptForBothSidesNewestFirst) {
  const Attempt busy{.id = uuid(9, 1), .caller = this->alice, .callee = this->bob, .reason = "busy", .at = at(1)};
  const Attempt away{.id = uuid(9, 2),
                     .caller = this->bob,
                     .callee = this->alice,
                     .media = call::CallType::video,
                     .reason = "unreachable",
                     .at = at(2)};
  this->world_.calls().record_attempt(busy);
  this->world_.calls().record_attempt(away);
  this->world_.settle();
  const auto list = [&](UserId user, Page page) {
    return this->template found<std::vector<AttemptEntry>>([&](auto done) { this->world_.archive().attempts(user, page, done); });
  };
  const auto all = list(this->alice, {});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].attempt, away);
  EXPECT_EQ(all[0].caller.username, "bob");
  EXPECT_EQ(all[0].callee.username, "alice");
  EXPECT_EQ(all[1].attempt, busy);
  EXPECT_EQ(list(this->bob, {.number = 2, .limit = 1}).size(), 1U);
  EXPECT_TRUE(list(this->carol, {}).empty());
}

// R-001-60
TYPED_TEST_P(CallArchiveContract, AuditIsFoundByUserPeriodAndPosition) {
  this->missed_call(1, this->alice, this->bob, at(0));
  this->missed_call(2, this->carol, this->bob, at(100'000));
  const auto all = this->audit({});
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(this->audit({.call = call_id(2)}).size(), 2U);
  EXPECT_EQ(this->audit({.user = this->alice}).size(), 2U);
  EXPECT_EQ(this->audit({.user = this->bob}).size(), 4U);
  EXPECT_EQ(this->audit({.user = this->dan}).size(), 0U);
  EXPECT_EQ(this->audit({.from = at(60'000), .to = at(160'000)}).size(), 2U);
  EXPECT_EQ(this->audit({.user = this->bob, .from = at(100'000)}).size(), 2U);
  const auto rest = this->audit({.after_seq = all[0].seq, .limit = 2});
  ASSERT_EQ(rest.size(), 2U);
  EXPECT_EQ(rest[0].seq, all[1].seq);
  EXPECT_EQ(rest[0].record, all[1].record);
  EXPECT_TRUE(verify_audit(this->audit({.call = call_id(1)}), this->load(call_id(1))->row.tip));
}

// R-001-81
TYPED_TEST_P(CallArchiveContract, SamplesAreStoredAndAggregatedInTheCall) {
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

TYPED_TEST_P(CallArchiveContract, TransitionLeavesTheQualityAsItIs) {
  const auto start = a_call(1, this->alice, this->bob);
  ASSERT_TRUE(this->commits(start) && this->commits(answered(start)));
  this->add_quality(1, this->alice, {{.at = at(5'000), .rtt_ms = 10}});
  const auto quality = this->load(call_id(1))->row.quality;
  EXPECT_NE(quality, "{}");
  ASSERT_TRUE(this->commits(ended(answered(start))));
  EXPECT_EQ(this->load(call_id(1))->row.quality, quality);
}

// Without a bound, each report would take the one writer longer than the report before.
TYPED_TEST_P(CallArchiveContract, SamplesOfOneUserBeyondTheLimitAreDropped) {
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
TYPED_TEST_P(CallArchiveContract, SamplesAreReadInPages) {
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
TYPED_TEST_P(CallArchiveContract, OldRefusedStartsAndSamplesAreDeletedInBatchesButNotCalls) {
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

TYPED_TEST_P(CallArchiveContract, SamplesOfAnUnknownCallAreDropped) {
  EXPECT_EQ(this->add_quality(9, this->alice, {{.at = at(0), .rtt_ms = 10}}), 0U);
  EXPECT_FALSE(this->load(call_id(9)).has_value());
}

// R-002-26
TYPED_TEST_P(CallArchiveContract, FinishedCallsWithSamplesAreListedNewestFirst) {
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

// R-004-06
TYPED_TEST_P(CallArchiveContract, StoredImageIsShownByItsUrl) {
  using Changed = Expected<account::User, CreateFault>;
  ASSERT_TRUE(this->template answer_of<Changed>(
      [&](auto done) { this->world_.accounts().update(this->alice, {.avatar = "data:image/png;base64,AAAA"}, at(0), done); }));
  this->missed_call(1, this->alice, this->bob, at(0));
  const std::string address = "/user/avatar/" + belfry::to_text(this->alice.value());
  EXPECT_EQ(this->load(call_id(1))->caller().avatar, address);
  EXPECT_EQ(this->history({.user = this->bob}).calls.at(0).caller().avatar, address);
  EXPECT_EQ(this->load(call_id(1))->callee().avatar, "");
}

// I-1 ... I-8
TYPED_TEST_P(CallArchiveContract, SoundDatabaseHasNoViolations) {
  this->missed_call(1, this->alice, this->bob, at(0));
  this->spoken_call(2, this->carol, this->bob, at(100'000), 1'000);
  const auto start = a_call(3, this->alice, this->bob, at(200'000));
  ASSERT_TRUE(this->commits(start) && this->commits(answered(start, at(201'000))));
  ASSERT_TRUE(this->commits(a_call(4, this->carol, this->dan, at(200'000))));
  EXPECT_TRUE(this->violated(at(262'000)).empty());
}

// I-3
TYPED_TEST_P(CallArchiveContract, CallThatRingsPastItsTimeIsAViolation) {
  ASSERT_TRUE(this->commits(a_call(1, this->alice, this->bob)));
  EXPECT_TRUE(this->violated(at(62'000)).empty());
  EXPECT_EQ(this->violated(at(62'001)), std::vector<std::string>{"I-3"});
}

// I-1, I-4, I-6, I-7, I-8, R-001-61
TYPED_TEST_P(CallArchiveContract, DamageByHandIsAViolation) {
  if constexpr (!TestFixture::can_damage) GTEST_SKIP() << "nobody gets behind this store's back";
  const auto id = quoted(call_id(1));
  const std::vector<std::pair<std::string, std::string>> damages = {
      {"I-4",
       "INSERT INTO user_call_slots (\"userId\", \"slotNo\", \"callId\") VALUES (" + quoted(this->dan) + ", 0, " + id + ")"},
      {"I-6", "UPDATE call_audit SET \"type\" = 'reject' WHERE \"callSeq\" = 2 AND \"callId\" = " + id},
      {"I-6", "DELETE FROM call_audit WHERE \"callSeq\" = 3 AND \"callId\" = " + id},
      {"I-7", "DELETE FROM call_audit WHERE \"callSeq\" = 2 AND \"callId\" = " + id},
      {"I-7", "UPDATE calls SET \"version\" = 9 WHERE \"id\" = " + id},
      {"I-8", "UPDATE call_participants SET \"state\" = 'joined' WHERE \"role\" = 'callee' AND \"callId\" = " + id},
      {"I-8", "UPDATE calls SET \"status\" = 'connected', \"duration\" = NULL WHERE \"id\" = " + id},
  };
  for (const auto& [invariant, sql] : damages) {
    this->template found<void>([&](auto done) { this->world_.calls().wipe(done); });
    this->SetUp();
    this->spoken_call(1, this->alice, this->bob, at(0), 1'000);
    ASSERT_TRUE(this->violated().empty());
    this->damage(sql);
    EXPECT_EQ(this->violated(), std::vector<std::string>{invariant}) << sql;
  }
}

// I-1
TYPED_TEST_P(CallArchiveContract, SecondActiveCallInsertedByHandIsAViolation) {
  if constexpr (!TestFixture::can_damage) GTEST_SKIP() << "nobody gets behind this store's back";
  ASSERT_TRUE(this->commits(a_call(1, this->alice, this->bob)));
  this->damage("INSERT INTO calls (\"id\", \"callerId\", \"recipientId\", \"callType\", \"status\", \"createdAt\") VALUES (" +
               quoted(call_id(2)) + ", " + quoted(this->carol) + ", " + quoted(this->bob) + ", 'audio', 'calling', " +
               std::to_string(kNoon) + ")");
  EXPECT_EQ(this->violated(), std::vector<std::string>{"I-1"});
}

// R-001-44
TYPED_TEST_P(CallArchiveContract, RowInsertedByHandIsAnOrdinaryCall) {
  if constexpr (!TestFixture::can_damage) GTEST_SKIP() << "nobody gets behind this store's back";
  this->damage("INSERT INTO calls (\"id\", \"callerId\", \"recipientId\", \"callType\", \"status\", \"createdAt\") VALUES (" +
               quoted(call_id(2)) + ", " + quoted(this->carol) + ", " + quoted(this->bob) + ", 'video', 'calling', " +
               std::to_string(kNoon) + ")");
  const auto call = this->load(call_id(2));
  ASSERT_TRUE(call.has_value());
  EXPECT_EQ(call->row.version, 1U);
  EXPECT_EQ(call->row.media, call::CallType::video);
  EXPECT_EQ(call->row.dialect, call::Dialect::rest);
  EXPECT_EQ(call->row.created, at(0));
  EXPECT_GT(call->row.updated.unix_ms, 0);
  EXPECT_EQ(call->caller().username, "carol");
  const auto overdue =
      this->template found<std::vector<CallId>>([&](auto done) { this->world_.calls().overdue(at(60'001), 10, done); });
  EXPECT_EQ(overdue, this->numbers({2}));
  Transition found;
  found.row = call->row;
  ASSERT_TRUE(this->commits(missed(found)));
  EXPECT_EQ(this->load(call_id(2))->row, missed(found).row);
  EXPECT_TRUE(this->violated().empty());
}

REGISTER_TYPED_TEST_SUITE_P(CallArchiveContract, HistoryHoldsTheUsersCallsInBothRolesAndNoOthers,
                            NewestComeFirstAndEqualTimesAreOrderedById, PagesCoverAllCallsOnceAndReportTheTotal,
                            CursorContinuesAfterTheLastCallAlsoAmongEqualTimes, HistoryIsFilteredByMediaStatusDirectionAndTime,
                            StatisticsCountWhatTheHistoryHolds, StatisticsCoverTheirPeriodFromInclusiveToExclusive,
                            StatisticsByDayUseDaysInUtc, CurrentCallsAreActiveOnesAndThoseThatEndedSince,
                            RefusedStartsAreKeptForBothSidesNewestFirst, AuditIsFoundByUserPeriodAndPosition,
                            SamplesAreStoredAndAggregatedInTheCall, TransitionLeavesTheQualityAsItIs,
                            SamplesOfOneUserBeyondTheLimitAreDropped, SamplesAreReadInPages,
                            OldRefusedStartsAndSamplesAreDeletedInBatchesButNotCalls, SamplesOfAnUnknownCallAreDropped,
                            FinishedCallsWithSamplesAreListedNewestFirst, StoredImageIsShownByItsUrl,
                            SoundDatabaseHasNoViolations, CallThatRingsPastItsTimeIsAViolation, DamageByHandIsAViolation,
                            SecondActiveCallInsertedByHandIsAViolation, RowInsertedByHandIsAnOrdinaryCall);

}  // namespace belfry::store::testing
