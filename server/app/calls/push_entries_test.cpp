// Which pushes a step puts into the outbox, in its own transaction (SPEC J-6.4, J-6.5).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/calls/world_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

using call::Dialect;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

CallSettings with_pushes(PushTo whom) {
  CallSettings settings = test_settings();
  settings.push = whom;
  return settings;
}

class PushEntries : public ::testing::Test {
 protected:
  /// "ring bob", "cancel bob: cancelled ", in the order of their commits, since it was asked last.
  std::vector<std::string> pushed() {
    world.settle();
    std::vector<std::string> all;
    for (const auto& entry : std::exchange(world.store.pushes, {})) {
      all.push_back(entry.key + " " + world.store.people.at(entry.to).username);
      if (!entry.payload.empty()) all.back() += ": " + entry.payload;
    }
    return all;
  }
  World world{{.shards = 2, .settings = with_pushes(PushTo::absent)}};
  Phone alice = world.phone(1);
};

// J-6.4
TEST_F(PushEntries, CalleeWithoutASessionIsPushedUntilTheRingEnds) {
  const CallId call = world.start(alice, 2);
  world.settle();
  ASSERT_EQ(world.store.pushes.size(), 1U);
  const auto entry = world.store.pushes[0];
  EXPECT_EQ(entry.kind, store::OutboxKind::push_plan);
  EXPECT_EQ(entry.to, user_numbered(2));
  EXPECT_EQ(entry.call, call);
  EXPECT_EQ(entry.due, world.row(call).created);
  EXPECT_EQ(entry.expires, world.row(call).ring_expires);
  EXPECT_THAT(pushed(), ElementsAre("ring bob"));
}

// J-6.4, R-000-42
TEST_F(PushEntries, CalleeWithASessionIsNotPushed) {
  const Phone bob = world.phone(2);
  const CallId call = world.start(alice, 2);
  EXPECT_THAT(pushed(), IsEmpty());
  world.cancel(alice, call);
  EXPECT_THAT(pushed(), IsEmpty()) << "nothing was pushed that could be cancelled";
}

// J-8.5
TEST_F(PushEntries, SuspendedSessionIsNoLiveOne) {
  const Phone bob = world.phone(2);
  world.suspend(bob);
  world.start(alice, 2);
  EXPECT_THAT(pushed(), ElementsAre("ring bob"));
}

// J-6.8, R-000-42: PUSH_ALWAYS
TEST_F(PushEntries, AllAreRungIfTheServerSaysSo) {
  World all{{.settings = with_pushes(PushTo::everybody)}};
  const Phone caller = all.phone(1), callee = all.phone(2);
  all.start(caller, 2);
  all.settle();
  EXPECT_EQ(all.store.pushes.size(), 1U);
}

// R-000-44
TEST_F(PushEntries, ServerWithoutProvidersStoresNoneAndSaysWhoWasAway) {
  World none{{.settings = with_pushes(PushTo::nobody)}};
  const Phone caller = none.phone(1), carol = none.phone(3);
  const CallId call = none.start(caller, 2, [](StartCall& start) {
    start.more = {user_numbered(3), user_numbered(4)};
    start.ring = call::RingPolicy::on_caller_ready;
  });
  none.settle();
  EXPECT_THAT(none.store.not_pushed, IsEmpty()) << "nobody rings yet";
  none.ready(caller, call);
  none.cancel(caller, call);
  none.start(caller, 5, [](StartCall& start) { start.ring_targets = RingTargets::online; });
  none.settle();
  EXPECT_THAT(none.store.pushes, IsEmpty());
  EXPECT_THAT(none.store.not_pushed, ElementsAre(user_numbered(2), user_numbered(4)));
  EXPECT_EQ(none.store.asked_for_devices, 0U);
}

