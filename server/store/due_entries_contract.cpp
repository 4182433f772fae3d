// The contract of DueEntries and of the fields of an entry.

#include <gtest/gtest.h>

#include "store/contract_suite.hpp"
#include "store/due_entries.hpp"
#include "store/nodes.hpp"
#include "store/outbox.hpp"

namespace belfry::store::testing {
namespace {

class DueEntriesContract : public ContractSuite {
 protected:
  void SetUp() override { alice = made(1, "alice"), bob = made(2, "bob"); }
  OutboxEntry an_entry(std::uint32_t call, std::int64_t due, std::string key = {}) const {
    return {.to = bob, .call = call_id(call), .at = at(0), .kind = OutboxKind::test, .key = std::move(key), .due = at(due)};
  }
  void put(const OutboxEntry& entry) {
    found<void>([&](auto done) { world_.outbox().put(entry, done); });
  }
  std::vector<OutboxEntry> take(std::int64_t now, std::int64_t until, std::size_t limit = 100,
                                OutboxKind kind = OutboxKind::test) {
    world_.settle();
    return found<std::vector<OutboxEntry>>(
        [&](auto done) { world_.due_entries().take({.kind = kind, .now = at(now), .until = at(until), .limit = limit}, done); });
  }
  std::vector<std::string> keys_taken(std::int64_t now, std::int64_t until, std::size_t limit = 100) {
    std::vector<std::string> keys;
    for (const auto& each : take(now, until, limit)) keys.push_back(each.key);
    return keys;
  }
  void remove(std::uint64_t seq) {
    found<void>([&](auto done) { world_.due_entries().remove(seq, done); });
  }
  void put_off(const OutboxEntry& entry, std::int64_t due) {
    found<void>([&](auto done) { world_.due_entries().put_off({.seq = entry.seq, .tries = entry.tries}, at(due), done); });
  }
  std::size_t released() {
    return found<TakenOver>([&](auto done) { world_.nodes().take_over(100, Silence::means_gone, done); }).released;
  }
  std::vector<OutboxEntry> waiting() {
    world_.settle();
    return found<std::vector<OutboxEntry>>([&](auto done) { world_.outbox().waiting(0, 100, done); });
  }
  UserId alice, bob;
};

INSTANTIATE_TEST_SUITE_P(Stores, DueEntriesContract, ::testing::ValuesIn(stores_under_test()), name_of);

TEST_P(DueEntriesContract, EntryIsTakenWithAllItsFieldsWhenItIsDue) {
  auto put = an_entry(1, 1'000, "phone");
  put.payload = R"({"type":"ring","callerName":"Zoë"})";
  put.expires = at(60'000);
  put.aware = false;
  this->put(put);
  EXPECT_TRUE(take(999, 9'000).empty());
  const auto taken = take(1'000, 9'000);
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_NE(taken[0].seq, 0U);
  put.seq = taken[0].seq;
  put.due = at(9'000);
  put.tries = 1;
  EXPECT_EQ(taken[0], put);
}

TEST_P(DueEntriesContract, ClaimedEntryIsNotTakenAgainUntilTheClaimLapses) {
  put(an_entry(1, 0));
  ASSERT_EQ(take(0, 5'000).size(), 1U);
  EXPECT_TRUE(take(4'999, 10'000).empty());
  const auto again = take(5'000, 10'000);
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].tries, 2U);
}

TEST_P(DueEntriesContract, PostponedEntryIsTakenAtItsNewTime) {
  put(an_entry(1, 0));
  const auto first = take(0, 5'000);
  ASSERT_EQ(first.size(), 1U);
  put_off(first[0], 700);
  EXPECT_TRUE(take(699, 5'000).empty());
  EXPECT_EQ(take(700, 5'700).size(), 1U);
}

TEST_P(DueEntriesContract, LapsedClaimCannotPostponeAnEntryThatAnotherHasTaken) {
  put(an_entry(1, 0));
  const auto slow = take(0, 5'000);
  ASSERT_EQ(slow.size(), 1U);
  ASSERT_EQ(take(5'000, 10'000).size(), 1U);
  put_off(slow[0], 5'001);
  EXPECT_TRUE(take(9'999, 15'000).empty());
}

TEST_P(DueEntriesContract, RemovedEntryIsGoneAndItsNumberIsNotReused) {
  put(an_entry(1, 0));
  const auto taken = take(0, 5'000);
  ASSERT_EQ(taken.size(), 1U);
  remove(taken[0].seq);
  remove(taken[0].seq);
  put_off(taken[0], 0);
  EXPECT_TRUE(take(5'000, 10'000).empty());
  put(an_entry(1, 0));
  remove(taken[0].seq);
  EXPECT_EQ(take(0, 5'000).size(), 1U);
}

TEST_P(DueEntriesContract, LongestDueEntriesAreTakenFirst) {
  put(an_entry(1, 300, "late"));
  put(an_entry(1, 100, "early"));
  put(an_entry(1, 200, "next"));
  EXPECT_EQ(keys_taken(1'000, 9'000, 2), (std::vector<std::string>{"early", "next"}));
  EXPECT_EQ(keys_taken(1'000, 9'000, 2), (std::vector<std::string>{"late"}));
}

TEST_P(DueEntriesContract, EntriesOfExceptedUsersStayForALaterTake) {
  put(an_entry(1, 0, "bob's"));
  auto hers = an_entry(1, 1, "alice's");
  hers.to = alice;
  put(hers);
  world_.settle();
  const auto taken = found<std::vector<OutboxEntry>>([&](auto done) {
    world_.due_entries().take({.kind = OutboxKind::test, .now = at(5), .until = at(9), .limit = 1, .except = {user_id(7), bob}},
                              done);
  });
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0].key, "alice's");
  EXPECT_EQ(keys_taken(5, 9), (std::vector<std::string>{"bob's"}));
}

// Each device of a person has its own entry. A retried commit adds no second one.
TEST_P(DueEntriesContract, OneEntryIsKeptForEachKindUserCallAndKey) {
  put(an_entry(1, 0, "phone"));
  put(an_entry(1, 0, "phone"));
  put(an_entry(1, 0, "tablet"));
  put(an_entry(2, 0, "phone"));
  EXPECT_EQ(take(0, 5'000).size(), 3U);
}

TEST_P(DueEntriesContract, UnheardEndIsNeverTakenAndSettlingItLeavesTimedEntries) {
  put({.to = bob, .call = call_id(1), .at = at(0)});
  EXPECT_TRUE(take(1'000'000, 2'000'000, 100, OutboxKind::call_end).empty());
  put(an_entry(1, 0));
  put(an_entry(2, 0));
  const auto waiting = this->waiting();
  ASSERT_EQ(waiting.size(), 1U);
  EXPECT_EQ(waiting[0].kind, OutboxKind::call_end);
  EXPECT_EQ(waiting[0].due, std::nullopt);
  remove(waiting[0].seq);
  EXPECT_EQ(this->waiting().size(), 1U) << "it is settled, not removed";
  world_.outbox().settle(bob, call_id(1));
  EXPECT_TRUE(this->waiting().empty());
  EXPECT_FALSE(found<bool>([&](auto done) { world_.outbox().still_waits(bob, call_id(2), done); }));
  EXPECT_EQ(take(0, 5'000).size(), 2U);
}

TEST_P(DueEntriesContract, CommittedTransitionPutsItsEntriesAndARefusedOneNone) {
  auto made = a_call(1, alice, bob);
  made.outbox = {an_entry(1, 0, "phone"), an_entry(1, 0, "tablet")};
  ASSERT_TRUE(commits(made));
  auto taken = answered(made);
  taken.outbox = {an_entry(1, 0, "cancel")};
  ASSERT_TRUE(commits(taken));
  auto busy = a_call(2, alice, bob);
  busy.outbox = {an_entry(2, 0, "phone")};
  EXPECT_FALSE(commits(busy));
  EXPECT_EQ(keys_taken(0, 5'000), (std::vector<std::string>{"phone", "tablet", "cancel"}));
}

// A call with an open push is not one whose end waits (CallArchive::current).
TEST_P(DueEntriesContract, TimedEntryDoesNotKeepAnEndedCallCurrent) {
  const auto made = a_call(1, alice, bob);
  ASSERT_TRUE(commits(made));
  auto over = missed(made);
  over.outbox = {an_entry(1, 0)};
  ASSERT_TRUE(commits(over));
  const auto current = found<std::vector<StoredCall>>([&](auto done) { world_.archive().current(bob, at(1'000'000), done); });
  EXPECT_TRUE(current.empty());
}

// A statement without a bound that once took too long would never succeed again.
TEST_P(DueEntriesContract, OldEntriesOfEveryKindAreDeletedAFewAtATime) {
  for (const char* key : {"old", "older", "oldest"}) {
    auto old = an_entry(1, 0, key);
    old.at = at(-1);
    put(old);
  }
  put(an_entry(1, 0, "new"));
  world_.outbox().forget_before(at(0), 2);
  EXPECT_EQ(keys_taken(0, 0).size(), 2U);
  world_.outbox().forget_before(at(0), 2);
  EXPECT_EQ(keys_taken(0, 5'000), (std::vector<std::string>{"new"}));
}

TEST_P(DueEntriesContract, ClaimOfALivingServerIsNotReleased) {
  put(an_entry(1, 0));
  world_.nodes().heartbeat(at(0));
  ASSERT_EQ(take(0, 20'000).size(), 1U);
  EXPECT_EQ(released(), 0U);
  EXPECT_TRUE(take(19'999, 30'000).empty());
}

/// What a server finds that starts after another one. Not for a store that is lost with its process.
class DueEntriesSuccessionContract : public DueEntriesContract {};

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(DueEntriesSuccessionContract);
INSTANTIATE_TEST_SUITE_P(Stores, DueEntriesSuccessionContract, ::testing::ValuesIn(stores_that_restart()), name_of);

// X-25, J-6.6: a ring of 30 s must not wait for the claim of a dead server to lapse.
TEST_P(DueEntriesSuccessionContract, ClaimsOfADeadServerAreReleasedAndWhatItPutOffKeepsItsTime) {
  for (const char* key : {"under way", "put off", "again under way"}) put(an_entry(1, 0, key));
  world_.nodes().heartbeat(at(0));
  const auto first = take(0, 20'000);
  ASSERT_EQ(first.size(), 3U);
  put_off(first[1], 15'000);
  put_off(first[2], 0);
  ASSERT_EQ(keys_taken(0, 20'000), (std::vector<std::string>{"again under way"}));
  world_.restart();
  EXPECT_TRUE(take(1, 30'000).empty());
  EXPECT_EQ(released(), 2U);
  EXPECT_EQ(released(), 0U) << "once";
  const auto again = take(1, 30'000);
  ASSERT_EQ(again.size(), 2U);
  EXPECT_EQ(again[0].key, "under way");
  EXPECT_EQ(again[0].tries, 2U) << "the try that was lost counts";
  EXPECT_TRUE(take(14'999, 30'000).empty());
  EXPECT_EQ(keys_taken(15'000, 30'000), (std::vector<std::string>{"put off"}));
}

// The clock of the next server may be behind.
TEST_P(DueEntriesSuccessionContract, ReleasedEntryIsDueWhateverTheTimeIs) {
  put(an_entry(1, 0));
  world_.nodes().heartbeat(at(0));
  ASSERT_EQ(take(0, 20'000).size(), 1U);
  world_.restart();
  EXPECT_EQ(released(), 1U);
  EXPECT_EQ(take(-9'000, 11'000).size(), 1U);
}

TEST_P(DueEntriesSuccessionContract, TriesThatAnOrderlyStopCutOffAreDueForTheNextServer) {
  put(an_entry(1, 0));
  ASSERT_EQ(take(0, 20'000).size(), 1U);
  world_.nodes().stopped(at(1));
  world_.settle();
  world_.restart();
  static_cast<void>(released());
  EXPECT_EQ(take(1, 20'000).size(), 1U);
}

}  // namespace
}  // namespace belfry::store::testing
