// The contract of CallStore.

#include <gtest/gtest.h>

#include <tuple>

#include "store/contract_suite.hpp"

namespace belfry::store::testing {
namespace {

class CallStoreContract : public FourUsersContract {
 protected:
  std::vector<StoredCall> load_active(std::size_t limit = 100) {
    return found<std::vector<StoredCall>>([&](auto done) { world_.calls().load_active(limit, done); });
  }
  std::vector<CallId> overdue(WallTime now, std::size_t limit = 100) {
    return found<std::vector<CallId>>([&](auto done) { world_.calls().overdue(now, limit, done); });
  }
  std::vector<AuditEntry> audit(const CallId& call) {
    return found<std::vector<AuditEntry>>([&](auto done) { world_.archive().audit({.call = call}, done); });
  }
  std::optional<KeptAnswer> find_answer(UserId owner, const std::string& key) {
    return found<std::optional<KeptAnswer>>([&](auto done) { world_.accounts().find_answer(owner, key, done); });
  }
};

INSTANTIATE_TEST_SUITE_P(Stores, CallStoreContract, ::testing::ValuesIn(stores_under_test()), name_of);

TEST_P(CallStoreContract, CreationReturnsBothParticipants) {
  const auto result = commit(a_call(1, alice, bob));
  ASSERT_TRUE(std::holds_alternative<Committed>(result));
  const auto& committed = std::get<Committed>(result);
  ASSERT_EQ(committed.people.size(), 2U);
  EXPECT_EQ(committed.people[0].id, alice);
  EXPECT_EQ(committed.people[0].username, "alice");
  EXPECT_EQ(committed.people[1].id, bob);
  EXPECT_EQ(committed.people[1].username, "bob");
}

TEST_P(CallStoreContract, CallIsMadeAnsweredAndEnded) {
  const auto made = a_call(1, alice, bob);
  ASSERT_TRUE(commits(made));
  ASSERT_TRUE(commits(answered(made)));
  const auto last = ended(answered(made));
  ASSERT_TRUE(commits(last));
  const auto call = load(call_id(1));
  ASSERT_TRUE(call.has_value());
  EXPECT_EQ(call->row, last.row);
  EXPECT_EQ(call->caller().username, "alice");
  EXPECT_EQ(call->callee().username, "bob");
}

TEST_P(CallStoreContract, UnknownCallIsNotFound) { EXPECT_FALSE(load(call_id(1)).has_value()); }

// I-1, R-003-20
TEST_P(CallStoreContract, TakenSlotIsReportedWithItsUserAndTheirCall) {
  ASSERT_TRUE(commits(a_call(1, alice, bob)));
  for (const auto& [caller, callee, taken] : {std::tuple{carol, bob, bob}, {bob, carol, bob}, {alice, dan, alice}}) {
    const auto result = commit(a_call(2, caller, callee));
    ASSERT_TRUE(std::holds_alternative<SlotTaken>(result));
    EXPECT_EQ(std::get<SlotTaken>(result).user, taken);
    EXPECT_EQ(std::get<SlotTaken>(result).held_by, call_id(1));
  }
  EXPECT_FALSE(load(call_id(2)).has_value());
}

// SPEC 2.8.9, X-08
TEST_P(CallStoreContract, BusyCallerIsReportedBeforeABusyCallee) {
  ASSERT_TRUE(commits(a_call(1, alice, bob)));
  const auto glare = commit(a_call(2, bob, alice));
  ASSERT_TRUE(std::holds_alternative<SlotTaken>(glare));
  EXPECT_EQ(std::get<SlotTaken>(glare).user, bob);
}

TEST_P(CallStoreContract, RefusedCreationTakesNoSlot) {
  ASSERT_TRUE(commits(a_call(1, alice, bob)));
  EXPECT_FALSE(commits(a_call(2, bob, carol)));
  EXPECT_FALSE(commits(a_call(2, carol, bob)));
  EXPECT_TRUE(commits(a_call(2, dan, carol)));
}

// I-4, R-001-45
TEST_P(CallStoreContract, EveryFinalStatusFreesBothSlots) {
  const auto first = a_call(1, alice, bob);
  ASSERT_TRUE(commits(first));
  ASSERT_TRUE(commits(missed(first)));
  const auto second = a_call(2, bob, alice);
  ASSERT_TRUE(commits(second));
  ASSERT_TRUE(commits(finished(second, call::Status::rejected, call::EndReason::declined, at(1'000))));
  const auto third = a_call(3, alice, bob);
  ASSERT_TRUE(commits(third));
  ASSERT_TRUE(commits(answered(third)));
  ASSERT_TRUE(commits(ended(answered(third))));
  EXPECT_TRUE(commits(a_call(4, bob, alice)));
}

// R-001-62, R-001-63
TEST_P(CallStoreContract, UnknownUserIsReportedBeforeAnythingElse) {
  set_status(alice, account::UserStatus::blocked);
  const auto result = commit(a_call(1, alice, user_id(99)));
  ASSERT_TRUE(std::holds_alternative<UserUnknown>(result));
  EXPECT_EQ(std::get<UserUnknown>(result).user, user_id(99));
  const auto stranger = commit(a_call(1, user_id(98), bob));
  ASSERT_TRUE(std::holds_alternative<UserUnknown>(stranger));
  EXPECT_EQ(std::get<UserUnknown>(stranger).user, user_id(98));
}

// R-001-62, R-001-63
TEST_P(CallStoreContract, InactiveUserCanNeitherCallNorBeCalled) {
  set_status(alice, account::UserStatus::pending);
  set_status(bob, account::UserStatus::blocked);
  for (const auto& [caller, callee, named] : {std::tuple{alice, bob, alice}, {alice, carol, alice}, {carol, bob, bob}}) {
    const auto result = commit(a_call(1, caller, callee));
    ASSERT_TRUE(std::holds_alternative<UserNotActive>(result));
    EXPECT_EQ(std::get<UserNotActive>(result).user, named);
  }
  EXPECT_TRUE(commits(a_call(1, carol, dan)));
}

TEST_P(CallStoreContract, StatusIsCheckedBeforeTheSlots) {
  ASSERT_TRUE(commits(a_call(1, alice, bob)));
  set_status(bob, account::UserStatus::inactive);
  EXPECT_TRUE(std::holds_alternative<UserNotActive>(commit(a_call(2, alice, bob))));
}

// X-20, X-33
TEST_P(CallStoreContract, SecondTransitionFromOneVersionIsAConflictAndChangesNothing) {
  const auto made = a_call(1, alice, bob);
  ASSERT_TRUE(commits(made));
  ASSERT_TRUE(commits(answered(made)));
  const auto late = commit(missed(made));
  ASSERT_TRUE(std::holds_alternative<VersionConflict>(late));
  EXPECT_EQ(std::get<VersionConflict>(late).version, 2U);
  EXPECT_EQ(load(call_id(1))->row, answered(made).row);
  EXPECT_EQ(audit(call_id(1)).size(), 2U);
  EXPECT_TRUE(std::holds_alternative<SlotTaken>(commit(a_call(2, carol, bob))));
}

TEST_P(CallStoreContract, TransitionOfACallThatWasNeverMadeIsAConflict) {
  const auto result = commit(answered(a_call(1, alice, bob)));
  ASSERT_TRUE(std::holds_alternative<VersionConflict>(result));
  EXPECT_EQ(std::get<VersionConflict>(result).version, 0U);
}

TEST_P(CallStoreContract, CreatingTheSameCallTwiceIsAConflictAlsoWhenItIsOver) {
  const auto made = a_call(1, alice, bob);
  ASSERT_TRUE(commits(made));
  EXPECT_TRUE(std::holds_alternative<VersionConflict>(commit(made)));
  ASSERT_TRUE(commits(missed(made)));
  const auto again = commit(made);
  ASSERT_TRUE(std::holds_alternative<VersionConflict>(again));
  EXPECT_EQ(std::get<VersionConflict>(again).version, 2U);
  EXPECT_TRUE(commits(a_call(2, alice, bob))) << "the refused creations took no slot";
}

namespace contract {

/// Every field differs from its default and from the other fields.
Transition full_call(UserId caller, UserId callee) {
  Transition made = a_call(7, caller, callee, at(11));
  CallRow& row = made.row;
  row.media = call::CallType::video;
  row.ended_by = callee;
  row.ended_session = session_id(5);
  row.dialect = call::Dialect::signaling;
  row.ring = call::RingPolicy::on_caller_ready;
  row.ring_targets = call::RingTargets::online;
  row.announced = false;
  row.ring_seconds = 17;
  row.updated = at(12);
  row.ring_expires = at(13);
  row.first_ring = at(14);
  row.answer_heard = false;
  row.offer = call::Description(R"({"type":"offer","sdp":"v=0\r\n"})");
  row.answer = call::Description::with_candidates(R"("v=1 \u00e9 é")", R"([{"candidate":"c"}])");
  row.metadata = R"({"title":"Überraschung"})";
  caller_leg(row) = {.user = caller,
                     .state = call::LegState::suspended,
                     .session = session_id(6),
                     .device = "laptop 'of' \"A\"",
                     .invited = at(20),
                     .ringing = at(21),
                     .joined = at(22),
                     .left = at(23),
                     .away = Away{.since = at(24), .until = at(25), .by_restart = true},
                     .media_alive = true};
  callee_leg(row) = {.user = callee,
                     .state = call::LegState::ringing,
                     .session = session_id(8),
                     .device = "watch",
                     .invited = at(30),
                     .ringing = at(31),
                     .away = Away{.since = at(34), .until = at(35)}};
  return made;
}

}  // namespace contract

TEST_P(CallStoreContract, EveryFieldOfARowIsReadBackAsWritten) {
  auto made = contract::full_call(alice, bob);
  ASSERT_TRUE(commits(made));
  EXPECT_EQ(load(made.row.id)->row, made.row);

  auto next = answered(made, at(5'000));
  next.row.end_reason = call::EndReason::connection_lost;
  next.row.ended_by.reset();
  next.row.ended_session.reset();
  next.row.status = call::Status::ended;
  next.row.ended = at(65'999);
  next.row.media = call::CallType::audio;
  next.row.ring = call::RingPolicy::immediate;
  next.row.announced = true;
  next.row.ring_seconds = 18;
  next.row.ring_expires.reset();
  next.row.first_ring.reset();
  next.row.answer_heard = true;
  next.row.offer = {};
  next.row.answer = {};
  next.row.metadata = "{}";
  caller_leg(next.row) = {.user = alice, .state = call::LegState::kicked, .invited = at(40)};
  callee_leg(next.row) = {.user = bob, .state = call::LegState::left, .device = "tv", .invited = at(41), .media_alive = true};
  ASSERT_TRUE(commits(next));
  EXPECT_EQ(load(made.row.id)->row, next.row);
}

TEST_P(CallStoreContract, EveryEnumeratedValueIsReadBack) {
  std::uint32_t number = 1;
  for (const auto state : {call::LegState::invited, call::LegState::notified, call::LegState::declined, call::LegState::busy,
                           call::LegState::missed, call::LegState::left, call::LegState::kicked}) {
    auto made = a_call(number, alice, bob);
    made.row.dialect = static_cast<call::Dialect>(number % 5);
    ASSERT_TRUE(commits(made));
    auto over = finished(made, call::Status::rejected, static_cast<call::EndReason>(number + 5), at(70'000));
    callee_leg(over.row).state = state;
    ASSERT_TRUE(commits(over));
    EXPECT_EQ(load(call_id(number++))->row, over.row);
  }
}

// X-23, X-24
TEST_P(CallStoreContract, ActiveCallsAreLoadedOldestFirstAndNoOthers) {
  const auto first = a_call(1, alice, bob, at(2'000));
  const auto second = a_call(2, carol, dan, at(1'000));
  ASSERT_TRUE(commits(first) && commits(second) && commits(answered(first)));
  auto active = load_active();
  ASSERT_EQ(active.size(), 2U);
  EXPECT_EQ(active[0].row, second.row);
  EXPECT_EQ(active[0].caller().username, "carol");
  EXPECT_EQ(active[1].row, answered(first).row);
  EXPECT_EQ(load_active(1).size(), 1U);
  ASSERT_TRUE(commits(missed(second)));
  EXPECT_EQ(load_active().size(), 1U);
}

// R-001-44
TEST_P(CallStoreContract, OverdueCallsAreThoseThatRingPastTheirDeadline) {
  auto on_ready = a_call(1, alice, bob, at(0));  // no ring deadline yet: a minute from the start
  on_ready.row.ring_expires.reset();
  auto ringing = a_call(2, carol, dan, at(1'000));
  ringing.row.ring_expires = at(31'000);
  ASSERT_TRUE(commits(on_ready) && commits(ringing));
  EXPECT_TRUE(overdue(at(31'000)).empty()) << "on time is not late";
  EXPECT_EQ(overdue(at(31'001)), std::vector{call_id(2)});
  EXPECT_EQ(overdue(at(60'001)).size(), 2U);
  EXPECT_EQ(overdue(at(60'001), 1).size(), 1U);
  ASSERT_TRUE(commits(answered(ringing)));
  EXPECT_EQ(overdue(at(99'000)), std::vector{call_id(1)});
}

// I-6, I-7, R-001-60, R-001-61
TEST_P(CallStoreContract, EachTransitionLeavesOneRecordAndTheChainHolds) {
  auto made = a_call(1, alice, bob);
  made.record.payload = R"({"callType":"audio"})";
  made.record.hash = audit_hash({}, made.row.id, 1, made.record);
  made.row.tip = made.record.hash;
  const auto accepted = answered(made);
  const auto over = ended(accepted);
  ASSERT_TRUE(commits(made) && commits(accepted) && commits(over));
  const auto entries = audit(call_id(1));
  ASSERT_EQ(entries.size(), 3U);
  EXPECT_EQ(entries[0].record, made.record);
  EXPECT_EQ(entries[1].record, accepted.record);
  EXPECT_EQ(entries[2].record, over.record);
  AuditHash previous{};
  for (std::size_t i = 0; i < entries.size(); ++i) {
    EXPECT_EQ(entries[i].call, call_id(1));
    EXPECT_EQ(entries[i].call_seq, i + 1);
    if (i > 0) {
      EXPECT_GT(entries[i].seq, entries[i - 1].seq);
    }
    EXPECT_EQ(entries[i].record.previous, previous);
    EXPECT_EQ(audit_hash(previous, *entries[i].call, entries[i].call_seq, entries[i].record), entries[i].record.hash);
    previous = entries[i].record.hash;
  }
}

TEST_P(CallStoreContract, SimultaneousTransitionsAreAnsweredIndividually) {
  std::vector<CommitResult> results(6, Unavailable{});
  const auto first = a_call(1, alice, bob);
  const std::vector<Transition> many = {first, a_call(2, alice, carol), a_call(3, carol, dan),
                                        first, answered(first),         missed(first)};
  for (std::size_t i = 0; i < many.size(); ++i)
    world_.calls().commit(many[i], [&results, i](const CommitResult& result) { results[i] = result; });
  world_.settle();
  EXPECT_TRUE(std::holds_alternative<Committed>(results[0]));
  EXPECT_TRUE(std::holds_alternative<SlotTaken>(results[1]));
  EXPECT_TRUE(std::holds_alternative<Committed>(results[2]));
  EXPECT_TRUE(std::holds_alternative<VersionConflict>(results[3]));
  EXPECT_TRUE(std::holds_alternative<Committed>(results[4]));
  EXPECT_TRUE(std::holds_alternative<VersionConflict>(results[5]));
  EXPECT_EQ(load(call_id(1))->row, answered(first).row);
}

TEST_P(CallStoreContract, WipeDeletesEverything) {
  auto made = a_call(1, alice, bob);
  made.claim = IdempotencyClaim{.owner = alice, .key = "k", .fingerprint = "f"};
  ASSERT_TRUE(commits(made));
  world_.calls().record_attempt({.id = uuid(9, 1), .caller = carol, .callee = bob, .reason = "busy", .at = at(1)});
  found<void>([&](auto done) { world_.calls().wipe(done); });
  EXPECT_FALSE(load(call_id(1)).has_value());
  EXPECT_FALSE(find(alice).has_value());
  EXPECT_FALSE(find_answer(alice, "k").has_value());
  EXPECT_TRUE(load_active().empty());
  alice = this->made(1, "alice");
  bob = this->made(2, "bob");
  EXPECT_TRUE(commits(made)) << "names, slots and ids are free again";
}

}  // namespace
}  // namespace belfry::store::testing
