// Two servers on one store: what one of them makes of a call that the other has changed.
#include "app/calls/calls_stage_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

using call::Dialect;
using call::Status;

/// Alice and Bob are on the first server, in a call that the second has not read.
class TwoServers : public ::testing::Test {
 protected:
  TwoServers() {
    world.settle();
    world.accept(bob, call);
    world.settle();
  }

  World world{{.nodes = 2}};
  Phone alice = world.phone(1), bob = world.phone(2);
  CallId call = world.start(alice, 2);
};

// Found on reading again. A call which the other one ended is nobody's active call here any more.
TEST_F(TwoServers, CallThatEndedElsewhereIsNoLongerListedHere) {
  world.end(world.rest(1, 1), call);
  world.settle();
  world.end(bob, call);
  world.settle();
  EXPECT_EQ(world.answers.back().front().error().why, Refusal::not_active);
  for (const Phone& phone : {alice, bob}) EXPECT_TRUE(world.nodes[0]->shared.calls_of(phone.me.user).empty());
}

// a server was silent for too long and another one has taken its calls over, but their users are still connected here.
TEST_F(TwoServers, ServerThatWasTakenForDeadTakesItsCallsBack) {
  world.nodes[1]->calls[0]->restore({{world.store.calls.at(call), world.clock.wall()}});
  world.settle();
  EXPECT_TRUE(caller_leg(world.row(call)).away.has_value());
  world.nodes[0]->calls[0]->catch_up_all();
  world.settle();
  EXPECT_FALSE(caller_leg(world.row(call)).away || callee_leg(world.row(call)).away);
  world.pass(40s);
  EXPECT_EQ(world.row(call).status, Status::connected);
  EXPECT_EQ(alice.received("ended") + bob.received("ended"), 0U);
}

// I-5: an end by another server was never sent to the users here. It is sent once, when its outbox entry is found.
TEST_F(TwoServers, EndCommittedByAnotherServerIsDeliveredHere) {
  world.end(world.rest(1, 1), call);
  world.settle();
  EXPECT_EQ(world.store.outbox.size(), 1U);
  for (int twice = 0; twice < 2; ++twice) {
    world.nodes[0]->calls[0]->catch_up(call);
    world.settle();
  }
  EXPECT_EQ(alice.received("ended"), 1U);
  EXPECT_EQ(bob.received("ended"), 1U);
  EXPECT_TRUE(world.store.outbox.empty());
}

// 2.8.14: signals to a user in grace were lost when a call that another server took over was loaded again.
TEST_F(TwoServers, SignalByRestToAPeerInGraceIsKeptWhenTheCallIsReloaded) {
  world.disconnect(bob, Departure::lost);
  world.settle();
  world.signal(world.rest(1), call, "restart");
  world.settle();
  ASSERT_TRUE(world.answers.back().front()->queued);
  world.nodes[1]->calls[0]->restore({{world.store.calls.at(call), world.clock.wall()}});
  world.settle();
  world.nodes[0]->calls[0]->catch_up_all();
  world.settle();
  const Phone back = world.phone(2);
  world.settle();
  EXPECT_EQ(back.received("signal restart"), 1U);
}

/// The second server ends the call; the first reads its outbox entry for Bob.
class EndByAnotherServer : public TwoServers {
 protected:
  void end_on_the_other() {
    world.end(world.rest(1, 1), call);
    world.settle();
    read_the_outbox();
  }
  void read_the_outbox() {
    for (const auto& [to, entry] : world.store.outbox) world.nodes[0]->shared.unheard().remember(entry);
    world.nodes[0]->calls[0]->catch_up(call);
    world.settle();
  }
};

// a suspended session was not notified, and its outbox entry was taken for delivered when it returned.
TEST_F(EndByAnotherServer, IsInTheRecoveryLogOfASuspendedSession) {
  world.suspend(bob);
  end_on_the_other();
  world.recover(bob);
  world.settle();
  EXPECT_EQ(bob.received("ended"), 1U);
  EXPECT_TRUE(world.store.outbox.empty());
}

TEST_F(EndByAnotherServer, IsDeliveredToTheNextSessionIfTheSuspendedOneNeverReturns) {
  world.suspend(bob);
  end_on_the_other();
  EXPECT_EQ(world.store.outbox.size(), 1U);
  world.disconnect(bob, Departure::left);
  world.settle();
  const Phone next = world.phone(2, call::Dialect::signaling);
  world.settle();
  EXPECT_EQ(next.received("ended"), 1U);
  EXPECT_TRUE(world.store.outbox.empty());
}

TEST_F(EndByAnotherServer, WaitsForAParticipantWhoIsAway) {
  world.disconnect(bob, Departure::lost);
  world.settle();
  end_on_the_other();
  read_the_outbox();
  const Phone next = world.phone(2, call::Dialect::signaling);
  world.settle();
  EXPECT_EQ(next.received("ended"), 1U);
}

