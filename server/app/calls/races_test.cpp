// The races of SPEC 2.6, each in many interleavings of shards, servers and store answers. The seed is in the failure's text.
// BELFRY_RACE_RUNS sets how many of each (default 8000).
#include <gtest/gtest.h>

#include <cstdlib>

#include "app/calls/invariants_for_tests.hpp"
#include "app/calls/world_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

std::uint64_t runs() {
  const char* wanted = std::getenv("BELFRY_RACE_RUNS");
  return wanted == nullptr ? 8000 : std::strtoull(wanted, nullptr, 10);
}

std::uint64_t interleavings = 0;

/// Runs a race over and over with other seeds, on one to three shards and one or two servers.
template <class Race>
void race(int nodes, Race run) {
  for (std::uint64_t seed = 1; seed <= runs(); ++seed) {
    World world({.shards = static_cast<ShardIndex>(1 + seed % 3), .seed = seed, .nodes = nodes});
    run(world);
    world.settle();
    ++interleavings;
    const std::string broken = broken_invariant(world);
    ASSERT_EQ(broken, "") << "seed " << seed;
    ASSERT_FALSE(::testing::Test::HasFailure()) << "seed " << seed;
  }
}

struct Pair {
  Phone alice, bob;
  CallId call;
};

Pair ringing(World& world, std::size_t bobs_node = 0) {
  Pair pair{world.phone(1), world.phone(2, call::Dialect::native, bobs_node), {}};
  pair.call = world.start(pair.alice, 2);
  world.settle();
  world.store.later = true;
  world.answers.clear();
  return pair;
}

Pair connected(World& world) {
  Pair pair = ringing(world);
  world.store.later = false;
  world.accept(pair.bob, pair.call);
  world.settle();
  world.store.later = true;
  world.answers.clear();
  return pair;
}

/// Both do something, in an order of chance, with as much in between as chance wants.
template <class One, class Other>
void at_once(World& world, One one, Other other) {
  const bool swapped = world.chance() % 2 == 0;
  swapped ? other() : one();
  for (auto steps = world.chance() % 6; steps > 0; --steps) world.step();
  swapped ? one() : other();
  world.settle();
}

void everybody_is_free(World& world, const Pair& pair) {
  world.store.later = false;
  const CallId next = world.start(pair.bob, 1);
  world.settle();
  ASSERT_TRUE(world.store.calls.contains(next)) << "somebody stayed busy";
}

// R-001-65, R-001-68
TEST(Race, TwoDevicesAnswerAndOneOfThemWins) {
  for (const int nodes : {1, 2})
    race(nodes, [nodes](World& world) {
      Pair pair{world.phone(1), world.phone(2), {}};
      const Phone tablet = world.phone(2, call::Dialect::native, nodes == 2 ? 1U : 0U);
      pair.call = world.start(pair.alice, 2);
      world.settle();
      world.store.later = true;
      world.answers.clear();
      at_once(world, [&] { world.accept(pair.bob, pair.call); }, [&] { world.accept(tablet, pair.call); });
      ASSERT_EQ(world.successes(), 1U);
      for (const auto& answer : world.answers)
        if (!answer.front()) {
          ASSERT_EQ(answer.front().error().why, Refusal::not_ringing);
        }
      ASSERT_EQ(world.row(pair.call).status, call::Status::connected);
      if (nodes == 1) {
        ASSERT_EQ(pair.bob.received("answered_elsewhere") + tablet.received("answered_elsewhere"), 1U);
      }
    });
}

//
TEST(Race, AnswerAndCancelHaveOneOutcomeForBoth) {
  race(1, [](World& world) {
    const Pair pair = ringing(world);
    at_once(world, [&] { world.accept(pair.bob, pair.call); }, [&] { world.cancel(pair.alice, pair.call); });
    const auto& row = world.row(pair.call);
    ASSERT_TRUE(row.status == call::Status::missed || row.status == call::Status::ended);
    ASSERT_EQ(row.status == call::Status::ended, row.started.has_value());
    for (const Phone& phone : {pair.alice, pair.bob}) ASSERT_EQ(ends_received(phone, pair.call), 1U);
    everybody_is_free(world, pair);
  });
}

//
TEST(Race, AnswerReceivedBeforeTheDeadlineWinsAndALaterOneIsRefused) {
  race(1, [](World& world) {
    const Pair pair = ringing(world);
    const bool in_time = world.chance() % 2 == 0;
    world.clock.pass(in_time ? Duration{30s} : Duration{30s + 1ms});
    if (in_time) {  // what came in with the deadline is read before timers run, though maybe on another shard
      world.accept(pair.bob, pair.call);
      for (auto steps = world.chance() % 6; steps > 0; --steps) world.step();
      world.tick();
    } else {
      at_once(world, [&] { world.accept(pair.bob, pair.call); }, [&] { world.tick(); });
    }
    world.pass(1s);
    ASSERT_EQ(world.row(pair.call).status, in_time ? call::Status::connected : call::Status::missed);
    if (!in_time) {
      ASSERT_EQ(world.row(pair.call).ended, world.row(pair.call).ring_expires);
    }
  });
}

