// The contract of the three ports for calls of more than two people.

#include <gtest/gtest.h>

#include <algorithm>

#include "store/contract_suite.hpp"
#include "store/conversation_store.hpp"

namespace belfry::store::testing {
namespace {

class GroupCallContract : public FourUsersContract {
 protected:
  /// bob calls alice and carol.
  Transition of_three(std::uint32_t number, WallTime when = at(0)) const {
    return a_group_call(number, bob, {alice, carol}, when);
  }
  std::vector<StoredCall> load_active() {
    return found<std::vector<StoredCall>>([&](auto done) { world_.calls().load_active(100, done); });
  }
  std::vector<Violation> violations(WallTime now) {
    return found<std::vector<Violation>>([&](auto done) { world_.archive().violations(now, done); });
  }
  PartsRefused::Parts refused(const Transition& start) {
    const auto result = commit(start);
    EXPECT_TRUE(std::holds_alternative<PartsRefused>(result));
    return std::holds_alternative<PartsRefused>(result) ? std::get<PartsRefused>(result).parts : PartsRefused::Parts{};
  }
  bool block(UserId user, UserId other) {
    return found<bool>([&](auto done) { world_.conversations().block(user, other, at(1), done); });
  }
  /// A group of bob and these.
  ConversationId crew(std::vector<UserId> others) {
    using Opened = Expected<OpenedConversation, ConversationFault>;
    const ConversationId id = conversation_id(1);
    EXPECT_TRUE(answer_of<Opened>([&](auto done) {
                  world_.conversations().open(
                      {.id = id, .creator = bob, .others = conversation::others_among(std::move(others), bob), .at = at(0)},
                      std::nullopt, done);
                }).has_value());
    return id;
  }
  std::optional<CallId> active_in(const ConversationId& id) {
    return found<std::optional<CallId>>([&](auto done) { world_.calls().active_in(id, done); });
  }
  ConversationCall call_in(const ConversationId& id, UserId reader) {
    return found<ConversationCall>([&](auto done) { world_.archive().call_in(id, reader, done); });
  }
  const std::vector<std::string> in_order_of_legs_ = {"bob", "alice", "carol"};
};

INSTANTIATE_TEST_SUITE_P(Stores, GroupCallContract, ::testing::ValuesIn(stores_under_test()), name_of);

TEST_P(GroupCallContract, CreationReturnsAllParticipantsInTheOrderOfTheLegs) {
  const auto made = of_three(1);
  const auto result = commit(made);
  ASSERT_TRUE(std::holds_alternative<Committed>(result));
  EXPECT_EQ(names(std::get<Committed>(result).people), in_order_of_legs_);
  const auto fate = found<std::optional<Committed>>(
      [&](auto done) { world_.calls().fate({.call = made.row.id, .version = 1, .hash = made.record.hash}, done); });
  ASSERT_TRUE(fate.has_value());
  EXPECT_EQ(names(fate->people), in_order_of_legs_) << "asked after the answer was lost";
}

TEST_P(GroupCallContract, EveryLegIsReadBackAsWritten) {
  auto made = of_three(1);
  made.row.legs[2] = {.user = carol,
                      .state = call::LegState::ringing,
                      .session = session_id(9),
                      .device = "watch",
                      .invited = at(1),
                      .ringing = at(2),
                      .away = Away{.since = at(3), .until = at(4), .by_restart = true},
                      .media_alive = true};
  ASSERT_TRUE(commits(made));
  EXPECT_EQ(load(call_id(1))->row, made.row);
  const auto accepted = answered(made);
  ASSERT_TRUE(commits(accepted));
  EXPECT_EQ(load(call_id(1))->row, accepted.row);
  const auto over = ended(accepted);
  ASSERT_TRUE(commits(over));
  const auto call = load(call_id(1));
  EXPECT_EQ(call->row, over.row);
  EXPECT_EQ(names(call->people), in_order_of_legs_);
}

// J-2.3
TEST_P(GroupCallContract, BusyCalleesAreReportedAndTheirLegSaysSo) {
  ASSERT_TRUE(commits(a_call(1, dan, carol)));
  EXPECT_EQ(refused(of_three(2)), (PartsRefused::Parts{{carol, PartsRefused::Why::busy}}));
  EXPECT_FALSE(load(call_id(2)).has_value());
  auto again = of_three(2);
  again.row.legs[2].state = call::LegState::busy;
  EXPECT_TRUE(commits(again));
}

// I-1, J-2.3
TEST_P(GroupCallContract, CallerIsBusyFromTheStartAndACalleeFromTheAnswerOn) {
  const auto made = of_three(1);
  ASSERT_TRUE(commits(made));
  const auto held = [&](UserId user, std::uint32_t number) {
    const auto next = a_call(number, dan, user);
    const auto result = commit(next);
    if (std::holds_alternative<Committed>(result)) {
      EXPECT_TRUE(commits(missed(next)));
      return false;
    }
    EXPECT_EQ(std::get<SlotTaken>(result).held_by, call_id(1));
    return std::get<SlotTaken>(result).user == user;
  };
  EXPECT_TRUE(held(bob, 2));
  EXPECT_FALSE(held(alice, 3));
  const auto connected = answered(made);
  ASSERT_TRUE(commits(connected));
  EXPECT_TRUE(held(alice, 4));
  EXPECT_FALSE(held(carol, 5));
  auto row = connected.row;
  row.legs[1].state = call::LegState::left;
  row.legs[1].left = at(9'000);
  auto gone = chained(row, connected.row.tip, "leave", alice, at(9'000));
  gone.changed_legs = std::vector{alice};
  ASSERT_TRUE(commits(gone));
  EXPECT_FALSE(held(alice, 6));
}

// J-2.3
TEST_P(GroupCallContract, AnswerOfAUserWhoIsInAnotherCallChangesNothing) {
  const auto made = of_three(1);
  ASSERT_TRUE(commits(made) && commits(a_call(2, dan, alice)));
  for (const bool all : {true, false}) {
    auto answer = answered(made);
    if (!all) answer.changed_legs = std::vector{alice};
    const auto result = commit(answer);
    ASSERT_TRUE(std::holds_alternative<SlotTaken>(result));
    EXPECT_EQ(std::get<SlotTaken>(result).user, alice);
    EXPECT_EQ(std::get<SlotTaken>(result).held_by, call_id(2));
  }
  EXPECT_EQ(load(call_id(1))->row, made.row);
}

// J-1.7
TEST_P(GroupCallContract, BlockIsReportedUnlessTheLegIsSilent) {
  ASSERT_TRUE(block(carol, bob));
  EXPECT_EQ(refused(of_three(1)), (PartsRefused::Parts{{carol, PartsRefused::Why::blocked}}));
  ASSERT_TRUE(block(bob, alice));
  EXPECT_EQ(refused(of_three(1)).size(), 2U) << "in either direction";
  auto silent = of_three(1);
  silent.row.legs[1].bell = silent.row.legs[2].bell = Bell::silent;
  ASSERT_TRUE(commits(silent));
  EXPECT_EQ(load(call_id(1))->row, silent.row);
}

// J-1.7
TEST_P(GroupCallContract, CallOfTwoBetweenWhomThereIsABlockIsRefused) {
  ASSERT_TRUE(block(carol, bob));
  for (const auto& [caller, callee] : {std::pair{bob, carol}, {carol, bob}}) {
    const auto result = commit(a_call(1, caller, callee));
    ASSERT_TRUE(std::holds_alternative<UserNotActive>(result));
    EXPECT_EQ(std::get<UserNotActive>(result).user, callee);
  }
  EXPECT_TRUE(commits(a_call(1, bob, alice)));
}

// J-2.1, J-2.4, J-5.1
TEST_P(GroupCallContract, ConversationHasOneActiveCall) {
  const auto group = crew({alice, carol});
  const auto in_group = [&](Transition made) {
    made.row.conversation = group;
    return made;
  };
  const auto first = in_group(of_three(1));
  ASSERT_TRUE(commits(first));
  EXPECT_EQ(load(call_id(1))->row, first.row);
  EXPECT_EQ(active_in(group), call_id(1));
  const auto second = in_group(a_group_call(2, carol, {alice, bob}, at(100'000)));
  const auto taken = commit(second);
  ASSERT_TRUE(std::holds_alternative<ConversationTaken>(taken));
  EXPECT_EQ(std::get<ConversationTaken>(taken).held_by, call_id(1));
  ASSERT_TRUE(commits(missed(first)));
  EXPECT_FALSE(active_in(group));
  EXPECT_EQ(call_in(group, alice).call->row.id, call_id(1)) << "the latest";
  ASSERT_TRUE(commits(second));
  EXPECT_EQ(call_in(group, alice).call->row.id, call_id(2));
  EXPECT_EQ(call_in(group, dan).reader, ConversationCall::Reader::stranger);
  EXPECT_FALSE(call_in(group, dan).call);
  EXPECT_TRUE(violations(at(0)).empty());
}

// J-2.4, X-26
TEST_P(GroupCallContract, KeyOfACreationIsStoredWithItAndItsAnswer) {
  const auto kept = [&] {
    return found<std::optional<KeptAnswer>>([&](auto done) { world_.accounts().find_answer(bob, "k", done); });
  };
  auto made = of_three(1);
  made.claim = {.owner = bob, .key = "k", .fingerprint = "f", .answer = {.status = 201, .body = "b"}};
  made.row.conversation = crew({alice});
  EXPECT_EQ(refused(made).size(), 1U);
  EXPECT_FALSE(kept().has_value());
  made.row.conversation.reset();
  ASSERT_TRUE(commits(made));
  ASSERT_TRUE(kept().has_value());
  EXPECT_EQ(kept()->call, call_id(1));
  EXPECT_EQ(kept()->status, 201);
  EXPECT_EQ(kept()->body, "b");
  ASSERT_TRUE(commits(missed(made)));
  auto again = of_three(2);
  again.claim = made.claim;
  EXPECT_TRUE(std::holds_alternative<ClaimTaken>(commit(again)));
  EXPECT_FALSE(load(call_id(2)).has_value());
}

//
TEST_P(GroupCallContract, WhoIsNotInTheConversationIsReported) {
  auto made = of_three(1);
  made.row.conversation = crew({alice});
  EXPECT_EQ(refused(made), (PartsRefused::Parts{{carol, PartsRefused::Why::not_in_conversation}}));
  made.row.conversation = conversation_id(99);
  EXPECT_EQ(refused(made).size(), 3U) << "the caller too";
}

// I-4
TEST_P(GroupCallContract, EndFreesTheSlotsOfAllThree) {
  const auto made = of_three(1);
  ASSERT_TRUE(commits(made) && commits(answered(made)) && commits(ended(answered(made))));
  std::uint32_t number = 2;
  for (const auto& user : {alice, bob, carol}) {
    const auto next = a_call(number++, user, dan);
    ASSERT_TRUE(commits(next));
    ASSERT_TRUE(commits(missed(next)));
  }
  EXPECT_TRUE(violations(at(0)).empty());
}

// R-001-62, R-001-63
TEST_P(GroupCallContract, UserWhoCannotBeCalledIsReportedForAnyLeg) {
  const auto unknown = commit(a_group_call(1, bob, {alice, user_id(99)}));
  ASSERT_TRUE(std::holds_alternative<UserUnknown>(unknown));
  EXPECT_EQ(std::get<UserUnknown>(unknown).user, user_id(99));
  set_status(carol, account::UserStatus::blocked);
  const auto blocked = commit(of_three(1));
  ASSERT_TRUE(std::holds_alternative<PartsRefused>(blocked));
  EXPECT_EQ(std::get<PartsRefused>(blocked).parts, (PartsRefused::Parts{{carol, PartsRefused::Why::not_active}}));
  EXPECT_TRUE(commits(a_call(1, alice, bob)));
}

TEST_P(GroupCallContract, IsLoadedAsActiveAndBecomesOverdue) {
  const auto first = of_three(1, at(1'000));
  ASSERT_TRUE(commits(first));
  const auto active = load_active();
  ASSERT_EQ(active.size(), 1U);
  EXPECT_EQ(active[0].row, first.row);
  EXPECT_EQ(names(active[0].people), in_order_of_legs_);
  const auto late = found<std::vector<CallId>>([&](auto done) { world_.calls().overdue(at(61'001), 10, done); });
  EXPECT_EQ(late, numbers({1}));
}

// I-1 ... I-8
TEST_P(GroupCallContract, LegThatRingsInAConnectedCallIsNoViolation) {
  const auto made = of_three(1);
  ASSERT_TRUE(commits(made) && commits(answered(made)));
  ASSERT_TRUE(commits(a_group_call(2, dan, {this->made(5, "eve"), this->made(6, "fred")})));
  EXPECT_TRUE(violations(at(60'000)).empty());
}

TEST_P(GroupCallContract, SimultaneousTransitionsWithASharedUserAreAnsweredIndividually) {
  std::vector<CommitResult> results(4, Unavailable{});
  const auto first = of_three(1);
  const std::vector<Transition> many = {first, a_call(2, dan, carol), answered(first), missed(first)};
  for (std::size_t i = 0; i < many.size(); ++i)
    world_.calls().commit(many[i], [&results, i](const CommitResult& result) { results[i] = result; });
  world_.settle();
  EXPECT_TRUE(std::holds_alternative<Committed>(results[0]));
  EXPECT_TRUE(std::holds_alternative<Committed>(results[1])) << "who only rings in a group is free";
  EXPECT_TRUE(std::holds_alternative<Committed>(results[2]));
  EXPECT_TRUE(std::holds_alternative<VersionConflict>(results[3]));
}

// J-8.1: it is decided at the start, and no later transition changes it.
TEST_P(GroupCallContract, ProviderOfACallIsReadBackWhateverItsForm) {
  auto of_two = a_call(1, alice, dan), group = a_group_call(2, bob, {carol});
  of_two.row.provider = call::Provider::livekit;
  group.row.provider = call::Provider::agora;
  group.row.legs[1].bell = Bell::silent;
  for (const auto& made : {of_two, group}) {
    const auto result = commit(made);
    ASSERT_TRUE(std::holds_alternative<Committed>(result));
    EXPECT_EQ(std::get<Committed>(result).people.size(), made.row.legs.size());
    EXPECT_EQ(load(made.row.id)->row, made.row);
  }
  ASSERT_TRUE(commits(answered(of_two)));
  EXPECT_EQ(load(call_id(1))->row.provider, call::Provider::livekit);
  auto busy = a_call(3, carol, dan);
  busy.row.provider = call::Provider::agora;
  const auto refused = commit(busy);
  ASSERT_TRUE(std::holds_alternative<SlotTaken>(refused));
  EXPECT_EQ(std::get<SlotTaken>(refused).held_by, call_id(1));
  EXPECT_FALSE(load(call_id(3)).has_value());
}

// J-1.5: as the start gave it, whatever else such a start may bring with it.
TEST_P(GroupCallContract, RingTargetsOfACallAreReadBackWhateverItsForm) {
  auto of_two = a_call(1, alice, dan), group = a_group_call(2, bob, {carol});
  group.row.legs[1].bell = Bell::silent;
  group.row.provider = call::Provider::agora;
  group.claim = {.owner = bob, .key = "k", .fingerprint = "f", .answer = {.status = 201, .body = "b"}};
  for (auto* made : {&of_two, &group}) {
    made->row.ring_targets = call::RingTargets::online;
    const auto result = commit(*made);
    ASSERT_TRUE(std::holds_alternative<Committed>(result));
    EXPECT_EQ(std::get<Committed>(result).people.size(), made->row.legs.size());
    EXPECT_EQ(load(made->row.id)->row, made->row);
  }
  ASSERT_TRUE(commits(answered(of_two)));
  EXPECT_EQ(load(call_id(1))->row.ring_targets, call::RingTargets::online);
  const auto kept = found<std::optional<KeptAnswer>>([&](auto done) { world_.accounts().find_answer(bob, "k", done); });
  ASSERT_TRUE(kept.has_value());
  EXPECT_EQ(kept->call, call_id(2));
  EXPECT_EQ(kept->body, "b");
  auto busy = a_call(3, carol, dan);
  busy.row.ring_targets = call::RingTargets::online;
  const auto refused = commit(busy);
  ASSERT_TRUE(std::holds_alternative<SlotTaken>(refused));
  EXPECT_EQ(std::get<SlotTaken>(refused).held_by, call_id(1));
  EXPECT_FALSE(load(call_id(3)).has_value());
}

TEST_P(GroupCallContract, CallAtAProviderIsMadeOnceForAnIdempotencyKey) {
  auto made = a_call(1, alice, dan), again = a_call(2, alice, dan);
  for (auto* each : {&made, &again}) {
    each->row.provider = call::Provider::agora;
    each->claim = IdempotencyClaim{.owner = alice, .key = "k", .fingerprint = "f"};
  }
  ASSERT_TRUE(commits(made));
  EXPECT_FALSE(commits(again));
}

}  // namespace
}  // namespace belfry::store::testing
