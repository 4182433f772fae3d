// The contract of the three ports for calls of more than two people, one suite for every adapter (store_contract.hpp explains
// World).
#pragma once

#include <gtest/gtest.h>

#include <algorithm>

#include "store/conversation_store.hpp"
#include "store/store_contract.hpp"

namespace belfry::store::testing {

template <class World>
class GroupCallContract : public StoreContract<World> {
 protected:
  void SetUp() override {
    std::uint32_t number = 1;
    for (const auto& [id, name] : {std::pair{&alice, "alice"}, {&bob, "bob"}, {&carol, "carol"}, {&dan, "dan"}})
      *id = this->made(number++, name);
  }
  /// bob calls alice and carol.
  Transition of_three(std::uint32_t number, WallTime when = at(0)) const {
    return a_group_call(number, bob, {alice, carol}, when);
  }
  std::vector<StoredCall> load_active() {
    return this->template found<std::vector<StoredCall>>([&](auto done) { this->world_.calls().load_active(100, done); });
  }
  HistoryPage history(const HistoryQuery& query) {
    return this->template found<HistoryPage>([&](auto done) { this->world_.archive().history(query, done); });
  }
  std::vector<CallId> current(UserId user, std::optional<WallTime> since = {}) {
    return ids(
        this->template found<std::vector<StoredCall>>([&](auto done) { this->world_.archive().current(user, since, done); }));
  }
  Statistics statistics(UserId user) {
    return this->template found<Statistics>([&](auto done) { this->world_.archive().statistics(user, {}, {}, done); });
  }
  std::vector<Violation> violations(WallTime now) {
    return this->template found<std::vector<Violation>>([&](auto done) { this->world_.archive().violations(now, done); });
  }
  PartsRefused::Parts refused(const Transition& start) {
    const auto result = this->commit(start);
    EXPECT_TRUE(std::holds_alternative<PartsRefused>(result));
    return std::holds_alternative<PartsRefused>(result) ? std::get<PartsRefused>(result).parts : PartsRefused::Parts{};
  }
  bool block(UserId user, UserId other) {
    return this->template found<bool>([&](auto done) { this->world_.conversations().block(user, other, at(1), done); });
  }
  /// A group of bob and these.
  ConversationId crew(std::vector<UserId> others) {
    using Opened = Expected<OpenedConversation, ConversationFault>;
    const ConversationId id = conversation_id(1);
    EXPECT_TRUE(this->template answer_of<Opened>([&](auto done) {
                      this->world_.conversations().open(
                          {.id = id, .creator = bob, .others = conversation::others_among(std::move(others), bob), .at = at(0)},
                          std::nullopt, done);
                    })
                    .has_value());
    return id;
  }
  std::optional<CallId> active_in(const ConversationId& id) {
    return this->template found<std::optional<CallId>>([&](auto done) { this->world_.calls().active_in(id, done); });
  }
  ConversationCall call_in(const ConversationId& id, UserId reader) {
    return this->template found<ConversationCall>([&](auto done) { this->world_.archive().call_in(id, reader, done); });
  }
  static std::vector<CallId> ids(const std::vector<StoredCall>& calls) {
    std::vector<CallId> all;
    for (const auto& each : calls) all.push_back(each.row.id);
    return all;
  }
  static std::vector<CallId> numbers(std::initializer_list<std::uint32_t> wanted) {
    std::vector<CallId> all;
    for (const auto number : wanted) all.push_back(call_id(number));
    return all;
  }
  static std::vector<std::string> names(const std::vector<account::Person>& people) {
    std::vector<std::string> all;
    for (const auto& each : people) all.push_back(each.username);
    return all;
  }
  const std::vector<std::string> in_order_of_legs_ = {"bob", "alice", "carol"};
  UserId alice, bob, carol, dan;
};

TYPED_TEST_SUITE_P(GroupCallContract);

TYPED_TEST_P(GroupCallContract, CreationReturnsAllParticipantsInTheOrderOfTheLegs) {
  const auto made = this->of_three(1);
  const auto result = this->commit(made);
  ASSERT_TRUE(std::holds_alternative<Committed>(result));
  EXPECT_EQ(this->names(std::get<Committed>(result).people), this->in_order_of_legs_);
  const auto fate = this->template found<std::optional<Committed>>(
      [&](auto done) { this->world_.calls().fate({.call = made.row.id, .version = 1, .hash = made.record.hash}, done); });
  ASSERT_TRUE(fate.has_value());
  EXPECT_EQ(this->names(fate->people), this->in_order_of_legs_) << "asked after the answer was lost";
}

TYPED_TEST_P(GroupCallContract, EveryLegIsReadBackAsWritten) {
  auto made = this->of_three(1);
  made.row.legs[2] = {.user = this->carol,
                      .state = call::LegState::ringing,
                      .session = session_id(9),
                      .device = "watch",
                      .invited = at(1),
                      .ringing = at(2),
                      .away = Away{.since = at(3), .until = at(4), .by_restart = true},
                      .media_alive = true};
  ASSERT_TRUE(this->commits(made));
  EXPECT_EQ(this->load(call_id(1))->row, made.row);
  const auto accepted = answered(made);
  ASSERT_TRUE(this->commits(accepted));
  EXPECT_EQ(this->load(call_id(1))->row, accepted.row);
  const auto over = ended(accepted);
  ASSERT_TRUE(this->commits(over));
  const auto call = this->load(call_id(1));
  EXPECT_EQ(call->row, over.row);
  EXPECT_EQ(this->names(call->people), this->in_order_of_legs_);
}

// J-2.3
TYPED_TEST_P(GroupCallContract, BusyCalleesAreReportedAndTheirLegSaysSo) {
  ASSERT_TRUE(this->commits(a_call(1, this->dan, this->carol)));
  EXPECT_EQ(this->refused(this->of_three(2)), (PartsRefused::Parts{{this->carol, PartsRefused::Why::busy}}));
  EXPECT_FALSE(this->load(call_id(2)).has_value());
  auto again = this->of_three(2);
  again.row.legs[2].state = call::LegState::busy;
  EXPECT_TRUE(this->commits(again));
}

// I-1, J-2.3
TYPED_TEST_P(GroupCallContract, CallerIsBusyFromTheStartAndACalleeFromTheAnswerOn) {
  const auto made = this->of_three(1);
  ASSERT_TRUE(this->commits(made));
  const auto held = [&](UserId user, std::uint32_t number) {
    const auto next = a_call(number, this->dan, user);
    const auto result = this->commit(next);
    if (std::holds_alternative<Committed>(result)) {
      EXPECT_TRUE(this->commits(missed(next)));
      return false;
    }
    EXPECT_EQ(std::get<SlotTaken>(result).held_by, call_id(1));
    return std::get<SlotTaken>(result).user == user;
  };
  EXPECT_TRUE(held(this->bob, 2));
  EXPECT_FALSE(held(this->alice, 3));
  const auto connected = answered(made);
  ASSERT_TRUE(this->commits(connected));
  EXPECT_TRUE(held(this->alice, 4));
  EXPECT_FALSE(held(this->carol, 5));
  auto row = connected.row;
  row.legs[1].state = call::LegState::left;
  row.legs[1].left = at(9'000);
  auto gone = chained(row, connected.row.tip, "leave", this->alice, at(9'000));
  gone.changed_legs = std::vector{this->alice};
  ASSERT_TRUE(this->commits(gone));
  EXPECT_FALSE(held(this->alice, 6));
}

// J-2.3
TYPED_TEST_P(GroupCallContract, AnswerOfAUserWhoIsInAnotherCallChangesNothing) {
  const auto made = this->of_three(1);
  ASSERT_TRUE(this->commits(made) && this->commits(a_call(2, this->dan, this->alice)));
  for (const bool all : {true, false}) {
    auto answer = answered(made);
    if (!all) answer.changed_legs = std::vector{this->alice};
    const auto result = this->commit(answer);
    ASSERT_TRUE(std::holds_alternative<SlotTaken>(result));
    EXPECT_EQ(std::get<SlotTaken>(result).user, this->alice);
    EXPECT_EQ(std::get<SlotTaken>(result).held_by, call_id(2));
  }
  EXPECT_EQ(this->load(call_id(1))->row, made.row);
}

// J-1.7
TYPED_TEST_P(GroupCallContract, BlockIsReportedUnlessTheLegIsSilent) {
  ASSERT_TRUE(this->block(this->carol, this->bob));
  EXPECT_EQ(this->refused(this->of_three(1)), (PartsRefused::Parts{{this->carol, PartsRefused::Why::blocked}}));
  ASSERT_TRUE(this->block(this->bob, this->alice));
  EXPECT_EQ(this->refused(this->of_three(1)).size(), 2U) << "in either direction";
  auto silent = this->of_three(1);
  silent.row.legs[1].bell = silent.row.legs[2].bell = Bell::silent;
  ASSERT_TRUE(this->commits(silent));
  EXPECT_EQ(this->load(call_id(1))->row, silent.row);
}

// J-1.7
TYPED_TEST_P(GroupCallContract, CallOfTwoBetweenWhomThereIsABlockIsRefused) {
  ASSERT_TRUE(this->block(this->carol, this->bob));
  for (const auto& [caller, callee] : {std::pair{this->bob, this->carol}, {this->carol, this->bob}}) {
    const auto result = this->commit(a_call(1, caller, callee));
    ASSERT_TRUE(std::holds_alternative<UserNotActive>(result));
    EXPECT_EQ(std::get<UserNotActive>(result).user, callee);
  }
  EXPECT_TRUE(this->commits(a_call(1, this->bob, this->alice)));
}

// J-2.1, J-2.4, J-5.1
TYPED_TEST_P(GroupCallContract, ConversationHasOneActiveCall) {
  const auto group = this->crew({this->alice, this->carol});
  const auto in_group = [&](Transition made) {
    made.row.conversation = group;
    return made;
  };
  const auto first = in_group(this->of_three(1));
  ASSERT_TRUE(this->commits(first));
  EXPECT_EQ(this->load(call_id(1))->row, first.row);
  EXPECT_EQ(this->active_in(group), call_id(1));
  const auto second = in_group(a_group_call(2, this->carol, {this->alice, this->bob}, at(100'000)));
  const auto taken = this->commit(second);
  ASSERT_TRUE(std::holds_alternative<ConversationTaken>(taken));
  EXPECT_EQ(std::get<ConversationTaken>(taken).held_by, call_id(1));
  ASSERT_TRUE(this->commits(missed(first)));
  EXPECT_FALSE(this->active_in(group));
  EXPECT_EQ(this->call_in(group, this->alice).call->row.id, call_id(1)) << "the latest";
  ASSERT_TRUE(this->commits(second));
  EXPECT_EQ(this->call_in(group, this->alice).call->row.id, call_id(2));
  EXPECT_EQ(this->call_in(group, this->dan).reader, ConversationCall::Reader::stranger);
  EXPECT_FALSE(this->call_in(group, this->dan).call);
  EXPECT_TRUE(this->violations(at(0)).empty());
}

// J-2.4, X-26
TYPED_TEST_P(GroupCallContract, KeyOfACreationIsStoredWithItAndItsAnswer) {
  const auto kept = [&] {
    return this->template found<std::optional<KeptAnswer>>(
        [&](auto done) { this->world_.accounts().find_answer(this->bob, "k", done); });
  };
  auto made = this->of_three(1);
  made.claim = {.owner = this->bob, .key = "k", .fingerprint = "f", .answer = {.status = 201, .body = "b"}};
  made.row.conversation = this->crew({this->alice});
  EXPECT_EQ(this->refused(made).size(), 1U);
  EXPECT_FALSE(kept().has_value());
  made.row.conversation.reset();
  ASSERT_TRUE(this->commits(made));
  ASSERT_TRUE(kept().has_value());
  EXPECT_EQ(kept()->call, call_id(1));
  EXPECT_EQ(kept()->status, 201);
  EXPECT_EQ(kept()->body, "b");
  ASSERT_TRUE(this->commits(missed(made)));
  auto again = this->of_three(2);
  again.claim = made.claim;
  EXPECT_TRUE(std::holds_alternative<ClaimTaken>(this->commit(again)));
  EXPECT_FALSE(this->load(call_id(2)).has_value());
}

//
TYPED_TEST_P(GroupCallContract, WhoIsNotInTheConversationIsReported) {
  auto made = this->of_three(1);
  made.row.conversation = this->crew({this->alice});
  EXPECT_EQ(this->refused(made), (PartsRefused::Parts{{this->carol, PartsRefused::Why::not_in_conversation}}));
  made.row.conversation = conversation_id(99);
  EXPECT_EQ(this->refused(made).size(), 3U) << "the caller too";
}

// I-4
TYPED_TEST_P(GroupCallContract, EndFreesTheSlotsOfAllThree) {
  const auto made = this->of_three(1);
  ASSERT_TRUE(this->commits(made) && this->commits(answered(made)) && this->commits(ended(answered(made))));
  std::uint32_t number = 2;
  for (const auto& user : {this->alice, this->bob, this->carol}) {
    const auto next = a_call(number++, user, this->dan);
    ASSERT_TRUE(this->commits(next));
    ASSERT_TRUE(this->commits(missed(next)));
  }
  EXPECT_TRUE(this->violations(at(0)).empty());
}

// R-001-62, R-001-63
TYPED_TEST_P(GroupCallContract, UserWhoCannotBeCalledIsReportedForAnyLeg) {
  const auto unknown = this->commit(a_group_call(1, this->bob, {this->alice, user_id(99)}));
  ASSERT_TRUE(std::holds_alternative<UserUnknown>(unknown));
  EXPECT_EQ(std::get<UserUnknown>(unknown).user, user_id(99));
  this->set_status(this->carol, account::UserStatus::blocked);
  const auto blocked = this->commit(this->of_three(1));
  ASSERT_TRUE(std::holds_alternative<PartsRefused>(blocked));
  EXPECT_EQ(std::get<PartsRefused>(blocked).parts, (PartsRefused::Parts{{this->carol, PartsRefused::Why::not_active}}));
  EXPECT_TRUE(this->commits(a_call(1, this->alice, this->bob)));
}

TYPED_TEST_P(GroupCallContract, IsLoadedAsActiveAndBecomesOverdue) {
  const auto first = this->of_three(1, at(1'000));
  ASSERT_TRUE(this->commits(first));
  const auto active = this->load_active();
  ASSERT_EQ(active.size(), 1U);
  EXPECT_EQ(active[0].row, first.row);
  EXPECT_EQ(this->names(active[0].people), this->in_order_of_legs_);
  const auto late =
      this->template found<std::vector<CallId>>([&](auto done) { this->world_.calls().overdue(at(61'001), 10, done); });
  EXPECT_EQ(late, this->numbers({1}));
}

// R-001-70, R-001-72
TYPED_TEST_P(GroupCallContract, IsInTheHistoryOfEachAmongTheirOtherCalls) {
  const auto two = a_call(1, this->carol, this->alice, at(0));
  ASSERT_TRUE(this->commits(two) && this->commits(missed(two)));
  const auto three = this->of_three(2, at(100'000));
  ASSERT_TRUE(this->commits(three) && this->commits(missed(three, at(160'000))));
  const auto last = a_call(3, this->alice, this->carol, at(200'000));
  ASSERT_TRUE(this->commits(last) && this->commits(missed(last, at(260'000))));
  EXPECT_EQ(this->ids(this->history({.user = this->bob}).calls), this->numbers({2}));
  for (const auto& user : {this->alice, this->carol}) {
    const auto page = this->history({.user = user});
    EXPECT_EQ(page.total, 3U);
    ASSERT_EQ(this->ids(page.calls), this->numbers({3, 2, 1}));
    EXPECT_EQ(page.calls[1].row, missed(three, at(160'000)).row);
    EXPECT_EQ(this->names(page.calls[1].people), this->in_order_of_legs_);
    const auto second = this->history({.user = user, .page = {.number = 2, .limit = 1}});
    EXPECT_EQ(this->ids(second.calls), this->numbers({2}));
    const auto behind = this->history({.user = user, .page = {.limit = 2}, .after = Cursor{at(200'000), call_id(3)}});
    EXPECT_EQ(this->ids(behind.calls), this->numbers({2, 1}));
  }
  EXPECT_EQ(this->history({.user = this->dan}).total, 0U);
}

// R-001-69, R-001-76
TYPED_TEST_P(GroupCallContract, IsIncomingForAllButItsCaller) {
  auto three = this->of_three(1);
  three.row.media = call::CallType::video;
  ASSERT_TRUE(this->commits(three) && this->commits(answered(three)) && this->commits(ended(answered(three))));
  const auto found = [&](const HistoryQuery& query) {
    const auto page = this->history(query);
    EXPECT_EQ(page.total, page.calls.size());
    return page.calls.size();
  };
  EXPECT_EQ(found({.user = this->bob, .direction = Direction::outgoing}), 1U);
  EXPECT_EQ(found({.user = this->bob, .direction = Direction::incoming}), 0U);
  EXPECT_EQ(this->statistics(this->bob).outgoing, 1U);
  for (const auto& user : {this->alice, this->carol}) {
    EXPECT_EQ(found({.user = user, .direction = Direction::incoming}), 1U);
    EXPECT_EQ(found({.user = user, .direction = Direction::outgoing}), 0U);
    EXPECT_EQ(found({.user = user, .media = call::CallType::video, .status = call::Status::ended}), 1U);
    EXPECT_EQ(found({.user = user, .media = call::CallType::audio}), 0U);
    EXPECT_EQ(found({.user = user, .status = call::Status::missed}), 0U);
    EXPECT_EQ(found({.user = user, .from = at(0), .to = at(1)}), 1U);
    EXPECT_EQ(found({.user = user, .from = at(1)}), 0U);
    const auto all = this->statistics(user);
    EXPECT_EQ(all.incoming, 1U);
    EXPECT_EQ(all.total_calls, 1U);
    EXPECT_EQ(all.video_calls, 1U);
    EXPECT_EQ(all.calls_with_duration, 1U);
  }
}

TYPED_TEST_P(GroupCallContract, IsCurrentForEachWhileActiveAndIfItEndedSince) {
  const auto made = this->of_three(1);
  ASSERT_TRUE(this->commits(made));
  for (const auto& user : {this->alice, this->bob, this->carol}) EXPECT_EQ(this->current(user), this->numbers({1}));
  ASSERT_TRUE(this->commits(missed(made)));
  for (const auto& user : {this->alice, this->bob, this->carol}) {
    EXPECT_TRUE(this->current(user).empty());
    EXPECT_EQ(this->current(user, at(60'000)), this->numbers({1}));
    EXPECT_TRUE(this->current(user, at(60'001)).empty());
  }
}

// R-001-60
TYPED_TEST_P(GroupCallContract, AuditIsFoundByEachParticipant) {
  ASSERT_TRUE(this->commits(this->of_three(1)));
  for (const auto& [user, records] : {std::pair{this->alice, 1U}, {this->bob, 1U}, {this->carol, 1U}, {this->dan, 0U}}) {
    const auto entries = this->template found<std::vector<AuditEntry>>(
        [&, who = user](auto done) { this->world_.archive().audit({.user = who}, done); });
    EXPECT_EQ(entries.size(), records);
  }
}

// I-1 ... I-8
TYPED_TEST_P(GroupCallContract, LegThatRingsInAConnectedCallIsNoViolation) {
  const auto made = this->of_three(1);
  ASSERT_TRUE(this->commits(made) && this->commits(answered(made)));
  ASSERT_TRUE(this->commits(a_group_call(2, this->dan, {this->made(5, "eve"), this->made(6, "fred")})));
  EXPECT_TRUE(this->violations(at(60'000)).empty());
}

TYPED_TEST_P(GroupCallContract, SimultaneousTransitionsWithASharedUserAreAnsweredIndividually) {
  std::vector<CommitResult> results(4, Unavailable{});
  const auto first = this->of_three(1);
  const std::vector<Transition> many = {first, a_call(2, this->dan, this->carol), answered(first), missed(first)};
  for (std::size_t i = 0; i < many.size(); ++i)
    this->world_.calls().commit(many[i], [&results, i](const CommitResult& result) { results[i] = result; });
  this->world_.settle();
  EXPECT_TRUE(std::holds_alternative<Committed>(results[0]));
  EXPECT_TRUE(std::holds_alternative<Committed>(results[1])) << "who only rings in a group is free";
  EXPECT_TRUE(std::holds_alternative<Committed>(results[2]));
  EXPECT_TRUE(std::holds_alternative<VersionConflict>(results[3]));
}

// J-8.1: it is decided at the start, and no later transition changes it.
TYPED_TEST_P(GroupCallContract, ProviderOfACallIsReadBackWhateverItsForm) {
  auto of_two = a_call(1, this->alice, this->dan), group = a_group_call(2, this->bob, {this->carol});
  of_two.row.provider = call::Provider::livekit;
  group.row.provider = call::Provider::agora;
  group.row.legs[1].bell = Bell::silent;
  for (const auto& made : {of_two, group}) {
    const auto result = this->commit(made);
    ASSERT_TRUE(std::holds_alternative<Committed>(result));
    EXPECT_EQ(std::get<Committed>(result).people.size(), made.row.legs.size());
    EXPECT_EQ(this->load(made.row.id)->row, made.row);
  }
  ASSERT_TRUE(this->commits(answered(of_two)));
  EXPECT_EQ(this->load(call_id(1))->row.provider, call::Provider::livekit);
  auto busy = a_call(3, this->carol, this->dan);
  busy.row.provider = call::Provider::agora;
  const auto refused = this->commit(busy);
  ASSERT_TRUE(std::holds_alternative<SlotTaken>(refused));
  EXPECT_EQ(std::get<SlotTaken>(refused).held_by, call_id(1));
  EXPECT_FALSE(this->load(call_id(3)).has_value());
}

TYPED_TEST_P(GroupCallContract, CallAtAProviderIsMadeOnceForAnIdempotencyKey) {
  auto made = a_call(1, this->alice, this->dan), again = a_call(2, this->alice, this->dan);
  for (auto* each : {&made, &again}) {
    each->row.provider = call::Provider::agora;
    each->claim = IdempotencyClaim{.owner = this->alice, .key = "k", .fingerprint = "f"};
  }
  ASSERT_TRUE(this->commits(made));
  EXPECT_FALSE(this->commits(again));
}

REGISTER_TYPED_TEST_SUITE_P(GroupCallContract, CreationReturnsAllParticipantsInTheOrderOfTheLegs, EveryLegIsReadBackAsWritten,
                            BusyCalleesAreReportedAndTheirLegSaysSo, CallerIsBusyFromTheStartAndACalleeFromTheAnswerOn,
                            AnswerOfAUserWhoIsInAnotherCallChangesNothing, BlockIsReportedUnlessTheLegIsSilent,
                            CallOfTwoBetweenWhomThereIsABlockIsRefused, ConversationHasOneActiveCall,
                            WhoIsNotInTheConversationIsReported, EndFreesTheSlotsOfAllThree,
                            UserWhoCannotBeCalledIsReportedForAnyLeg, IsLoadedAsActiveAndBecomesOverdue,
                            IsInTheHistoryOfEachAmongTheirOtherCalls, IsIncomingForAllButItsCaller,
                            IsCurrentForEachWhileActiveAndIfItEndedSince, AuditIsFoundByEachParticipant,
                            LegThatRingsInAConnectedCallIsNoViolation, ProviderOfACallIsReadBackWhateverItsForm,
                            CallAtAProviderIsMadeOnceForAnIdempotencyKey, KeyOfACreationIsStoredWithItAndItsAnswer,
                            SimultaneousTransitionsWithASharedUserAreAnsweredIndividually);

}  // namespace belfry::store::testing