// X-04, R-001-67
TEST(Race, AnswerAndDeclineHaveOneWinner) {
  race(1, [](World& world) {
    Pair pair = ringing(world);
    world.store.later = false;
    const Phone tablet = world.phone(2);
    world.settle();
    world.store.later = true;
    at_once(world, [&] { world.accept(pair.bob, pair.call); }, [&] { world.reject(tablet, pair.call); });
    ASSERT_EQ(world.successes(), 1U);
    const bool connected_now = world.row(pair.call).status == call::Status::connected;
    ASSERT_EQ(connected_now ? tablet.received("answered_elsewhere") : pair.bob.received("declined_elsewhere"), 1U);
    ASSERT_EQ(connected_now ? pair.alice.received("accepted") : pair.alice.received("rejected"), 1U);
  });
}

//
TEST(Race, TwoUsersWhoCallEachOtherShareOneCall) {
  for (const OnGlare policy : {OnGlare::connect, OnGlare::fail})
    for (const int nodes : {1, 2})
      race(nodes, [policy, nodes](World& world) {
        const Phone alice = world.phone(1), bob = world.phone(2, call::Dialect::native, nodes == 2 ? 1U : 0U);
        world.store.later = true;
        const auto glare = [&](StartCall& request) { request.glare = policy; };
        at_once(world, [&] { world.start(alice, 2, glare); }, [&] { world.start(bob, 1, glare); });
        ASSERT_EQ(world.store.calls.size(), 1U);
        const auto& row = world.store.calls.begin()->second.row;
        ASSERT_EQ(row.status, policy == OnGlare::connect ? call::Status::connected : call::Status::calling);
        ASSERT_EQ(world.successes(), policy == OnGlare::connect ? 2U : 1U);
        for (const auto& answer : world.answers)
          if (!answer.front()) {
            ASSERT_TRUE(answer.front().error().why == Refusal::caller_busy && answer.front().error().glare);
          }
      });
}

// T-12
TEST(Race, StartPastTheRingOfTheOtherOneIsACallOfItsOwnUnlessAnAnswerCameInTime) {
  race(1, [](World& world) {
    const Pair pair = ringing(world);
    world.store.later = false;
    const Phone tablet = world.phone(2);
    world.settle();
    world.store.later = true;
    const bool answered = world.chance() % 2 == 0;
    world.clock.pass(30s);
    if (answered) world.accept(tablet, pair.call);
    world.clock.pass(1ms);
    CallId anew{};
    at_once(world, [&] { anew = world.start(pair.bob, 1); }, [&] { world.tick(); });
    ASSERT_EQ(world.row(pair.call).status, answered ? call::Status::connected : call::Status::missed);
    ASSERT_EQ(world.store.calls.contains(anew), !answered);
    if (answered) {
      ASSERT_EQ(world.answers.back().front().error().why, Refusal::caller_busy);
    }
  });
}

// X-09, R-001-39
TEST(Race, TwoCallersOfOneCalleeMakeOneCall) {
  race(2, [](World& world) {
    const Phone alice = world.phone(1), carol = world.phone(3, call::Dialect::native, 1);
    world.phone(2);
    world.store.later = true;
    at_once(world, [&] { world.start(alice, 2); }, [&] { world.start(carol, 2); });
    ASSERT_EQ(world.successes(), 1U);
    for (const auto& answer : world.answers)
      if (!answer.front()) {
        ASSERT_EQ(answer.front().error().why, Refusal::recipient_busy);
      }
  });
}

// X-10, R-001-38
TEST(Race, CallerWhoDialsTwoUsersFromTwoDevicesGetsOneCall) {
  race(1, [](World& world) {
    const Phone phone = world.phone(1), tablet = world.phone(1);
    world.phone(2);
    world.phone(3);
    world.store.later = true;
    at_once(world, [&] { world.start(phone, 2); }, [&] { world.start(tablet, 3); });
    ASSERT_EQ(world.successes(), 1U);
  });
}

//
TEST(Race, SessionThatReturnsDuringItsLossKeepsTheCall) {
  race(1, [](World& world) {
    Pair pair = world.chance() % 2 == 0 ? ringing(world) : connected(world);
    Phone& lost = world.chance() % 2 == 0 ? pair.alice : pair.bob;
    world.suspend(lost);
    for (auto steps = world.chance() % 6; steps > 0; --steps) world.step();
    world.recover(lost);
    world.settle();
    world.pass(4s);
    ASSERT_FALSE(call::is_final(world.row(pair.call).status));
    ASSERT_FALSE(caller_leg(world.row(pair.call)).away || callee_leg(world.row(pair.call)).away);
  });
}