// J-6.5
TEST_F(PushEntries, CancelSaysWhyAndWhichDeviceActed) {
  world.cancel(alice, world.start(alice, 2));
  EXPECT_THAT(pushed(), ElementsAre("ring bob", "cancel bob: cancelled "));
  const CallId second = world.start(alice, 2);
  EXPECT_THAT(pushed(), ElementsAre("ring bob"));
  const Phone tablet = world.phone(2, Dialect::native, 0, "tablet-1");
  world.accept(tablet, second);
  EXPECT_THAT(pushed(), ElementsAre("cancel bob: answered_elsewhere tablet-1"));
  world.end(alice, second);
  EXPECT_THAT(pushed(), IsEmpty());
  world.disconnect(tablet, Departure::left);
  world.settle();
  const CallId third = world.start(alice, 2);
  EXPECT_THAT(pushed(), ElementsAre("ring bob"));
  Phone rest = world.rest(2);
  rest.me.device = "phone-1";
  world.reject(rest, third);
  EXPECT_THAT(pushed(), ElementsAre("cancel bob: declined_elsewhere phone-1"));
}

// J-6.5
TEST_F(PushEntries, RingThatRunsOutNeedsNoCancel) {
  world.start(alice, 2);
  EXPECT_THAT(pushed(), ElementsAre("ring bob"));
  world.pass(31s);
  EXPECT_THAT(pushed(), IsEmpty());
}

// J-2.12
TEST_F(PushEntries, NobodyIsPushedBeforeTheCallerIsReady) {
  const CallId call = world.start(alice, 2, [](StartCall& start) { start.ring = call::RingPolicy::on_caller_ready; });
  EXPECT_THAT(pushed(), IsEmpty());
  world.calls(alice).ready(alice.me, call, world.reply());
  EXPECT_THAT(pushed(), ElementsAre("ring bob"));
  world.cancel(alice, call);
  EXPECT_THAT(pushed(), ElementsAre("cancel bob: cancelled "));
}

// J-1.5
TEST_F(PushEntries, CallThatRingsSessionsOnlyPushesNobodyHoweverLateItRings) {
  for (const auto ring : {call::RingPolicy::immediate, call::RingPolicy::on_caller_ready}) {
    const CallId call = world.start(alice, 2, [&](StartCall& start) {
      start.ring_targets = RingTargets::online;
      start.ring = ring;
    });
    world.settle();
    world.ready(alice, call);
    world.cancel(alice, call);
    EXPECT_THAT(pushed(), IsEmpty());
  }
  World always{{.settings = with_pushes(PushTo::everybody)}};
  const Phone caller = always.phone(1), callee = always.phone(2);
  always.start(caller, 2, [](StartCall& start) { start.ring_targets = RingTargets::online; });
  always.settle();
  EXPECT_THAT(callee.received(), ElementsAre("incoming"));
  EXPECT_THAT(always.store.pushes, IsEmpty());
}

// J-1.5, X-23: the call is stored, the server is killed, and the caller's media joins after the restart, or on another server.
TEST_F(PushEntries, CallThatRingsSessionsOnlyPushesNobodyIfItIsReadFromTheStoreBeforeItRings) {
  for (const RingTargets targets : {RingTargets::all, RingTargets::online}) {
    const CallId call = world.start(alice, 2, [&](StartCall& start) {
      start.ring_targets = targets;
      start.ring = call::RingPolicy::on_caller_ready;
    });
    EXPECT_THAT(pushed(), IsEmpty());
    for (const bool restarted : {true, false}) {
      World again{{.settings = with_pushes(PushTo::absent)}};
      again.clock.pass(world.clock.now() - again.clock.now() + 1s);
      again.store = world.store;
      again.store.asked_for_devices = 0;
      if (restarted) again.nodes[0]->calls[0]->restore({{world.store.calls.at(call), again.clock.wall()}});
      again.settle();
      const Phone caller = again.phone(1);
      again.settle();
      again.ready(caller, call);
      again.settle();
      EXPECT_TRUE(again.row(call).announced);
      EXPECT_EQ(again.store.pushes.size(), targets == RingTargets::all ? 1U : 0U);
      EXPECT_EQ(again.store.asked_for_devices, targets == RingTargets::all ? 1U : 0U) << "J-2.13";
      again.store.pushes.clear();
      again.cancel(caller, call);
      again.settle();
      EXPECT_EQ(again.store.pushes.size(), targets == RingTargets::all ? 1U : 0U) << "nothing that could be taken back";
    }
    world.cancel(alice, call);
    world.settle();
  }
}

