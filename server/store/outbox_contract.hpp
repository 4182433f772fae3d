// The contract of Outbox and Nodes, one suite for every adapter. Needs the World of store_contract.hpp, with Outbox& outbox() and
// Nodes& nodes(), and for SuccessionContract
//   void restart();   // the server dies, other servers notice that, and a new server starts
#pragma once

#include <gtest/gtest.h>

#include "store/nodes.hpp"
#include "store/outbox.hpp"
#include "store/store_contract.hpp"

namespace belfry::store::testing {

template <class World>
class OutboxContract : public StoreContract<World> {
 protected:
  void SetUp() override { alice = this->made(1, "alice"), bob = this->made(2, "bob"); }
  std::vector<OutboxEntry> waiting(std::uint64_t after = 0, std::size_t limit = 100) {
    this->world_.settle();
    return this->template found<std::vector<OutboxEntry>>([&](auto done) { this->world_.outbox().waiting(after, limit, done); });
  }
  bool still_waits(UserId to, std::uint32_t call) {
    return this->template found<bool>([&](auto done) { this->world_.outbox().still_waits(to, call_id(call), done); });
  }
  std::vector<StoredCall> current(UserId user, std::optional<WallTime> ended_since) {
    return this->template found<std::vector<StoredCall>>(
        [&](auto done) { this->world_.archive().current(user, ended_since, done); });
  }
  TakenOver take_over() {
    return this->template found<TakenOver>([&](auto done) { this->world_.nodes().take_over(100, Silence::means_gone, done); });
  }
  std::optional<Committed> fate(const Transition& step) {
    return this->template found<std::optional<Committed>>([&](auto done) {
      this->world_.calls().fate({.call = step.row.id, .version = step.row.version, .hash = step.record.hash}, done);
    });
  }
  /// A call that nobody answered, ended at `when`.
  void misses_a_call(std::uint32_t number, WallTime when) {
    const auto made = a_call(number, alice, bob, {when.unix_ms - 60'000});
    ASSERT_TRUE(this->commits(made));
    ASSERT_TRUE(this->commits(missed(made, when)));
  }
  /// An end of which bob, who is away, has not been notified.
  Transition ended_without_bob(std::uint32_t number) {
    auto last = ended(answered(a_call(number, alice, bob)));
    last.outbox.push_back({.to = bob, .call = call_id(number), .aware = false, .at = at(64'900)});
    return last;
  }
  UserId alice, bob;
};

TYPED_TEST_SUITE_P(OutboxContract);

//
TYPED_TEST_P(OutboxContract, EntryComesWithItsTransitionAndWaitsUntilItIsSettled) {
  ASSERT_TRUE(this->commits(a_call(1, this->alice, this->bob)));
  ASSERT_TRUE(this->commits(answered(a_call(1, this->alice, this->bob))));
  EXPECT_TRUE(this->waiting().empty());
  ASSERT_TRUE(this->commits(this->ended_without_bob(1)));
  const auto waiting = this->waiting();
  ASSERT_EQ(waiting.size(), 1U);
  EXPECT_EQ(waiting[0].to, this->bob);
  EXPECT_EQ(waiting[0].call, call_id(1));
  EXPECT_FALSE(waiting[0].aware);
  EXPECT_EQ(waiting[0].at, at(64'900));
  this->world_.outbox().settle(this->alice, call_id(1));  // has none
  EXPECT_EQ(this->waiting().size(), 1U);
  EXPECT_TRUE(this->still_waits(this->bob, 1));
  EXPECT_FALSE(this->still_waits(this->alice, 1));
  EXPECT_FALSE(this->still_waits(this->bob, 2));
  this->world_.outbox().settle(this->bob, call_id(1));
  EXPECT_TRUE(this->waiting().empty());
  EXPECT_FALSE(this->still_waits(this->bob, 1));
}

TYPED_TEST_P(OutboxContract, RefusedTransitionPutsNoEntry) {
  ASSERT_TRUE(this->commits(a_call(1, this->alice, this->bob)));
  EXPECT_FALSE(this->commits(this->ended_without_bob(1))) << "of a version that is not there";
  EXPECT_TRUE(this->waiting().empty());
}

TYPED_TEST_P(OutboxContract, WaitingEntriesAreReadInOrderAndInPages) {
  for (std::uint32_t number = 1; number <= 3; ++number)
    this->world_.outbox().put({.to = this->bob, .call = call_id(number), .at = at(number)});
  this->world_.outbox().put({.to = this->bob, .call = call_id(2), .at = at(9)});  // is there already
  const auto first = this->waiting(0, 2);
  ASSERT_EQ(first.size(), 2U);
  const auto rest = this->waiting(first[1].seq);
  ASSERT_EQ(rest.size(), 1U);
  EXPECT_EQ(rest[0].call, call_id(3));
  this->world_.outbox().forget_before(at(3), 100);
  EXPECT_EQ(this->waiting().size(), 1U);
}

// SPEC section 0: a snapshot contains what the session missed, however long ago.
TYPED_TEST_P(OutboxContract, CallWithAnUnheardEndIsCurrentForThatUser) {
  ASSERT_TRUE(this->commits(a_call(1, this->alice, this->bob)));
  ASSERT_TRUE(this->commits(answered(a_call(1, this->alice, this->bob))));
  ASSERT_TRUE(this->commits(this->ended_without_bob(1)));
  EXPECT_EQ(this->current(this->bob, at(1'000'000)).size(), 1U);
  EXPECT_TRUE(this->current(this->bob, std::nullopt).empty()) << "it is no active call";
  EXPECT_TRUE(this->current(this->alice, at(1'000'000)).empty());
  this->world_.outbox().settle(this->bob, call_id(1));
  this->world_.settle();
  EXPECT_TRUE(this->current(this->bob, at(1'000'000)).empty());
}

// If the answer to a commit was lost, the history shows later whether the step happened.
TYPED_TEST_P(OutboxContract, FateOfAStepIsReadFromTheAudit) {
  const auto made = a_call(1, this->alice, this->bob);
  EXPECT_FALSE(this->fate(made).has_value());
  ASSERT_TRUE(this->commits(made));
  const auto fate = this->fate(made);
  ASSERT_TRUE(fate && fate->people.size() == 2);
  EXPECT_EQ(fate->people[0].username, "alice");
  EXPECT_EQ(fate->people[1].username, "bob");
  EXPECT_FALSE(this->fate(answered(made)).has_value());
  ASSERT_TRUE(this->commits(answered(made)));
  EXPECT_TRUE(this->fate(answered(made)).has_value());
  EXPECT_FALSE(this->fate(finished(made, call::Status::missed, call::EndReason::cancelled, at(3'000))).has_value())
      << "another one has that version";
}

// A server that counted its own heartbeat would take its own calls for those of an earlier run.
TYPED_TEST_P(OutboxContract, OwnHeartbeatIsNotThatOfAnEarlierServer) {
  this->world_.nodes().heartbeat(at(0));
  this->world_.settle();
  ASSERT_FALSE(this->take_over().last_heartbeat.has_value());
  ASSERT_TRUE(this->commits(a_call(1, this->alice, this->bob)));
  this->world_.nodes().heartbeat(at(1'000));
  this->world_.settle();
  EXPECT_FALSE(this->take_over().last_heartbeat.has_value()) << "our own sign of life is not one of before us";
}

REGISTER_TYPED_TEST_SUITE_P(OutboxContract, EntryComesWithItsTransitionAndWaitsUntilItIsSettled, RefusedTransitionPutsNoEntry,
                            WaitingEntriesAreReadInOrderAndInPages, CallWithAnUnheardEndIsCurrentForThatUser,
                            FateOfAStepIsReadFromTheAudit, OwnHeartbeatIsNotThatOfAnEarlierServer);

/// What a server finds that starts after another one. Not for a store that is lost with its process.
template <class World>
class SuccessionContract : public OutboxContract<World> {};

TYPED_TEST_SUITE_P(SuccessionContract);

// a server that died may not have sent its last ends; one that stopped in good order has.
TYPED_TEST_P(SuccessionContract, LastEndsOfACrashedServerAreUnheardAndThoseOfAStoppedOneAreNot) {
  this->misses_a_call(1, at(60'000));
  this->world_.nodes().stopped(at(61'000));
  this->world_.settle();
  this->world_.restart();
  EXPECT_EQ(this->take_over().last_heartbeat, at(61'000));
  EXPECT_TRUE(this->waiting().empty());
  this->misses_a_call(2, at(1'000'000)), this->misses_a_call(3, at(3'060'000));
  this->world_.nodes().heartbeat(at(3'062'000));
  this->world_.settle();
  this->world_.restart();
  EXPECT_EQ(this->take_over().last_heartbeat, at(3'062'000));
  const auto unheard = this->waiting();
  ASSERT_EQ(unheard.size(), 2U) << "one for each of the two, and none of what was long told";
  for (const auto& entry : unheard) {
    EXPECT_EQ(entry.call, call_id(3));
    this->world_.outbox().settle(entry.to, entry.call);
  }
  static_cast<void>(this->take_over());
  EXPECT_TRUE(this->waiting().empty()) << "it is looked for once";
}

// A server that died a day ago is taken over all the same: its last commits are found by its last heartbeat.
TYPED_TEST_P(SuccessionContract, ServerThatCrashedLongAgoIsTakenOverAlthoughOldAnswersAreDeleted) {
  this->misses_a_call(1, at(60'000));
  ASSERT_TRUE(this->commits(a_call(2, this->alice, this->bob, at(60'500))));
  this->world_.nodes().heartbeat(at(61'000));
  this->world_.settle();
  this->world_.restart();
  this->world_.accounts().forget_before(at(1'000'000), at(1'000'000));
  this->world_.settle();
  const auto taken = this->take_over();
  EXPECT_EQ(taken.last_heartbeat, at(61'000));
  ASSERT_EQ(taken.calls.size(), 1U);
  EXPECT_EQ(taken.calls[0].last_alive, at(61'000));
  EXPECT_EQ(this->waiting().size(), 2U);
}

REGISTER_TYPED_TEST_SUITE_P(SuccessionContract, LastEndsOfACrashedServerAreUnheardAndThoseOfAStoppedOneAreNot,
                            ServerThatCrashedLongAgoIsTakenOverAlthoughOldAnswersAreDeleted);

}  // namespace belfry::store::testing
