// The contract of CallArchive for history, statistics, refused starts and audit, one suite for every adapter (store_contract.hpp
// explains World).
#pragma once

#include <gtest/gtest.h>

#include "store/archive_fixture_for_tests.hpp"
#include "store/audit_verify.hpp"

namespace belfry::store::testing {

template <class World>
class CallArchiveContract : public ArchiveFixture<World> {
 protected:
  Statistics statistics(UserId user, std::optional<WallTime> from = {}, std::optional<WallTime> to = {}) {
    return this->template found<Statistics>([&](auto done) { this->world_.archive().statistics(user, from, to, done); });
  }
  std::vector<CallId> current(UserId user, std::optional<WallTime> since = {}) {
    return this->ids(
        this->template found<std::vector<StoredCall>>([&](auto done) { this->world_.archive().current(user, since, done); }));
  }
  std::vector<AuditEntry> audit(const AuditQuery& query) {
    return this->template found<std::vector<AuditEntry>>([&](auto done) { this->world_.archive().audit(query, done); });
  }
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

REGISTER_TYPED_TEST_SUITE_P(CallArchiveContract, HistoryHoldsTheUsersCallsInBothRolesAndNoOthers,
                            NewestComeFirstAndEqualTimesAreOrderedById, PagesCoverAllCallsOnceAndReportTheTotal,
                            CursorContinuesAfterTheLastCallAlsoAmongEqualTimes, HistoryIsFilteredByMediaStatusDirectionAndTime,
                            StatisticsCountWhatTheHistoryHolds, StatisticsCoverTheirPeriodFromInclusiveToExclusive,
                            StatisticsByDayUseDaysInUtc, CurrentCallsAreActiveOnesAndThoseThatEndedSince,
                            RefusedStartsAreKeptForBothSidesNewestFirst, AuditIsFoundByUserPeriodAndPosition,
                            StoredImageIsShownByItsUrl);

}  // namespace belfry::store::testing
