// The contract of CallStore, one suite for every adapter (store_contract.hpp explains World).
#pragma once

#include <gtest/gtest.h>

#include <tuple>

#include "store/store_contract.hpp"

namespace belfry::store::testing {

template <class World>
class CallStoreContract : public StoreContract<World> {
 protected:
  void SetUp() override {
    for (const auto& [id, name] : {std::pair{&alice, "alice"}, {&bob, "bob"}, {&carol, "carol"}, {&dan, "dan"}})
      *id = this->made(next_++, name);
  }
  std::vector<StoredCall> load_active(std::size_t limit = 100) {
    return this->template found<std::vector<StoredCall>>([&](auto done) { this->world_.calls().load_active(limit, done); });
  }
  std::vector<CallId> overdue(WallTime now, std::size_t limit = 100) {
    return this->template found<std::vector<CallId>>([&](auto done) { this->world_.calls().overdue(now, limit, done); });
  }
  std::vector<AuditEntry> audit(const CallId& call) {
    return this->template found<std::vector<AuditEntry>>([&](auto done) { this->world_.archive().audit({.call = call}, done); });
  }
  std::optional<KeptAnswer> find_answer(UserId owner, const std::string& key) {
    return this->template found<std::optional<KeptAnswer>>(
        [&](auto done) { this->world_.accounts().find_answer(owner, key, done); });
  }
  UserId alice, bob, carol, dan;

