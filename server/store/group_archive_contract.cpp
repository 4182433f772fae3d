// The contract of CallArchive for calls of more than two people.

#include "store/archive_fixture_for_tests.hpp"

namespace belfry::store::testing {
namespace {

class GroupArchiveContract : public ArchiveFixture {
 protected:
  /// bob calls alice and carol.
  Transition of_three(std::uint32_t number, WallTime when = at(0)) const {
    return a_group_call(number, bob, {alice, carol}, when);
  }
  std::vector<CallId> current(UserId user, std::optional<WallTime> since = {}) {
    return ids(found<std::vector<StoredCall>>([&](auto done) { world_.archive().current(user, since, done); }));
  }
  Statistics statistics(UserId user) {
    return found<Statistics>([&](auto done) { world_.archive().statistics(user, {}, {}, done); });
  }
};

INSTANTIATE_TEST_SUITE_P(Stores, GroupArchiveContract, ::testing::ValuesIn(stores_under_test()), name_of);

// R-001-70, R-001-72
TEST_P(GroupArchiveContract, IsInTheHistoryOfEachAmongTheirOtherCalls) {
  const auto two = a_call(1, carol, alice, at(0));
  ASSERT_TRUE(commits(two) && commits(missed(two)));
  const auto three = of_three(2, at(100'000));
  ASSERT_TRUE(commits(three) && commits(missed(three, at(160'000))));
  const auto last = a_call(3, alice, carol, at(200'000));
  ASSERT_TRUE(commits(last) && commits(missed(last, at(260'000))));
  EXPECT_EQ(ids(history({.user = bob}).calls), numbers({2}));
  for (const auto& user : {alice, carol}) {
    const auto page = history({.user = user});
    EXPECT_EQ(page.total, 3U);
    ASSERT_EQ(ids(page.calls), numbers({3, 2, 1}));
    EXPECT_EQ(page.calls[1].row, missed(three, at(160'000)).row);
    EXPECT_EQ(names(page.calls[1].people), (std::vector<std::string>{"bob", "alice", "carol"})) << "in the order of the legs";
    const auto second = history({.user = user, .page = {.number = 2, .limit = 1}});
    EXPECT_EQ(ids(second.calls), numbers({2}));
    const auto behind = history({.user = user, .page = {.limit = 2}, .after = Cursor{at(200'000), call_id(3)}});
    EXPECT_EQ(ids(behind.calls), numbers({2, 1}));
  }
  EXPECT_EQ(history({.user = dan}).total, 0U);
}

// R-001-69, R-001-76
TEST_P(GroupArchiveContract, IsIncomingForAllButItsCaller) {
  auto three = of_three(1);
  three.row.media = call::CallType::video;
  ASSERT_TRUE(commits(three) && commits(answered(three)) && commits(ended(answered(three))));
  const auto found = [&](const HistoryQuery& query) {
    const auto page = history(query);
    EXPECT_EQ(page.total, page.calls.size());
    return page.calls.size();
  };
  EXPECT_EQ(found({.user = bob, .direction = Direction::outgoing}), 1U);
  EXPECT_EQ(found({.user = bob, .direction = Direction::incoming}), 0U);
  EXPECT_EQ(statistics(bob).outgoing, 1U);
  for (const auto& user : {alice, carol}) {
    EXPECT_EQ(found({.user = user, .direction = Direction::incoming}), 1U);
    EXPECT_EQ(found({.user = user, .direction = Direction::outgoing}), 0U);
    EXPECT_EQ(found({.user = user, .media = call::CallType::video, .status = call::Status::ended}), 1U);
    EXPECT_EQ(found({.user = user, .media = call::CallType::audio}), 0U);
    EXPECT_EQ(found({.user = user, .status = call::Status::missed}), 0U);
    EXPECT_EQ(found({.user = user, .from = at(0), .to = at(1)}), 1U);
    EXPECT_EQ(found({.user = user, .from = at(1)}), 0U);
    const auto all = statistics(user);
    EXPECT_EQ(all.incoming, 1U);
    EXPECT_EQ(all.total_calls, 1U);
    EXPECT_EQ(all.video_calls, 1U);
    EXPECT_EQ(all.calls_with_duration, 1U);
  }
}

TEST_P(GroupArchiveContract, IsCurrentForEachWhileActiveAndIfItEndedSince) {
  const auto made = of_three(1);
  ASSERT_TRUE(commits(made));
  for (const auto& user : {alice, bob, carol}) EXPECT_EQ(current(user), numbers({1}));
  ASSERT_TRUE(commits(missed(made)));
  for (const auto& user : {alice, bob, carol}) {
    EXPECT_TRUE(current(user).empty());
    EXPECT_EQ(current(user, at(60'000)), numbers({1}));
    EXPECT_TRUE(current(user, at(60'001)).empty());
  }
}

// R-001-60
TEST_P(GroupArchiveContract, AuditIsFoundByEachParticipant) {
  ASSERT_TRUE(commits(of_three(1)));
  for (const auto& [user, records] : {std::pair{alice, 1U}, {bob, 1U}, {carol, 1U}, {dan, 0U}}) {
    const auto entries =
        found<std::vector<AuditEntry>>([&, who = user](auto done) { world_.archive().audit({.user = who}, done); });
    EXPECT_EQ(entries.size(), records);
  }
}

}  // namespace
}  // namespace belfry::store::testing