//
TEST(Race, CallerWhoLeavesDuringTheAnswerEndsTheCallOnce) {
  race(1, [](World& world) {
    const Pair pair = ringing(world);
    at_once(world, [&] { world.accept(pair.bob, pair.call); }, [&] { world.disconnect(pair.alice, Departure::left); });
    ASSERT_TRUE(call::is_final(world.row(pair.call).status));
    ASSERT_EQ(ends_received(pair.bob, pair.call), 1U);
  });
}

//
TEST(Race, LossOfBothEndsTheCallOnce) {
  race(1, [](World& world) {
    const Pair pair = connected(world);
    at_once(
        world, [&] { world.disconnect(pair.alice, Departure::lost); },
        [&] {
          world.clock.pass(1s);
          world.disconnect(pair.bob, Departure::lost);
        });
    world.pass(40s);
    ASSERT_EQ(world.row(pair.call).status, call::Status::ended);
    ASSERT_EQ(world.row(pair.call).end_reason, call::EndReason::connection_lost);
  });
}

//
TEST(Race, SimultaneousHangUpsEndTheCallOnce) {
  race(1, [](World& world) {
    const Pair pair = connected(world);
    at_once(world, [&] { world.end(pair.alice, pair.call); }, [&] { world.end(pair.bob, pair.call); });
    ASSERT_GE(world.successes(), 1U);
    for (const auto& answer : world.answers)
      if (!answer.front()) {
        ASSERT_EQ(answer.front().error().why, Refusal::not_active);
      }
    const auto& audit = world.store.audit.at(pair.call);
    ASSERT_EQ(std::count_if(audit.begin(), audit.end(), [](const auto& record) { return record.type == "end"; }), 1);
    for (const Phone& phone : {pair.alice, pair.bob}) ASSERT_EQ(ends_received(phone, pair.call), 1U);
    everybody_is_free(world, pair);
  });
}

//
TEST(Race, DeactivationDuringTheAnswerFreesTheOtherParty) {
  race(1, [](World& world) {
    const Pair pair = ringing(world);
    at_once(world, [&] { world.accept(pair.bob, pair.call); }, [&] { world.expel(pair.alice, pair.bob); });
    ASSERT_TRUE(call::is_final(world.row(pair.call).status));
    ASSERT_EQ(ends_received(pair.alice, pair.call), 1U);
    ASSERT_TRUE(world.store.slots.empty());
  });
}

// R-001-19, R-001-21: nobody is notified of a failed commit, and the same command may be tried again.
TEST(Race, FailedCommitIsReportedOnlyToTheRequester) {
  race(1, [](World& world) {
    const Pair pair = ringing(world);
    world.store.fail = 1;
    world.accept(pair.bob, pair.call);
    world.settle();
    ASSERT_EQ(world.answers.back().front().error().why, Refusal::store_unavailable);
    ASSERT_EQ(pair.alice.received("accepted"), 0U);
    world.accept(pair.bob, pair.call);
    world.settle();
    ASSERT_EQ(world.row(pair.call).status, call::Status::connected);
    ASSERT_EQ(pair.alice.received("accepted"), 1U);
  });
}

//
TEST(Race, NewSessionInTheSingleSessionDialectReplacesTheOldOne) {
  race(1, [](World& world) {
    const Phone alice = world.phone(1, call::Dialect::signaling), bob = world.phone(2, call::Dialect::signaling);
    const CallId call = world.start(alice, 2);
    world.settle();
    world.accept(bob, call);
    world.settle();
    world.store.later = true;
    const Phone anew = world.phone(1, call::Dialect::signaling);
    for (auto steps = world.chance() % 8; steps > 0; --steps) world.step();
    world.disconnect(alice, Departure::lost);  // the late close of the old one
    world.settle();
    ASSERT_EQ(alice.received("replaced"), 1U);
    ASSERT_TRUE(world.nodes[0]->sessions.is_live(anew.me.user));
    if (world.chance() % 2 == 0) {
      world.end(anew, call);
      world.settle();
      ASSERT_EQ(world.row(call).end_reason, call::EndReason::hangup);
    } else {
      world.pass(4s);
      ASSERT_EQ(world.row(call).end_reason, call::EndReason::connection_lost);
    }
  });
}

// Stands last: how many seeds were run in all.
TEST(Race, EnoughInterleavingsWereRun) {
  GTEST_LOG_(INFO) << "interleavings: " << interleavings;
  if (std::getenv("BELFRY_RACE_RUNS") == nullptr && ::testing::GTEST_FLAG(filter) == "*") {
    EXPECT_GE(interleavings, 100'000U);
  }
}

}  // namespace
}  // namespace belfry::calls::testing
