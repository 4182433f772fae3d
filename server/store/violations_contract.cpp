// The contract of CallArchive for violated invariants (SPEC I-1 to I-8).

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/must_have.hpp"
#include "store/archive_fixture_for_tests.hpp"

namespace belfry::store::testing {
namespace {

class ViolationsContract : public ArchiveFixture {
 protected:
  std::vector<std::string> violated(WallTime now = at(0)) {
    std::vector<std::string> names;
    for (const auto& each : found<std::vector<Violation>>([&](auto done) { world_.archive().violations(now, done); })) {
      EXPECT_FALSE(each.what.empty());
      names.push_back(each.invariant);
    }
    std::sort(names.begin(), names.end());
    return names;
  }
  void damage(const std::string& sql) { world_.damage(sql); }
};

INSTANTIATE_TEST_SUITE_P(Stores, ViolationsContract, ::testing::ValuesIn(stores_under_test()), name_of);

// I-1 ... I-8
TEST_P(ViolationsContract, SoundDatabaseHasNoViolations) {
  missed_call(1, alice, bob, at(0));
  spoken_call(2, carol, bob, at(100'000), 1'000);
  const auto start = a_call(3, alice, bob, at(200'000));
  ASSERT_TRUE(commits(start) && commits(answered(start, at(201'000))));
  ASSERT_TRUE(commits(a_call(4, carol, dan, at(200'000))));
  EXPECT_TRUE(violated(at(262'000)).empty());
}

// I-3
TEST_P(ViolationsContract, CallThatRingsPastItsTimeIsAViolation) {
  ASSERT_TRUE(commits(a_call(1, alice, bob)));
  EXPECT_TRUE(violated(at(62'000)).empty());
  EXPECT_EQ(violated(at(62'001)), std::vector<std::string>{"I-3"});
}

// I-1, I-4, I-6, I-7, I-8, R-001-61
TEST_P(ViolationsContract, DamageByHandIsAViolation) {
  if (!GetParam().can_damage) GTEST_SKIP() << "nobody gets behind this store's back";
  const auto id = quoted(call_id(1));
  const std::vector<std::pair<std::string, std::string>> damages = {
      {"I-4", "INSERT INTO user_call_slots (\"userId\", \"slotNo\", \"callId\") VALUES (" + quoted(dan) + ", 0, " + id + ")"},
      {"I-6", "UPDATE call_audit SET \"type\" = 'reject' WHERE \"callSeq\" = 2 AND \"callId\" = " + id},
      {"I-6", "DELETE FROM call_audit WHERE \"callSeq\" = 3 AND \"callId\" = " + id},
      {"I-7", "DELETE FROM call_audit WHERE \"callSeq\" = 2 AND \"callId\" = " + id},
      {"I-7", "UPDATE calls SET \"version\" = 9 WHERE \"id\" = " + id},
      {"I-8", "UPDATE call_participants SET \"state\" = 'joined' WHERE \"role\" = 'callee' AND \"callId\" = " + id},
      {"I-8", "UPDATE calls SET \"status\" = 'connected', \"duration\" = NULL WHERE \"id\" = " + id},
  };
  for (const auto& [invariant, sql] : damages) {
    found<void>([&](auto done) { world_.calls().wipe(done); });
    SetUp();
    spoken_call(1, alice, bob, at(0), 1'000);
    ASSERT_TRUE(violated().empty());
    damage(sql);
    EXPECT_EQ(violated(), std::vector<std::string>{invariant}) << sql;
  }
}

TEST_P(ViolationsContract, WordThatIsNotOfItsListIsNotedInTheRow) {
  if (!GetParam().can_damage) GTEST_SKIP() << "nobody gets behind this store's back";
  const auto id = quoted(call_id(1));
  const std::string damages[] = {
      "UPDATE calls SET \"dialect\" = 'semaphore' WHERE \"id\" = " + id,
      "UPDATE calls SET \"endReason\" = 'boredom' WHERE \"id\" = " + id,
      "UPDATE call_participants SET \"state\" = 'asleep' WHERE \"role\" = 'callee' AND \"callId\" = " + id,
  };
  for (const auto& sql : damages) {
    found<void>([&](auto done) { world_.calls().wipe(done); });
    SetUp();
    spoken_call(1, alice, bob, at(0), 1'000);
    EXPECT_FALSE(must_have(load(call_id(1)), "the call").row.unknown_word);
    damage(sql);
    const auto read = must_have(load(call_id(1)), "the call");
    EXPECT_TRUE(read.row.unknown_word) << sql;
    EXPECT_EQ(read.row.legs.size(), 2U) << sql;
  }
}

// I-1
TEST_P(ViolationsContract, SecondActiveCallInsertedByHandIsAViolation) {
  if (!GetParam().can_damage) GTEST_SKIP() << "nobody gets behind this store's back";
  ASSERT_TRUE(commits(a_call(1, alice, bob)));
  damage("INSERT INTO calls (\"id\", \"callerId\", \"recipientId\", \"callType\", \"status\", \"createdAt\") VALUES (" +
         quoted(call_id(2)) + ", " + quoted(carol) + ", " + quoted(bob) + ", 'audio', 'calling', " + std::to_string(kNoon) + ")");
  EXPECT_EQ(violated(), std::vector<std::string>{"I-1"});
}

// R-001-44
TEST_P(ViolationsContract, RowInsertedByHandIsAnOrdinaryCall) {
  if (!GetParam().can_damage) GTEST_SKIP() << "nobody gets behind this store's back";
  damage("INSERT INTO calls (\"id\", \"callerId\", \"recipientId\", \"callType\", \"status\", \"createdAt\") VALUES (" +
         quoted(call_id(2)) + ", " + quoted(carol) + ", " + quoted(bob) + ", 'video', 'calling', " + std::to_string(kNoon) + ")");
  const auto call = load(call_id(2));
  ASSERT_TRUE(call.has_value());
  EXPECT_EQ(call->row.version, 1U);
  EXPECT_EQ(call->row.media, call::CallType::video);
  EXPECT_EQ(call->row.dialect, call::Dialect::rest);
  EXPECT_EQ(call->row.created, at(0));
  EXPECT_GT(call->row.updated.unix_ms, 0);
  EXPECT_EQ(call->caller().username, "carol");
  const auto overdue = found<std::vector<CallId>>([&](auto done) { world_.calls().overdue(at(60'001), 10, done); });
  EXPECT_EQ(overdue, numbers({2}));
  Transition found;
  found.row = call->row;
  ASSERT_TRUE(commits(missed(found)));
  EXPECT_EQ(load(call_id(2))->row, missed(found).row);
  EXPECT_TRUE(violated().empty());
}

}  // namespace
}  // namespace belfry::store::testing