 private:
  std::uint32_t next_ = 1;
};

TYPED_TEST_SUITE_P(CallStoreContract);

TYPED_TEST_P(CallStoreContract, CreationReturnsBothParticipants) {
  const auto result = this->commit(a_call(1, this->alice, this->bob));
  ASSERT_TRUE(std::holds_alternative<Committed>(result));
  const auto& committed = std::get<Committed>(result);
  ASSERT_EQ(committed.people.size(), 2U);
  EXPECT_EQ(committed.people[0].id, this->alice);
  EXPECT_EQ(committed.people[0].username, "alice");
  EXPECT_EQ(committed.people[1].id, this->bob);
  EXPECT_EQ(committed.people[1].username, "bob");
}

TYPED_TEST_P(CallStoreContract, CallIsMadeAnsweredAndEnded) {
  const auto made = a_call(1, this->alice, this->bob);
  ASSERT_TRUE(this->commits(made));
  ASSERT_TRUE(this->commits(answered(made)));
  const auto last = ended(answered(made));
  ASSERT_TRUE(this->commits(last));
  const auto call = this->load(call_id(1));
  ASSERT_TRUE(call.has_value());
  EXPECT_EQ(call->row, last.row);
  EXPECT_EQ(call->caller().username, "alice");
  EXPECT_EQ(call->callee().username, "bob");
}

TYPED_TEST_P(CallStoreContract, UnknownCallIsNotFound) { EXPECT_FALSE(this->load(call_id(1)).has_value()); }

// I-1, R-003-20
TYPED_TEST_P(CallStoreContract, TakenSlotIsReportedWithItsUserAndTheirCall) {
  ASSERT_TRUE(this->commits(a_call(1, this->alice, this->bob)));
  for (const auto& [caller, callee, taken] : {std::tuple{this->carol, this->bob, this->bob},
                                              {this->bob, this->carol, this->bob},
                                              {this->alice, this->dan, this->alice}}) {
    const auto result = this->commit(a_call(2, caller, callee));
    ASSERT_TRUE(std::holds_alternative<SlotTaken>(result));
    EXPECT_EQ(std::get<SlotTaken>(result).user, taken);
    EXPECT_EQ(std::get<SlotTaken>(result).held_by, call_id(1));
  }
  EXPECT_FALSE(this->load(call_id(2)).has_value());
}

// SPEC 2.8.9, X-08
TYPED_TEST_P(CallStoreContract, BusyCallerIsReportedBeforeABusyCallee) {
  ASSERT_TRUE(this->commits(a_call(1, this->alice, this->bob)));
  const auto glare = this->commit(a_call(2, this->bob, this->alice));
  ASSERT_TRUE(std::holds_alternative<SlotTaken>(glare));
  EXPECT_EQ(std::get<SlotTaken>(glare).user, this->bob);
}

TYPED_TEST_P(CallStoreContract, RefusedCreationTakesNoSlot) {
  ASSERT_TRUE(this->commits(a_call(1, this->alice, this->bob)));
  EXPECT_FALSE(this->commits(a_call(2, this->bob, this->carol)));
  EXPECT_FALSE(this->commits(a_call(2, this->carol, this->bob)));
  EXPECT_TRUE(this->commits(a_call(2, this->dan, this->carol)));
}

// I-4, R-001-45
TYPED_TEST_P(CallStoreContract, EveryFinalStatusFreesBothSlots) {
  const auto first = a_call(1, this->alice, this->bob);
  ASSERT_TRUE(this->commits(first));
  ASSERT_TRUE(this->commits(missed(first)));
  const auto second = a_call(2, this->bob, this->alice);
  ASSERT_TRUE(this->commits(second));
  ASSERT_TRUE(this->commits(finished(second, call::Status::rejected, call::EndReason::declined, at(1'000))));
  const auto third = a_call(3, this->alice, this->bob);
  ASSERT_TRUE(this->commits(third));
  ASSERT_TRUE(this->commits(answered(third)));
  ASSERT_TRUE(this->commits(ended(answered(third))));
  EXPECT_TRUE(this->commits(a_call(4, this->bob, this->alice)));
}

// R-001-62, R-001-63
TYPED_TEST_P(CallStoreContract, UnknownUserIsReportedBeforeAnythingElse) {
  this->set_status(this->alice, account::UserStatus::blocked);
  const auto result = this->commit(a_call(1, this->alice, user_id(99)));
  ASSERT_TRUE(std::holds_alternative<UserUnknown>(result));
  EXPECT_EQ(std::get<UserUnknown>(result).user, user_id(99));
  const auto stranger = this->commit(a_call(1, user_id(98), this->bob));
  ASSERT_TRUE(std::holds_alternative<UserUnknown>(stranger));
  EXPECT_EQ(std::get<UserUnknown>(stranger).user, user_id(98));
}

// R-001-62, R-001-63
TYPED_TEST_P(CallStoreContract, InactiveUserCanNeitherCallNorBeCalled) {
  this->set_status(this->alice, account::UserStatus::pending);
  this->set_status(this->bob, account::UserStatus::blocked);
  for (const auto& [caller, callee, named] : {std::tuple{this->alice, this->bob, this->alice},
                                              {this->alice, this->carol, this->alice},
                                              {this->carol, this->bob, this->bob}}) {
    const auto result = this->commit(a_call(1, caller, callee));
    ASSERT_TRUE(std::holds_alternative<UserNotActive>(result));
    EXPECT_EQ(std::get<UserNotActive>(result).user, named);
  }
  EXPECT_TRUE(this->commits(a_call(1, this->carol, this->dan)));
}

TYPED_TEST_P(CallStoreContract, StatusIsCheckedBeforeTheSlots) {
  ASSERT_TRUE(this->commits(a_call(1, this->alice, this->bob)));
  this->set_status(this->bob, account::UserStatus::inactive);
  EXPECT_TRUE(std::holds_alternative<UserNotActive>(this->commit(a_call(2, this->alice, this->bob))));
}

// X-20, X-33
TYPED_TEST_P(CallStoreContract, SecondTransitionFromOneVersionIsAConflictAndChangesNothing) {
  const auto made = a_call(1, this->alice, this->bob);
  ASSERT_TRUE(this->commits(made));
  ASSERT_TRUE(this->commits(answered(made)));
  const auto late = this->commit(missed(made));
  ASSERT_TRUE(std::holds_alternative<VersionConflict>(late));
  EXPECT_EQ(std::get<VersionConflict>(late).version, 2U);
  EXPECT_EQ(this->load(call_id(1))->row, answered(made).row);
  EXPECT_EQ(this->audit(call_id(1)).size(), 2U);
  EXPECT_TRUE(std::holds_alternative<SlotTaken>(this->commit(a_call(2, this->carol, this->bob))));
}

TYPED_TEST_P(CallStoreContract, TransitionOfACallThatWasNeverMadeIsAConflict) {
  const auto result = this->commit(answered(a_call(1, this->alice, this->bob)));
  ASSERT_TRUE(std::holds_alternative<VersionConflict>(result));
  EXPECT_EQ(std::get<VersionConflict>(result).version, 0U);
}

TYPED_TEST_P(CallStoreContract, CreatingTheSameCallTwiceIsAConflictAlsoWhenItIsOver) {
  const auto made = a_call(1, this->alice, this->bob);
  ASSERT_TRUE(this->commits(made));
  EXPECT_TRUE(std::holds_alternative<VersionConflict>(this->commit(made)));
  ASSERT_TRUE(this->commits(missed(made)));
  const auto again = this->commit(made);
  ASSERT_TRUE(std::holds_alternative<VersionConflict>(again));
  EXPECT_EQ(std::get<VersionConflict>(again).version, 2U);
  EXPECT_TRUE(this->commits(a_call(2, this->alice, this->bob))) << "the refused creations took no slot";
}

namespace contract {

/// Every field differs from its default and from the other fields.
inline Transition full_call(UserId caller, UserId callee) {
  Transition made = a_call(7, caller, callee, at(11));
  CallRow& row = made.row;
  row.media = call::CallType::video;
  row.ended_by = callee;
  row.ended_session = session_id(5);
  row.dialect = call::Dialect::signaling;
  row.ring = call::Ring::on_caller_ready;
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

TYPED_TEST_P(CallStoreContract, EveryFieldOfARowIsReadBackAsWritten) {
  auto made = contract::full_call(this->alice, this->bob);
  ASSERT_TRUE(this->commits(made));
  EXPECT_EQ(this->load(made.row.id)->row, made.row);

  auto next = answered(made, at(5'000));
  next.row.end_reason = call::EndReason::connection_lost;
  next.row.ended_by.reset();
  next.row.ended_session.reset();
  next.row.status = call::Status::ended;
  next.row.ended = at(65'999);
  next.row.media = call::CallType::audio;
  next.row.ring = call::Ring::immediate;
  next.row.announced = true;
  next.row.ring_seconds = 18;
  next.row.ring_expires.reset();
  next.row.first_ring.reset();
  next.row.answer_heard = true;
  next.row.offer = {};
  next.row.answer = {};
  next.row.metadata = "{}";
  caller_leg(next.row) = {.user = this->alice, .state = call::LegState::kicked, .invited = at(40)};
  callee_leg(next.row) = {
      .user = this->bob, .state = call::LegState::left, .device = "tv", .invited = at(41), .media_alive = true};
  ASSERT_TRUE(this->commits(next));
  EXPECT_EQ(this->load(made.row.id)->row, next.row);
}

TYPED_TEST_P(CallStoreContract, EveryEnumeratedValueIsReadBack) {
  std::uint32_t number = 1;
  for (const auto state : {call::LegState::invited, call::LegState::notified, call::LegState::declined, call::LegState::busy,
                           call::LegState::missed, call::LegState::left, call::LegState::kicked}) {
    auto made = a_call(number, this->alice, this->bob);
    made.row.dialect = static_cast<call::Dialect>(number % 5);
    ASSERT_TRUE(this->commits(made));
    auto over = finished(made, call::Status::rejected, static_cast<call::EndReason>(number + 5), at(70'000));
    callee_leg(over.row).state = state;
    ASSERT_TRUE(this->commits(over));
    EXPECT_EQ(this->load(call_id(number++))->row, over.row);
  }
}

// X-23, X-24
TYPED_TEST_P(CallStoreContract, ActiveCallsAreLoadedOldestFirstAndNoOthers) {
  const auto first = a_call(1, this->alice, this->bob, at(2'000));
  const auto second = a_call(2, this->carol, this->dan, at(1'000));
  ASSERT_TRUE(this->commits(first) && this->commits(second) && this->commits(answered(first)));
  auto active = this->load_active();
  ASSERT_EQ(active.size(), 2U);
  EXPECT_EQ(active[0].row, second.row);
  EXPECT_EQ(active[0].caller().username, "carol");
  EXPECT_EQ(active[1].row, answered(first).row);
  EXPECT_EQ(this->load_active(1).size(), 1U);
  ASSERT_TRUE(this->commits(missed(second)));
  EXPECT_EQ(this->load_active().size(), 1U);
}

// R-001-44
TYPED_TEST_P(CallStoreContract, OverdueCallsAreThoseThatRingPastTheirDeadline) {
  auto on_ready = a_call(1, this->alice, this->bob, at(0));  // no ring deadline yet: a minute from the start
  on_ready.row.ring_expires.reset();
  auto ringing = a_call(2, this->carol, this->dan, at(1'000));
  ringing.row.ring_expires = at(31'000);
  ASSERT_TRUE(this->commits(on_ready) && this->commits(ringing));
  EXPECT_TRUE(this->overdue(at(31'000)).empty()) << "on time is not late";
  EXPECT_EQ(this->overdue(at(31'001)), std::vector{call_id(2)});
  EXPECT_EQ(this->overdue(at(60'001)).size(), 2U);
  EXPECT_EQ(this->overdue(at(60'001), 1).size(), 1U);
  ASSERT_TRUE(this->commits(answered(ringing)));
  EXPECT_EQ(this->overdue(at(99'000)), std::vector{call_id(1)});
}

// I-6, I-7, R-001-60, R-001-61
TYPED_TEST_P(CallStoreContract, EachTransitionLeavesOneRecordAndTheChainHolds) {
  auto made = a_call(1, this->alice, this->bob);
  made.record.payload = R"({"callType":"audio"})";
  made.record.hash = audit_hash({}, made.row.id, 1, made.record);
  made.row.tip = made.record.hash;
  const auto accepted = answered(made);
  const auto over = ended(accepted);
  ASSERT_TRUE(this->commits(made) && this->commits(accepted) && this->commits(over));
  const auto entries = this->audit(call_id(1));
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

// X-26
TYPED_TEST_P(CallStoreContract, KeyOfACreationIsStoredWithIt) {
  auto made = a_call(1, this->alice, this->bob);
  made.claim = IdempotencyClaim{.owner = this->alice, .key = "k-1", .fingerprint = "POST /api/calls #1"};
  ASSERT_TRUE(this->commits(made));
  const auto kept = this->find_answer(this->alice, "k-1");
  ASSERT_TRUE(kept.has_value());
  EXPECT_EQ(kept->call, call_id(1));
  EXPECT_EQ(kept->fingerprint, "POST /api/calls #1");
  EXPECT_EQ(kept->status, 0);
  EXPECT_FALSE(this->find_answer(this->bob, "k-1").has_value()) << "keys are their owner's";
}

// X-26
TYPED_TEST_P(CallStoreContract, RefusedCreationKeepsNoKey) {
  ASSERT_TRUE(this->commits(a_call(1, this->alice, this->bob)));
  auto busy = a_call(2, this->carol, this->bob);
  busy.claim = IdempotencyClaim{.owner = this->carol, .key = "k-1", .fingerprint = "f"};
  EXPECT_FALSE(this->commits(busy));
  EXPECT_FALSE(this->find_answer(this->carol, "k-1").has_value());
}

// X-26
TYPED_TEST_P(CallStoreContract, UsedKeyCreatesNoSecondCall) {
  auto made = a_call(1, this->alice, this->bob);
  made.claim = IdempotencyClaim{.owner = this->alice, .key = "k-1", .fingerprint = "f"};
  ASSERT_TRUE(this->commits(made) && this->commits(missed(made)));
  auto again = a_call(2, this->alice, this->bob);
  again.claim = made.claim;
  EXPECT_TRUE(std::holds_alternative<ClaimTaken>(this->commit(again)));
  EXPECT_FALSE(this->load(call_id(2)).has_value());
  EXPECT_EQ(this->find_answer(this->alice, "k-1")->call, call_id(1));
  EXPECT_TRUE(this->commits(a_call(3, this->alice, this->bob))) << "the refused creation took no slot";
}

namespace contract {

inline IdempotencyClaim a_claim(UserId owner) {
  return {.owner = owner, .key = "k-1", .fingerprint = "f", .answer = {.status = 200, .body = R"({"glare":true,"é":"'"})"}};
}

}  // namespace contract

// X-05, X-26
TYPED_TEST_P(CallStoreContract, KeyAndAnswerOfAnyStepAreStoredWithIt) {
  auto made = a_call(1, this->alice, this->bob);
  made.claim = contract::a_claim(this->alice);
  made.claim->answer.status = 201;
  auto accepted = answered(made);
  accepted.claim = contract::a_claim(this->bob);
  ASSERT_TRUE(this->commits(made) && this->commits(accepted));
  for (const auto& claim : {*made.claim, *accepted.claim}) {
    const auto kept = this->find_answer(claim.owner, "k-1");
    ASSERT_TRUE(kept.has_value());
    EXPECT_EQ(kept->call, call_id(1));
    EXPECT_EQ(kept->fingerprint, "f");
    EXPECT_EQ(kept->status, claim.answer.status);
    EXPECT_EQ(kept->body, claim.answer.body);
  }
  EXPECT_EQ(this->load(call_id(1))->row, accepted.row);
}

// X-05, X-26
TYPED_TEST_P(CallStoreContract, UsedKeyChangesNoCall) {
  auto first = a_call(1, this->bob, this->carol);
  first.claim = contract::a_claim(this->bob);
  const auto made = a_call(2, this->alice, this->bob);
  ASSERT_TRUE(this->commits(first) && this->commits(missed(first)) && this->commits(made));
  auto accepted = answered(made);
  accepted.claim = contract::a_claim(this->bob);
  for (const auto* const print : {"f", "of another request"}) {
    accepted.claim->fingerprint = print;
    EXPECT_TRUE(std::holds_alternative<ClaimTaken>(this->commit(accepted)));
    EXPECT_EQ(this->load(call_id(2))->row, made.row);
    EXPECT_EQ(this->audit(call_id(2)).size(), 1U);
    EXPECT_EQ(this->find_answer(this->bob, "k-1")->call, call_id(1));
  }
  EXPECT_TRUE(this->commits(answered(made)));
}

// X-05, X-26: two servers got the same request; who lost need not look what has become of the call.
TYPED_TEST_P(CallStoreContract, UsedKeyIsReportedBeforeAConflict) {
  const auto made = a_call(1, this->alice, this->bob);
  auto accepted = answered(made);
  accepted.claim = contract::a_claim(this->bob);
  ASSERT_TRUE(this->commits(made) && this->commits(accepted));
  EXPECT_TRUE(std::holds_alternative<ClaimTaken>(this->commit(accepted)));
}

// X-05, X-26
TYPED_TEST_P(CallStoreContract, RefusedChangeKeepsNoKey) {
  const auto made = a_call(1, this->alice, this->bob);
  ASSERT_TRUE(this->commits(made) && this->commits(missed(made)));
  auto late = answered(made);
  late.claim = contract::a_claim(this->bob);
  EXPECT_TRUE(std::holds_alternative<VersionConflict>(this->commit(late)));
  EXPECT_FALSE(this->find_answer(this->bob, "k-1").has_value());
}

TYPED_TEST_P(CallStoreContract, SimultaneousTransitionsAreAnsweredIndividually) {
  std::vector<CommitResult> results(6, Unavailable{});
  const auto first = a_call(1, this->alice, this->bob);
  const std::vector<Transition> many = {
      first, a_call(2, this->alice, this->carol), a_call(3, this->carol, this->dan), first, answered(first), missed(first)};
  for (std::size_t i = 0; i < many.size(); ++i)
    this->world_.calls().commit(many[i], [&results, i](const CommitResult& result) { results[i] = result; });
  this->world_.settle();
  EXPECT_TRUE(std::holds_alternative<Committed>(results[0]));
  EXPECT_TRUE(std::holds_alternative<SlotTaken>(results[1]));
  EXPECT_TRUE(std::holds_alternative<Committed>(results[2]));
  EXPECT_TRUE(std::holds_alternative<VersionConflict>(results[3]));
  EXPECT_TRUE(std::holds_alternative<Committed>(results[4]));
  EXPECT_TRUE(std::holds_alternative<VersionConflict>(results[5]));
  EXPECT_EQ(this->load(call_id(1))->row, answered(first).row);
}

TYPED_TEST_P(CallStoreContract, WipeDeletesEverything) {
  auto made = a_call(1, this->alice, this->bob);
  made.claim = IdempotencyClaim{.owner = this->alice, .key = "k", .fingerprint = "f"};
  ASSERT_TRUE(this->commits(made));
  this->world_.calls().record_attempt(
      {.id = uuid(9, 1), .caller = this->carol, .callee = this->bob, .reason = "busy", .at = at(1)});
  this->template found<void>([&](auto done) { this->world_.calls().wipe(done); });
  EXPECT_FALSE(this->load(call_id(1)).has_value());
  EXPECT_FALSE(this->find(this->alice).has_value());
  EXPECT_FALSE(this->find_answer(this->alice, "k").has_value());
  EXPECT_TRUE(this->load_active().empty());
  this->alice = this->made(1, "alice");
  this->bob = this->made(2, "bob");
  EXPECT_TRUE(this->commits(made)) << "names, slots and ids are free again";
}

REGISTER_TYPED_TEST_SUITE_P(CallStoreContract, CreationReturnsBothParticipants, CallIsMadeAnsweredAndEnded, UnknownCallIsNotFound,
                            TakenSlotIsReportedWithItsUserAndTheirCall, BusyCallerIsReportedBeforeABusyCallee,
                            RefusedCreationTakesNoSlot, EveryFinalStatusFreesBothSlots, UnknownUserIsReportedBeforeAnythingElse,
                            InactiveUserCanNeitherCallNorBeCalled, StatusIsCheckedBeforeTheSlots,
                            SecondTransitionFromOneVersionIsAConflictAndChangesNothing,
                            TransitionOfACallThatWasNeverMadeIsAConflict, CreatingTheSameCallTwiceIsAConflictAlsoWhenItIsOver,
                            EveryFieldOfARowIsReadBackAsWritten, EveryEnumeratedValueIsReadBack,
                            ActiveCallsAreLoadedOldestFirstAndNoOthers, OverdueCallsAreThoseThatRingPastTheirDeadline,
                            EachTransitionLeavesOneRecordAndTheChainHolds, KeyOfACreationIsStoredWithIt,
                            RefusedCreationKeepsNoKey, UsedKeyCreatesNoSecondCall, KeyAndAnswerOfAnyStepAreStoredWithIt,
                            UsedKeyChangesNoCall, UsedKeyIsReportedBeforeAConflict, RefusedChangeKeepsNoKey,
                            SimultaneousTransitionsAreAnsweredIndividually, WipeDeletesEverything);

}  // namespace belfry::store::testing