// X-25, K55: found by an attack. A session came back while the outbox was being read again: its own question for ends of its
// calls and the reader both sent it the same end.
std::size_t ends_received_while_the_outbox_is_read(Dialect dialect, std::uint64_t number, std::uint64_t seed) {
  World world({.shards = 3, .seed = seed});
  const Phone alice = world.phone(1), gone = world.phone(2, dialect);
  const CallId call = world.start(alice, 2);
  world.settle();
  world.accept(gone, call);
  world.settle();
  world.disconnect(gone, Departure::lost);
  world.settle();
  world.end(alice, call);
  world.settle();
  auto& node = *world.nodes[0];
  auto entry = world.store.outbox.at({gone.me.user, call});
  entry.seq = number;
  node.shared.unheard().remember(entry);
  world.store.later = true;
  const Phone back = world.phone(2, dialect);
  node.shared.unheard().remember(entry);  // it was read before the session's end settled it
  node.calls[node.shared.host_of(call)]->catch_up(call);
  world.settle();
  EXPECT_TRUE(world.store.outbox.empty());
  return back.received("ended");
}

TEST(ReturnWhileTheOutboxIsRead, EndIsSentOnce) {
  for (const Dialect dialect : {Dialect::token, Dialect::signaling, Dialect::chat})
    for (const std::uint64_t number : {0U, 1U})  // stored here just now, or read from the store
      for (std::uint64_t seed = 1; seed <= 10; ++seed)
        EXPECT_EQ(ends_received_while_the_outbox_is_read(dialect, number, seed), 1U) << number << ", " << seed;
}

// found by an attack. Two servers that both remembered an entry sent it twice, hours apart.
TEST_F(TwoServers, EndDeliveredByOneServerIsNotRepeatedByAnother) {
  world.disconnect(bob, Departure::lost);
  world.settle();
  world.end(alice, call);
  world.settle();
  auto entry = world.store.outbox.at({bob.me.user, call});
  entry.seq = 1;  // as both read it from the store
  for (const auto& node : world.nodes) node->shared.unheard().remember(entry);
  world.pass(1h);
  const Phone first = world.phone(2, Dialect::signaling, 1);
  world.settle();
  EXPECT_EQ(first.received("ended"), 1U);
  world.disconnect(first, Departure::left);
  world.settle();
  const Phone second = world.phone(2, Dialect::signaling, 0);
  world.settle();
  EXPECT_EQ(second.received("ended"), 0U);
}

TEST(LateReturnsToTwoServers, EndIsDeliveredOnceTheStoreConfirmsThatItIsStillPending) {
  World world({.nodes = 2});
  const Phone alice = world.phone(1);
  const CallId call = world.start(alice, 2);
  world.settle();
  world.accept(world.rest(2), call);
  world.settle();
  world.end(alice, call);
  world.settle();
  store::OutboxEntry entry{.to = user_numbered(2), .call = call, .at = world.clock.wall(), .seq = 1};
  world.store.outbox.insert({{entry.to, entry.call}, entry});
  world.nodes[1]->shared.unheard().remember(entry);
  world.store.down = true;
  const Phone bob = world.phone(2, Dialect::signaling, 1);
  world.pass(1s);
  EXPECT_EQ(bob.received("ended"), 0U);
  world.store.down = false;
  world.pass(1s);
  EXPECT_EQ(bob.received("ended"), 1U);
  EXPECT_TRUE(world.store.outbox.empty());
}

// a server that was silent too long reads its calls again; the store may fail once more just then.
TEST_F(TwoServers, CatchUpIsTriedAgainWhileTheStoreIsDown) {
  const Phone admin = world.rest(5, 1);
  world.calls(admin).force_end(call, call::EndReason::admin, world.reply());
  world.settle();
  world.store.down = true;
  for (auto& shard : world.nodes[0]->calls) shard->catch_up_all();
  world.settle();
  world.store.down = false;
  world.pass(1s);
  EXPECT_EQ(alice.received("ended"), 1U);
  EXPECT_EQ(bob.received("ended"), 1U);
}

// T-06: a slow reader is closed by a notice about a call that is being reloaded. Its loss is applied once the call is loaded.
TEST(CallReadAnew, SessionThatGoesMeanwhileLeavesItAfterThat) {
  World world({.nodes = 2});
  const Phone alice = world.phone(1), bob = world.phone(2);
  const CallId call = world.start(alice, 2, [](StartCall& request) { request.ring = call::RingPolicy::on_caller_ready; });
  world.settle();
  const Phone elsewhere = world.rest(1, 1);
  world.calls(elsewhere).ready(elsewhere.me, call, world.reply());
  world.settle();
  world.store.later = true;
  world.notices.when_notified = [&](const std::string& what) {
    if (what != "incoming") return;
    world.store.later = false;  // a commit may be answered before it returns
    world.disconnect(alice, Departure::left);
  };
  world.nodes[0]->calls[0]->catch_up(call);
  world.settle();
  EXPECT_EQ(bob.received("incoming"), 1U);
  EXPECT_EQ(bob.received("cancelled"), 1U);
  EXPECT_EQ(world.nodes[0]->shared.stats().active, 0);
}

}  // namespace
}  // namespace belfry::calls::testing
