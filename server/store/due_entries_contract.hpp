// The contract of DueEntries and of the fields of an entry, one suite for every adapter. Needs the World of outbox_contract.hpp,
// with DueEntries& due_entries().
#pragma once

#include <gtest/gtest.h>

#include "store/due_entries.hpp"
#include "store/outbox_contract.hpp"

namespace belfry::store::testing {

template <class World>
class DueEntriesContract : public StoreContract<World> {
 protected:
  void SetUp() override { alice = this->made(1, "alice"), bob = this->made(2, "bob"); }
  OutboxEntry an_entry(std::uint32_t call, std::int64_t due, std::string key = {}) const {
    return {.to = bob, .call = call_id(call), .at = at(0), .kind = OutboxKind::test, .key = std::move(key), .due = at(due)};
  }
  void put(const OutboxEntry& entry) { this->world_.outbox().put(entry); }
  std::vector<OutboxEntry> take(std::int64_t now, std::int64_t until, std::size_t limit = 100,
                                OutboxKind kind = OutboxKind::test) {
    this->world_.settle();
    return this->template found<std::vector<OutboxEntry>>([&](auto done) {
      this->world_.due_entries().take({.kind = kind, .now = at(now), .until = at(until), .limit = limit}, done);
    });
  }
  std::vector<std::string> keys_taken(std::int64_t now, std::int64_t until, std::size_t limit = 100) {
    std::vector<std::string> keys;
    for (const auto& each : take(now, until, limit)) keys.push_back(each.key);
    return keys;
  }
  void remove(std::uint64_t seq) {
    this->template found<void>([&](auto done) { this->world_.due_entries().remove(seq, done); });
  }
  void put_off(const OutboxEntry& entry, std::int64_t due) {
    this->template found<void>(
        [&](auto done) { this->world_.due_entries().put_off({.seq = entry.seq, .tries = entry.tries}, at(due), done); });
  }
  std::vector<OutboxEntry> waiting() {
    this->world_.settle();
    return this->template found<std::vector<OutboxEntry>>([&](auto done) { this->world_.outbox().waiting(0, 100, done); });
  }
  UserId alice, bob;
};

TYPED_TEST_SUITE_P(DueEntriesContract);

TYPED_TEST_P(DueEntriesContract, EntryIsTakenWithAllItsFieldsWhenItIsDue) {
  auto put = this->an_entry(1, 1'000, "phone");
  put.payload = R"({"type":"ring","callerName":"Zoë"})";
  put.expires = at(60'000);
  put.aware = false;
  this->put(put);
  EXPECT_TRUE(this->take(999, 9'000).empty());
  const auto taken = this->take(1'000, 9'000);
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_NE(taken[0].seq, 0U);
  put.seq = taken[0].seq;
  put.due = at(9'000);
  put.tries = 1;
  EXPECT_EQ(taken[0], put);
}

TYPED_TEST_P(DueEntriesContract, ClaimedEntryIsNotTakenAgainUntilTheClaimLapses) {
  this->put(this->an_entry(1, 0));
  ASSERT_EQ(this->take(0, 5'000).size(), 1U);
  EXPECT_TRUE(this->take(4'999, 10'000).empty());
  const auto again = this->take(5'000, 10'000);
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].tries, 2U);
}

TYPED_TEST_P(DueEntriesContract, PostponedEntryIsTakenAtItsNewTime) {
  this->put(this->an_entry(1, 0));
  const auto first = this->take(0, 5'000);
  ASSERT_EQ(first.size(), 1U);
  this->put_off(first[0], 700);
  EXPECT_TRUE(this->take(699, 5'000).empty());
  EXPECT_EQ(this->take(700, 5'700).size(), 1U);
}

TYPED_TEST_P(DueEntriesContract, LapsedClaimCannotPostponeAnEntryThatAnotherHasTaken) {
  this->put(this->an_entry(1, 0));
  const auto slow = this->take(0, 5'000);
  ASSERT_EQ(slow.size(), 1U);
  ASSERT_EQ(this->take(5'000, 10'000).size(), 1U);
  this->put_off(slow[0], 5'001);
  EXPECT_TRUE(this->take(9'999, 15'000).empty());
}

TYPED_TEST_P(DueEntriesContract, RemovedEntryIsGoneAndItsNumberIsNotReused) {
  this->put(this->an_entry(1, 0));
  const auto taken = this->take(0, 5'000);
  ASSERT_EQ(taken.size(), 1U);
  this->remove(taken[0].seq);
  this->remove(taken[0].seq);
  this->put_off(taken[0], 0);
  EXPECT_TRUE(this->take(5'000, 10'000).empty());
  this->put(this->an_entry(1, 0));
  this->remove(taken[0].seq);
  EXPECT_EQ(this->take(0, 5'000).size(), 1U);
}

TYPED_TEST_P(DueEntriesContract, LongestDueEntriesAreTakenFirst) {
  this->put(this->an_entry(1, 300, "late"));
  this->put(this->an_entry(1, 100, "early"));
  this->put(this->an_entry(1, 200, "next"));
  EXPECT_EQ(this->keys_taken(1'000, 9'000, 2), (std::vector<std::string>{"early", "next"}));
  EXPECT_EQ(this->keys_taken(1'000, 9'000, 2), (std::vector<std::string>{"late"}));
}

TYPED_TEST_P(DueEntriesContract, EntriesOfExceptedUsersStayForALaterTake) {
  this->put(this->an_entry(1, 0, "bob's"));
  auto hers = this->an_entry(1, 1, "alice's");
  hers.to = this->alice;
  this->put(hers);
  this->world_.settle();
  const auto taken = this->template found<std::vector<OutboxEntry>>([&](auto done) {
    this->world_.due_entries().take(
        {.kind = OutboxKind::test, .now = at(5), .until = at(9), .limit = 1, .except = {user_id(7), this->bob}}, done);
  });
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0].key, "alice's");
  EXPECT_EQ(this->keys_taken(5, 9), (std::vector<std::string>{"bob's"}));
}

// Each device of a person has its own entry. A retried commit adds no second one.
TYPED_TEST_P(DueEntriesContract, OneEntryIsKeptForEachKindUserCallAndKey) {
  this->put(this->an_entry(1, 0, "phone"));
  this->put(this->an_entry(1, 0, "phone"));
  this->put(this->an_entry(1, 0, "tablet"));
  this->put(this->an_entry(2, 0, "phone"));
  EXPECT_EQ(this->take(0, 5'000).size(), 3U);
}

TYPED_TEST_P(DueEntriesContract, UnheardEndIsNeverTakenAndSettlingItLeavesTimedEntries) {
  this->world_.outbox().put({.to = this->bob, .call = call_id(1), .at = at(0)});
  EXPECT_TRUE(this->take(1'000'000, 2'000'000, 100, OutboxKind::call_end).empty());
  this->put(this->an_entry(1, 0));
  this->put(this->an_entry(2, 0));
  const auto waiting = this->waiting();
  ASSERT_EQ(waiting.size(), 1U);
  EXPECT_EQ(waiting[0].kind, OutboxKind::call_end);
  EXPECT_EQ(waiting[0].due, std::nullopt);
  this->remove(waiting[0].seq);
  EXPECT_EQ(this->waiting().size(), 1U) << "it is settled, not removed";
  this->world_.outbox().settle(this->bob, call_id(1));
  EXPECT_TRUE(this->waiting().empty());
  EXPECT_FALSE(this->template found<bool>([&](auto done) { this->world_.outbox().still_waits(this->bob, call_id(2), done); }));
  EXPECT_EQ(this->take(0, 5'000).size(), 2U);
}

TYPED_TEST_P(DueEntriesContract, CommittedTransitionPutsItsEntriesAndARefusedOneNone) {
  auto made = a_call(1, this->alice, this->bob);
  made.outbox = {this->an_entry(1, 0, "phone"), this->an_entry(1, 0, "tablet")};
  ASSERT_TRUE(this->commits(made));
  auto taken = answered(made);
  taken.outbox = {this->an_entry(1, 0, "cancel")};
  ASSERT_TRUE(this->commits(taken));
  auto busy = a_call(2, this->alice, this->bob);
  busy.outbox = {this->an_entry(2, 0, "phone")};
  EXPECT_FALSE(this->commits(busy));
  EXPECT_EQ(this->keys_taken(0, 5'000), (std::vector<std::string>{"phone", "tablet", "cancel"}));
}

// A call with an open push is not one whose end waits (CallArchive::current).
TYPED_TEST_P(DueEntriesContract, TimedEntryDoesNotKeepAnEndedCallCurrent) {
  const auto made = a_call(1, this->alice, this->bob);
  ASSERT_TRUE(this->commits(made));
  auto over = missed(made);
  over.outbox = {this->an_entry(1, 0)};
  ASSERT_TRUE(this->commits(over));
  const auto current = this->template found<std::vector<StoredCall>>(
      [&](auto done) { this->world_.archive().current(this->bob, at(1'000'000), done); });
  EXPECT_TRUE(current.empty());
}

// A statement without a bound that once took too long would never succeed again.
TYPED_TEST_P(DueEntriesContract, OldEntriesOfEveryKindAreDeletedAFewAtATime) {
  for (const char* key : {"old", "older", "oldest"}) {
    auto old = this->an_entry(1, 0, key);
    old.at = at(-1);
    this->put(old);
  }
  this->put(this->an_entry(1, 0, "new"));
  this->world_.outbox().forget_before(at(0), 2);
  EXPECT_EQ(this->keys_taken(0, 0).size(), 2U);
  this->world_.outbox().forget_before(at(0), 2);
  EXPECT_EQ(this->keys_taken(0, 5'000), (std::vector<std::string>{"new"}));
}

REGISTER_TYPED_TEST_SUITE_P(DueEntriesContract, EntryIsTakenWithAllItsFieldsWhenItIsDue,
                            ClaimedEntryIsNotTakenAgainUntilTheClaimLapses, PostponedEntryIsTakenAtItsNewTime,
                            LapsedClaimCannotPostponeAnEntryThatAnotherHasTaken, RemovedEntryIsGoneAndItsNumberIsNotReused,
                            LongestDueEntriesAreTakenFirst, EntriesOfExceptedUsersStayForALaterTake,
                            OneEntryIsKeptForEachKindUserCallAndKey, UnheardEndIsNeverTakenAndSettlingItLeavesTimedEntries,
                            CommittedTransitionPutsItsEntriesAndARefusedOneNone, TimedEntryDoesNotKeepAnEndedCallCurrent,
                            OldEntriesOfEveryKindAreDeletedAFewAtATime);

}  // namespace belfry::store::testing