// R-000-46
TEST_F(PushEntries, InAGroupEachIsPushedAndStoppedAlone) {
  const Phone carol = world.phone(3);
  const CallId call = world.start(alice, 2, [](StartCall& start) {
    start.more = {user_numbered(3), user_numbered(4)};
    start.ring = call::RingPolicy::immediate;
  });
  EXPECT_THAT(pushed(), UnorderedElementsAre("ring bob", "ring " + world.names[4]));
  world.accept(carol, call);
  EXPECT_THAT(pushed(), IsEmpty()) << "the others ring on";
  world.reject(world.rest(2), call);
  EXPECT_THAT(pushed(), ElementsAre("cancel bob: declined_elsewhere "));
  world.end(alice, call);
  world.end(carol, call);
  EXPECT_THAT(pushed(), ElementsAre(::testing::StartsWith("cancel " + world.names[4])));
}

// J-2.6, J-6.5
TEST_F(PushEntries, RingThatRunsOutInAGroupThatGoesOnNeedsNoCancelEither) {
  const Phone carol = world.phone(3);
  const CallId call = world.start(alice, 2, [](StartCall& start) {
    start.more = {user_numbered(3)};
    start.ring = call::RingPolicy::immediate;
  });
  EXPECT_THAT(pushed(), ElementsAre("ring bob"));
  world.accept(carol, call);
  world.pass(31s);
  EXPECT_THAT(pushed(), IsEmpty());
  const store::CallRow row = world.row(call);
  ASSERT_EQ(row.status, call::Status::connected);
  EXPECT_EQ(leave_reason(row, *find_leg(row, user_numbered(2))), "timeout");
}

// J-2.10, J-8.3
TEST_F(PushEntries, RemovedMemberIsGivenThatReasonEvenIfTheCallEndsForAnother) {
  const ConversationId crew(Uuid{9});
  const conversation::NewConversation request{
      .id = crew, .creator = alice.me.user, .others = {user_numbered(2), user_numbered(3)}};
  auto& members = (world.store.conversations[crew] = begin(request)).members;
  const CallId call = world.start(alice, 0, [&](StartCall& start) {
    start.callee = {};
    start.place = Place{crew, Place::Named::as_group};
    start.ring = call::RingPolicy::immediate;
  });
  EXPECT_THAT(pushed(), UnorderedElementsAre("ring bob", "ring " + world.names[3]));
  for (const int user : {2, 3}) {
    std::erase_if(members, [&](const auto& each) { return each.user == user_numbered(user); });
    world.calls(alice).left_conversation(crew, {user_numbered(user)});
    EXPECT_THAT(pushed(), ElementsAre("cancel " + world.store.people.at(user_numbered(user)).username + ": kicked "));
  }
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::admin);
}

// J-1.5
TEST_F(PushEntries, MemberWhomCallsOfTheGroupDoNotRingIsNotPushed) {
  const ConversationId crew(Uuid{9});
  auto& made = world.store.conversations[crew] =
      begin(conversation::NewConversation{.id = crew, .creator = alice.me.user, .others = {user_numbered(2), user_numbered(3)}});
  made.members[2].ring_mode = conversation::RingMode::none;
  const std::string rung = world.store.people.at(made.members[1].user).username;
  world.start(alice, 0, [&](StartCall& start) {
    start.callee = {};
    start.place = Place{crew, Place::Named::as_group};
    start.ring = call::RingPolicy::immediate;
  });
  EXPECT_THAT(pushed(), ElementsAre("ring " + rung));
}

}  // namespace
}  // namespace belfry::calls::testing
