// Rows that were changed by hand: a call that cannot be hosted is left out, and the server goes on.
#include "app/calls/flaw.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/calls/world_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

using call::Status;
using ::testing::Contains;

store::CallRow a_row() {
  store::CallRow row;
  row.version = 1;
  set_people(row, user_numbered(1), user_numbered(2));
  return row;
}

TEST(Flaw, RowAsAServerWritesItHasNone) {
  store::CallRow row = a_row();
  EXPECT_TRUE(check_row(row));
  row.legs.push_back({.user = user_numbered(3)});
  row.callee.reset();
  EXPECT_TRUE(check_row(row)) << "a call of three has no recipient";
}

TEST(Flaw, RowThatNoServerWritesIsNamed) {
  store::CallRow row = a_row();
  row.version = 0;
  EXPECT_FALSE(check_row(row));
  row = a_row();
  row.unknown_word = true;
  EXPECT_FALSE(check_row(row));
  row = a_row();
  row.legs[1].user = UserId{};
  EXPECT_FALSE(check_row(row));
  row = a_row();
  row.legs.pop_back();
  EXPECT_FALSE(check_row(row));
  row = a_row();
  row.status = Status::connected;
  EXPECT_FALSE(check_row(row));
  row.started = row.created;
  EXPECT_TRUE(check_row(row));
  row.status = Status::ended;
  row.ended = row.created;
  EXPECT_FALSE(check_row(row)) << "why it ended is not known";
  row.end_reason = call::EndReason::hangup;
  EXPECT_TRUE(check_row(row));
  row.ended.reset();
  EXPECT_FALSE(check_row(row));
}

class RowsChangedByHand : public ::testing::Test {
 protected:
  CallId connected(std::vector<UserId> more = {}) {
    const CallId call =
        world.start(alice, 2, [&](StartCall& request) { request.more = more, request.ring = call::RingPolicy::immediate; });
    world.settle();
    world.accept(bob, call);
    world.settle();
    return call;
  }
  void delete_participant(const CallId& call, const Phone& phone) {
    auto& stored = world.store.calls.at(call);
    std::erase_if(stored.row.legs, [&](const store::Leg& leg) { return leg.user == phone.me.user; });
    std::erase_if(stored.people, [&](const account::Person& person) { return person.id == phone.me.user; });
  }
  void read_again(const CallId& call) {
    world.nodes[0]->calls[0]->catch_up(call);
    world.settle();
  }
  Refusal refusal() { return world.answers.back().front().error().why; }
  bool knows(const Phone& phone) { return !world.nodes[0]->shared.calls_of(phone.me.user).empty(); }
  std::int64_t active() { return world.nodes[0]->shared.stats().active; }

  World world;
  Phone alice = world.phone(1), bob = world.phone(2), carol = world.phone(3), dan = world.phone(4);
};

TEST_F(RowsChangedByHand, ParticipantWhoseRowWasDeletedHasNoPartAnyMoreAndTheOthersTalkOn) {
  const CallId call = connected({carol.me.user, dan.me.user});
  delete_participant(call, carol);
  read_again(call);
  EXPECT_FALSE(knows(carol));
  world.accept(carol, call);
  world.settle();
  EXPECT_EQ(refusal(), Refusal::call_not_found);
  world.accept(dan, call);
  world.settle();
  EXPECT_EQ(alice.received("accepted"), 2U);
  world.end(alice, call);
  world.settle();
  EXPECT_EQ(bob.received("joined"), 1U);
  EXPECT_EQ(carol.received("ended"), 0U);
}

TEST_F(RowsChangedByHand, SignalThatWaitsFromAParticipantWhoseRowWasDeletedIsDropped) {
  const CallId call = connected({carol.me.user, dan.me.user});
  world.accept(carol, call);
  world.settle();
  world.disconnect(bob, Departure::lost);
  world.settle();
  for (const int sender : {1, 3}) world.signal(world.rest(sender), call, world.names.at(sender), 0, bob.me.user);
  world.settle();
  delete_participant(call, carol);
  read_again(call);
  const Phone back = world.phone(2);
  world.settle();
  EXPECT_EQ(back.received("signal alice"), 1U);
  EXPECT_EQ(back.received("signal carol"), 0U);
}

TEST_F(RowsChangedByHand, CallWithTooFewParticipantsIsLeftOutAndLogged) {
  world.log.keep = true;
  const CallId call = connected({carol.me.user});
  delete_participant(call, bob);
  delete_participant(call, carol);
  read_again(call);
  EXPECT_THAT(world.log.lines, Contains("a stored call was changed by hand and is left out"));
  for (const Phone& phone : {alice, bob, carol}) EXPECT_FALSE(knows(phone));
  EXPECT_EQ(active(), 0);
  world.signal(bob, call, "x", 0, alice.me.user);
  world.settle();
  ASSERT_FALSE(world.answers.back().front().has_value()) << "its routes are gone";
  EXPECT_EQ(refusal(), Refusal::call_not_found);
  world.end(alice, call);
  world.settle();
  EXPECT_EQ(refusal(), Refusal::call_not_found);
}

TEST_F(RowsChangedByHand, CallWhoseRowWasDeletedIsForgottenWithItsAlarm) {
  const CallId call = world.start(alice, 2);
  world.settle();
  world.store.calls.erase(call);
  world.pass(40s);
  EXPECT_EQ(bob.received("missed"), 0U);
  EXPECT_FALSE(knows(alice));
  EXPECT_FALSE(knows(bob));
  EXPECT_EQ(active(), 0);
}

TEST_F(RowsChangedByHand, EndedCallWithoutAReasonIsLeftOutAndLogged) {
  world.log.keep = true;
  const CallId call = connected();
  world.end(alice, call);
  world.pass(1min);
  world.store.calls.at(call).row.end_reason.reset();
  world.end(bob, call);
  world.settle();
  EXPECT_EQ(refusal(), Refusal::call_not_found);
  EXPECT_THAT(world.log.lines, Contains("a stored call was changed by hand and is left out"));
}

// The database's CHECK can be dropped, or ignored.
TEST_F(RowsChangedByHand, CallThatCannotBeReadAfterARestartIsLeftOut) {
  const CallId call = connected();
  World again({.seed = 2});
  again.clock.pass(world.clock.now() - again.clock.now());
  again.store = world.store;
  again.store.calls.at(call).row.started.reset();
  again.nodes[0]->calls[0]->restore({{again.store.calls.at(call), again.clock.wall()}});
  const Phone alice_again = again.phone(1);
  again.settle();
  EXPECT_EQ(again.nodes[0]->shared.stats().active, 0);
  again.end(alice_again, call);
  again.settle();
  EXPECT_EQ(again.answers.back().front().error().why, Refusal::call_not_found);
  again.start(alice_again, 3);
  again.settle();
  EXPECT_EQ(again.answers.back().front().error().why, Refusal::caller_busy) << "it holds her slot";
}

}  // namespace
}  // namespace belfry::calls::testing
