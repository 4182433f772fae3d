// The contract of Outbox and Nodes.

#include <gtest/gtest.h>

#include "store/contract_suite.hpp"
#include "store/nodes.hpp"
#include "store/outbox.hpp"

namespace belfry::store::testing {
namespace {

class OutboxContract : public ContractSuite {
 protected:
  void SetUp() override { alice = made(1, "alice"), bob = made(2, "bob"); }
  std::vector<OutboxEntry> waiting(std::uint64_t after = 0, std::size_t limit = 100) {
    world_.settle();
    return found<std::vector<OutboxEntry>>([&](auto done) { world_.outbox().waiting(after, limit, done); });
  }
  bool still_waits(UserId to, std::uint32_t call) {
    return found<bool>([&](auto done) { world_.outbox().still_waits(to, call_id(call), done); });
  }
  std::vector<StoredCall> current(UserId user, std::optional<WallTime> ended_since) {
    return found<std::vector<StoredCall>>([&](auto done) { world_.archive().current(user, ended_since, done); });
  }
  TakenOver take_over() {
    return found<TakenOver>([&](auto done) { world_.nodes().take_over(100, Silence::means_gone, done); });
  }
  std::optional<Committed> fate(const Transition& step) {
    return found<std::optional<Committed>>([&](auto done) {
      world_.calls().fate({.call = step.row.id, .version = step.row.version, .hash = step.record.hash}, done);
    });
  }
  void put(const OutboxEntry& entry) {
    found<void>([&](auto done) { world_.outbox().put(entry, done); });
  }
  /// A call that nobody answered, ended at `when`.
  void misses_a_call(std::uint32_t number, WallTime when) {
    const auto made = a_call(number, alice, bob, when - std::chrono::minutes{1});
    ASSERT_TRUE(commits(made));
    ASSERT_TRUE(commits(missed(made, when)));
  }
  /// An end of which bob, who is away, has not been notified.
  Transition ended_without_bob(std::uint32_t number) {
    auto last = ended(answered(a_call(number, alice, bob)));
    last.outbox.push_back({.to = bob, .call = call_id(number), .aware = false, .at = at(64'900)});
    return last;
  }
  UserId alice, bob;
};

INSTANTIATE_TEST_SUITE_P(Stores, OutboxContract, ::testing::ValuesIn(stores_under_test()), name_of);

//
TEST_P(OutboxContract, EntryComesWithItsTransitionAndWaitsUntilItIsSettled) {
  ASSERT_TRUE(commits(a_call(1, alice, bob)));
  ASSERT_TRUE(commits(answered(a_call(1, alice, bob))));
  EXPECT_TRUE(this->waiting().empty());
  ASSERT_TRUE(commits(ended_without_bob(1)));
  const auto waiting = this->waiting();
  ASSERT_EQ(waiting.size(), 1U);
  EXPECT_EQ(waiting[0].to, bob);
  EXPECT_EQ(waiting[0].call, call_id(1));
  EXPECT_FALSE(waiting[0].aware);
  EXPECT_EQ(waiting[0].at, at(64'900));
  world_.outbox().settle(alice, call_id(1));  // has none
  EXPECT_EQ(this->waiting().size(), 1U);
  EXPECT_TRUE(still_waits(bob, 1));
  EXPECT_FALSE(still_waits(alice, 1));
  EXPECT_FALSE(still_waits(bob, 2));
  world_.outbox().settle(bob, call_id(1));
  EXPECT_TRUE(this->waiting().empty());
  EXPECT_FALSE(still_waits(bob, 1));
}

TEST_P(OutboxContract, RefusedTransitionPutsNoEntry) {
  ASSERT_TRUE(commits(a_call(1, alice, bob)));
  EXPECT_FALSE(commits(ended_without_bob(1))) << "of a version that is not there";
  EXPECT_TRUE(waiting().empty());
}

TEST_P(OutboxContract, WaitingEntriesAreReadInOrderAndInPages) {
  for (std::uint32_t number = 1; number <= 3; ++number) put({.to = bob, .call = call_id(number), .at = at(number)});
  put({.to = bob, .call = call_id(2), .at = at(9)});  // is there already
  const auto first = waiting(0, 2);
  ASSERT_EQ(first.size(), 2U);
  const auto rest = waiting(first[1].seq);
  ASSERT_EQ(rest.size(), 1U);
  EXPECT_EQ(rest[0].call, call_id(3));
  world_.outbox().forget_before(at(3), 100);
  EXPECT_EQ(waiting().size(), 1U);
}

// SPEC section 0: a snapshot contains what the session missed, however long ago.
TEST_P(OutboxContract, CallWithAnUnheardEndIsCurrentForThatUser) {
  ASSERT_TRUE(commits(a_call(1, alice, bob)));
  ASSERT_TRUE(commits(answered(a_call(1, alice, bob))));
  ASSERT_TRUE(commits(ended_without_bob(1)));
  EXPECT_EQ(current(bob, at(1'000'000)).size(), 1U);
  EXPECT_TRUE(current(bob, std::nullopt).empty()) << "it is no active call";
  EXPECT_TRUE(current(alice, at(1'000'000)).empty());
  world_.outbox().settle(bob, call_id(1));
  world_.settle();
  EXPECT_TRUE(current(bob, at(1'000'000)).empty());
}

// If the answer to a commit was lost, the history shows later whether the step happened.
TEST_P(OutboxContract, FateOfAStepIsReadFromTheAudit) {
  const auto made = a_call(1, alice, bob);
  EXPECT_FALSE(this->fate(made).has_value());
  ASSERT_TRUE(commits(made));
  const auto fate = this->fate(made);
  ASSERT_TRUE(fate && fate->people.size() == 2);
  EXPECT_EQ(fate->people[0].username, "alice");
  EXPECT_EQ(fate->people[1].username, "bob");
  EXPECT_FALSE(this->fate(answered(made)).has_value());
  ASSERT_TRUE(commits(answered(made)));
  EXPECT_TRUE(this->fate(answered(made)).has_value());
  EXPECT_FALSE(this->fate(finished(made, call::Status::missed, call::EndReason::cancelled, at(3'000))).has_value())
      << "another one has that version";
}

// A server that counted its own heartbeat would take its own calls for those of an earlier run.
TEST_P(OutboxContract, OwnHeartbeatIsNotThatOfAnEarlierServer) {
  world_.nodes().heartbeat(at(0));
  world_.settle();
  ASSERT_FALSE(take_over().last_heartbeat.has_value());
  ASSERT_TRUE(commits(a_call(1, alice, bob)));
  world_.nodes().heartbeat(at(1'000));
  world_.settle();
  EXPECT_FALSE(take_over().last_heartbeat.has_value()) << "our own sign of life is not one of before us";
}

/// What a server finds that starts after another one. Not for a store that is lost with its process.
class SuccessionContract : public OutboxContract {};

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(SuccessionContract);
INSTANTIATE_TEST_SUITE_P(Stores, SuccessionContract, ::testing::ValuesIn(stores_that_restart()), name_of);

// a server that died may not have sent its last ends; one that stopped in good order has.
TEST_P(SuccessionContract, LastEndsOfACrashedServerAreUnheardAndThoseOfAStoppedOneAreNot) {
  misses_a_call(1, at(60'000));
  world_.nodes().stopped(at(61'000));
  world_.settle();
  world_.restart();
  EXPECT_EQ(take_over().last_heartbeat, at(61'000));
  EXPECT_TRUE(waiting().empty());
  misses_a_call(2, at(1'000'000)), misses_a_call(3, at(3'060'000));
  world_.nodes().heartbeat(at(3'062'000));
  world_.settle();
  world_.restart();
  EXPECT_EQ(take_over().last_heartbeat, at(3'062'000));
  const auto unheard = waiting();
  ASSERT_EQ(unheard.size(), 2U) << "one for each of the two, and none of what was long told";
  for (const auto& entry : unheard) {
    EXPECT_EQ(entry.call, call_id(3));
    world_.outbox().settle(entry.to, entry.call);
  }
  static_cast<void>(take_over());
  EXPECT_TRUE(waiting().empty()) << "it is looked for once";
}

// A server that died a day ago is taken over all the same: its last commits are found by its last heartbeat.
TEST_P(SuccessionContract, ServerThatCrashedLongAgoIsTakenOverAlthoughOldAnswersAreDeleted) {
  misses_a_call(1, at(60'000));
  ASSERT_TRUE(commits(a_call(2, alice, bob, at(60'500))));
  world_.nodes().heartbeat(at(61'000));
  world_.settle();
  world_.restart();
  world_.accounts().forget_before(at(1'000'000), at(1'000'000));
  world_.settle();
  const auto taken = take_over();
  EXPECT_EQ(taken.last_heartbeat, at(61'000));
  ASSERT_EQ(taken.calls.size(), 1U);
  EXPECT_EQ(taken.calls[0].last_alive, at(61'000));
  EXPECT_EQ(waiting().size(), 2U);
}

// A start shows its first sign of life before it takes over; if it is killed in between, the next start must still look at
// what the server before it did.
TEST_P(SuccessionContract, StartThatWasKilledBeforeItTookOverHidesNoEndAndNoCall) {
  misses_a_call(1, at(60'000));
  ASSERT_TRUE(commits(a_call(2, alice, bob, at(60'500))));
  world_.nodes().heartbeat(at(61'000));
  world_.settle();
  world_.restart();
  world_.nodes().heartbeat(at(3'661'000));  // an hour later
  world_.settle();
  world_.restart();
  const auto taken = take_over();
  ASSERT_EQ(taken.calls.size(), 1U);
  EXPECT_EQ(taken.calls[0].last_alive, at(61'000)) << "when its server was last alive";
  EXPECT_EQ(waiting().size(), 2U);
}

}  // namespace
}  // namespace belfry::store::testing
