// The contract of CallArchive for violated invariants (SPEC I-1 to I-8), one suite for every adapter (store_contract.hpp explains
// World).
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "store/archive_fixture_for_tests.hpp"

namespace belfry::store::testing {

template <class World>
class ViolationsContract : public ArchiveFixture<World> {
 protected:
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
};

TYPED_TEST_SUITE_P(ViolationsContract);

// I-1 ... I-8
TYPED_TEST_P(ViolationsContract, SoundDatabaseHasNoViolations) {
  this->missed_call(1, this->alice, this->bob, at(0));
  this->spoken_call(2, this->carol, this->bob, at(100'000), 1'000);
  const auto start = a_call(3, this->alice, this->bob, at(200'000));
  ASSERT_TRUE(this->commits(start) && this->commits(answered(start, at(201'000))));
  ASSERT_TRUE(this->commits(a_call(4, this->carol, this->dan, at(200'000))));
  EXPECT_TRUE(this->violated(at(262'000)).empty());
}

// I-3
TYPED_TEST_P(ViolationsContract, CallThatRingsPastItsTimeIsAViolation) {
  ASSERT_TRUE(this->commits(a_call(1, this->alice, this->bob)));
  EXPECT_TRUE(this->violated(at(62'000)).empty());
  EXPECT_EQ(this->violated(at(62'001)), std::vector<std::string>{"I-3"});
}

// I-1, I-4, I-6, I-7, I-8, R-001-61
TYPED_TEST_P(ViolationsContract, DamageByHandIsAViolation) {
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
TYPED_TEST_P(ViolationsContract, SecondActiveCallInsertedByHandIsAViolation) {
  if constexpr (!TestFixture::can_damage) GTEST_SKIP() << "nobody gets behind this store's back";
  ASSERT_TRUE(this->commits(a_call(1, this->alice, this->bob)));
  this->damage("INSERT INTO calls (\"id\", \"callerId\", \"recipientId\", \"callType\", \"status\", \"createdAt\") VALUES (" +
               quoted(call_id(2)) + ", " + quoted(this->carol) + ", " + quoted(this->bob) + ", 'audio', 'calling', " +
               std::to_string(kNoon) + ")");
  EXPECT_EQ(this->violated(), std::vector<std::string>{"I-1"});
}

// R-001-44
TYPED_TEST_P(ViolationsContract, RowInsertedByHandIsAnOrdinaryCall) {
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

REGISTER_TYPED_TEST_SUITE_P(ViolationsContract, SoundDatabaseHasNoViolations, CallThatRingsPastItsTimeIsAViolation,
                            DamageByHandIsAViolation, SecondActiveCallInsertedByHandIsAViolation,
                            RowInsertedByHandIsAnOrdinaryCall);

}  // namespace belfry::store::testing
