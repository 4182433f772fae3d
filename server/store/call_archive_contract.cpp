// The contract of CallArchive for history, statistics, refused starts and audit.

#include <gtest/gtest.h>

#include "store/archive_fixture_for_tests.hpp"
#include "store/audit_verify.hpp"

namespace belfry::store::testing {
namespace {

class CallArchiveContract : public ArchiveFixture {
 protected:
  Statistics statistics(UserId user, std::optional<WallTime> from = {}, std::optional<WallTime> to = {}) {
    return found<Statistics>([&](auto done) { world_.archive().statistics(user, from, to, done); });
  }
  std::vector<CallId> current(UserId user, std::optional<WallTime> since = {}) {
    return ids(found<std::vector<StoredCall>>([&](auto done) { world_.archive().current(user, since, done); }));
  }
  std::vector<AuditEntry> audit(const AuditQuery& query) {
    return found<std::vector<AuditEntry>>([&](auto done) { world_.archive().audit(query, done); });
  }
};

INSTANTIATE_TEST_SUITE_P(Stores, CallArchiveContract, ::testing::ValuesIn(stores_under_test()), name_of);

// R-001-70, R-001-71
TEST_P(CallArchiveContract, HistoryHoldsTheUsersCallsInBothRolesAndNoOthers) {
  missed_call(1, alice, bob, at(1'000));
  missed_call(2, carol, alice, at(2'000));
  missed_call(3, carol, bob, at(3'000));
  const auto page = history({.user = alice});
  EXPECT_EQ(page.total, 2U);
  EXPECT_EQ(ids(page.calls), numbers({2, 1}));
  EXPECT_EQ(page.calls[0].caller().username, "carol");
  EXPECT_EQ(page.calls[0].callee().username, "alice");
  EXPECT_EQ(history({.user = dan}).total, 0U);
}

// R-001-72
TEST_P(CallArchiveContract, NewestComeFirstAndEqualTimesAreOrderedById) {
  missed_call(2, alice, bob, at(1'000));
  missed_call(3, bob, alice, at(1'000));
  missed_call(1, alice, carol, at(1'000));
  missed_call(4, alice, carol, at(500));
  EXPECT_EQ(ids(history({.user = alice}).calls), numbers({3, 2, 1, 4}));
}

// R-001-73, R-001-74
TEST_P(CallArchiveContract, PagesCoverAllCallsOnceAndReportTheTotal) {
  for (std::uint32_t number = 1; number <= 25; ++number)
    missed_call(number, number % 2 == 0 ? alice : bob, number % 2 == 0 ? bob : alice, at(number));
  EXPECT_EQ(history({.user = alice}).calls.size(), 20U);
  std::vector<CallId> all;
  for (std::uint32_t number = 1; number <= 3; ++number) {
    const auto page = history({.user = alice, .page = {.number = number, .limit = 10}});
    EXPECT_EQ(page.total, 25U);
    for (const auto& id : ids(page.calls)) all.push_back(id);
  }
  ASSERT_EQ(all.size(), 25U);
  for (std::uint32_t i = 0; i < 25; ++i) EXPECT_EQ(all[i], call_id(25 - i));
  const auto past_the_end = history({.user = alice, .page = {.number = 4, .limit = 10}});
  EXPECT_TRUE(past_the_end.calls.empty());
  EXPECT_EQ(past_the_end.total, 25U);
}

// SPEC 2.1: cursor
TEST_P(CallArchiveContract, CursorContinuesAfterTheLastCallAlsoAmongEqualTimes) {
  for (std::uint32_t number = 1; number <= 5; ++number) missed_call(number, alice, bob, at(7));
  HistoryQuery query{.user = bob, .page = {.limit = 2}};
  auto page = history(query);
  EXPECT_EQ(ids(page.calls), numbers({5, 4}));
  query.after = Cursor{page.calls.back().row.created, page.calls.back().row.id};
  page = history(query);
  EXPECT_EQ(ids(page.calls), numbers({3, 2}));
  EXPECT_EQ(page.total, 5U);
  query.after = Cursor{page.calls.back().row.created, page.calls.back().row.id};
  EXPECT_EQ(ids(history(query).calls), numbers({1}));
}

// R-001-69, R-001-77
TEST_P(CallArchiveContract, HistoryIsFilteredByMediaStatusDirectionAndTime) {
  missed_call(1, alice, bob, at(1'000), call::CallType::video);
  missed_call(2, bob, alice, at(2'000));
  spoken_call(3, alice, carol, at(3'000), 5'000);
  const auto found = [&](const HistoryQuery& query) {
    const auto page = history(query);
    EXPECT_EQ(page.total, page.calls.size());
    return ids(page.calls);
  };
  const auto user = alice;
  EXPECT_EQ(found({.user = user, .media = call::CallType::video}), numbers({1}));
  EXPECT_EQ(found({.user = user, .media = call::CallType::audio}), numbers({3, 2}));
  EXPECT_EQ(found({.user = user, .status = call::Status::ended}), numbers({3}));
  EXPECT_EQ(found({.user = user, .status = call::Status::missed}), numbers({2, 1}));
  EXPECT_EQ(found({.user = user, .direction = Direction::outgoing}), numbers({3, 1}));
  EXPECT_EQ(found({.user = user, .direction = Direction::incoming}), numbers({2}));
  EXPECT_EQ(found({.user = user, .from = at(2'000)}), numbers({3, 2}));
  EXPECT_EQ(found({.user = user, .to = at(2'000)}), numbers({1}));
  EXPECT_EQ(
      found({.user = user, .status = call::Status::missed, .direction = Direction::outgoing, .from = at(0), .to = at(9'000)}),
      numbers({1}));
  EXPECT_TRUE(found({.user = user, .media = call::CallType::video, .status = call::Status::ended}).empty());
}

// R-001-76, SPEC 2.8.16, C-26
TEST_P(CallArchiveContract, StatisticsCountWhatTheHistoryHolds) {
  missed_call(1, alice, bob, at(1'000), call::CallType::video);
  missed_call(2, bob, alice, at(2'000));
  spoken_call(3, alice, carol, at(3'000), 60'999);
  spoken_call(4, carol, alice, at(100'000), 400);
  const auto start = a_call(5, dan, alice, at(200'000));
  ASSERT_TRUE(commits(start));
  ASSERT_TRUE(commits(finished(start, call::Status::rejected, call::EndReason::declined, at(201'000))));
  missed_call(6, carol, bob, at(300'000));
  const Statistics expected{.total_calls = 5,
                            .missed_calls = 2,
                            .rejected_calls = 1,
                            .incoming = 3,
                            .outgoing = 2,
                            .audio_calls = 4,
                            .video_calls = 1,
                            .total_duration = 60,
                            .calls_with_duration = 2};
  EXPECT_EQ(statistics(alice), expected);
  EXPECT_EQ(statistics(dan).total_calls, 1U);
  EXPECT_EQ(statistics(user_id(99)), Statistics{});
}

// R-001-77
TEST_P(CallArchiveContract, StatisticsCoverTheirPeriodFromInclusiveToExclusive) {
  missed_call(1, alice, bob, at(1'000));
  missed_call(2, alice, bob, at(2'000));
  missed_call(3, alice, bob, at(3'000));
  EXPECT_EQ(statistics(alice, at(2'000), at(3'000)).total_calls, 1U);
  EXPECT_EQ(statistics(alice, at(2'000)).total_calls, 2U);
  EXPECT_EQ(statistics(alice, {}, at(3'000)).total_calls, 2U);
}

TEST_P(CallArchiveContract, StatisticsByDayUseDaysInUtc) {
  constexpr std::int64_t kHour = 3'600'000;
  missed_call(1, alice, bob, at(0));
  missed_call(2, bob, alice, at(12 * kHour - 1));
  spoken_call(3, alice, bob, at(12 * kHour), 2'000);
  const auto days =
      found<std::vector<DayStatistics>>([&](auto done) { world_.archive().statistics_by_day(alice, {}, {}, done); });
  ASSERT_EQ(days.size(), 2U);
  EXPECT_EQ(days[0].day, "2026-11-21");
  EXPECT_EQ(days[0].statistics.total_calls, 2U);
  EXPECT_EQ(days[0].statistics.incoming, 1U);
  EXPECT_EQ(days[1].day, "2026-11-22");
  EXPECT_EQ(days[1].statistics.total_duration, 2U);
}

TEST_P(CallArchiveContract, CurrentCallsAreActiveOnesAndThoseThatEndedSince) {
  missed_call(1, alice, bob, at(0));          // ended at 60 000
  missed_call(2, carol, alice, at(100'000));  // ended at 160 000
  ASSERT_TRUE(commits(a_call(3, alice, carol, at(200'000))));
  EXPECT_EQ(current(alice), numbers({3}));
  EXPECT_EQ(current(alice, at(160'000)), numbers({3, 2}));
  EXPECT_EQ(current(alice, at(160'001)), numbers({3}));
  EXPECT_EQ(current(alice, at(0)), numbers({3, 2, 1}));
  EXPECT_EQ(current(bob), numbers({}));
}

// T-03, T-04
TEST_P(CallArchiveContract, RefusedStartsAreKeptForBothSidesNewestFirst) {
  const Attempt busy{.id = uuid(9, 1), .caller = alice, .callee = bob, .reason = "busy", .at = at(1)};
  const Attempt away{
      .id = uuid(9, 2), .caller = bob, .callee = alice, .media = call::CallType::video, .reason = "unreachable", .at = at(2)};
  world_.calls().record_attempt(busy);
  world_.calls().record_attempt(away);
  world_.settle();
  const auto list = [&](UserId user, Page page) {
    return found<std::vector<AttemptEntry>>([&](auto done) { world_.archive().attempts(user, page, done); });
  };
  const auto all = list(alice, {});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].attempt, away);
  EXPECT_EQ(all[0].caller.username, "bob");
  EXPECT_EQ(all[0].callee.username, "alice");
  EXPECT_EQ(all[1].attempt, busy);
  EXPECT_EQ(list(bob, {.number = 2, .limit = 1}).size(), 1U);
  EXPECT_TRUE(list(carol, {}).empty());
}

// R-001-60
TEST_P(CallArchiveContract, AuditIsFoundByUserPeriodAndPosition) {
  missed_call(1, alice, bob, at(0));
  missed_call(2, carol, bob, at(100'000));
  const auto all = audit({});
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(audit({.call = call_id(2)}).size(), 2U);
  EXPECT_EQ(audit({.user = alice}).size(), 2U);
  EXPECT_EQ(audit({.user = bob}).size(), 4U);
  EXPECT_EQ(audit({.user = dan}).size(), 0U);
  EXPECT_EQ(audit({.from = at(60'000), .to = at(160'000)}).size(), 2U);
  EXPECT_EQ(audit({.user = bob, .from = at(100'000)}).size(), 2U);
  const auto rest = audit({.after_seq = all[0].seq, .limit = 2});
  ASSERT_EQ(rest.size(), 2U);
  EXPECT_EQ(rest[0].seq, all[1].seq);
  EXPECT_EQ(rest[0].record, all[1].record);
  EXPECT_TRUE(verify_audit(audit({.call = call_id(1)}), load(call_id(1))->row.tip));
}

// R-004-06
TEST_P(CallArchiveContract, StoredImageIsShownByItsUrl) {
  using Changed = Expected<UpdatedUser, CreateFault>;
  ASSERT_TRUE(answer_of<Changed>(
      [&](auto done) { world_.accounts().update(alice, {.avatar = "data:image/png;base64,AAAA"}, at(0), done); }));
  missed_call(1, alice, bob, at(0));
  const std::string address = "/user/avatar/" + belfry::to_text(alice.value());
  EXPECT_EQ(load(call_id(1))->caller().avatar, address);
  EXPECT_EQ(history({.user = bob}).calls.at(0).caller().avatar, address);
  EXPECT_EQ(load(call_id(1))->callee().avatar, account::kDefaultAvatar);
}

}  // namespace
}  // namespace belfry::store::testing
