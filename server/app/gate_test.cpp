// The gate: nobody hears of a state which is not durable, and each retry is harmless.
#include <gmock/gmock.h>

#include "app/stage.hpp"

namespace belfry::app::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

bool take_failure(Stage& stage, const Phone& phone) {
  auto& heard = stage.heard[phone.at()];
  if (heard.empty() || !heard.back().ends_with("store_unavailable")) return false;
  heard.pop_back();
  return true;
}

/// Does it, and once more if the store refused it.
template <class Command>
void insist(Stage& stage, const Phone& phone, Command command) {
  command();
  stage.settle();
  if (!take_failure(stage, phone)) return;
  command();
  stage.settle();
}

class FailingStore : public ::testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(AtCommit, FailingStore, ::testing::Range<std::size_t>(1, 12));

TEST_P(FailingStore, FailingOnceAtAnyStepOfACallChangesNothingThatIsHeard) {
  for (const auto finish : {StageStore::Finish::at_once, StageStore::Finish::later}) {
    Stage stage({.shards = 3, .seed = GetParam(), .finish = finish});
    Phone alice = stage.phone("alice");
    Phone bob = stage.phone("bob");
    stage.store.fail_at = GetParam();
    insist(stage, alice, [&] { alice.calls("bob"); });
    insist(stage, bob, [&] { bob.answers("alice"); });
    alice.goes(Departure::lost);
    stage.settle();
    alice.returns();
    stage.pass(1s);
    alice.sends("bob", "1");
    insist(stage, alice, [&] { alice.hangs_up("bob"); });
    insist(stage, bob, [&] { bob.calls("alice"); });
    stage.pass(31s);
    EXPECT_THAT(stage.breaches, IsEmpty());
    EXPECT_THAT(bob.heard(), ElementsAre("incoming alice offer", "candidate alice 1", "ended alice hangup", "timeout alice"));
    EXPECT_THAT(alice.heard(), ElementsAre("answered bob answer", "incoming bob offer", "ended bob timeout"));
    EXPECT_THAT(stage.store.slots, IsEmpty());
  }
}

TEST(Gate, NobodyHearsWhileTheStoreIsDownAndTheTimerIsTriedAgain) {
  Stage stage;
  Phone alice = stage.phone("alice");
  Phone bob = stage.phone("bob");
  alice.calls("bob");
  stage.store.down = true;
  stage.pass(31s);
  bob.answers("alice");
  bob.hangs_up("alice");
  EXPECT_THAT(alice.heard(), IsEmpty());
  EXPECT_THAT(bob.heard(), ElementsAre("incoming alice offer", "failed alice not_ringing", "failed alice store_unavailable"));
  stage.store.down = false;
  stage.pass(1s);
  EXPECT_THAT(alice.heard(), ElementsAre("timeout bob"));
  EXPECT_EQ(stage.store.history.back().ended->unix_ms - stage.store.history.back().created.unix_ms, 30'000);
}

TEST(Gate, HoldsTheSecondCommandOfACallUntilTheFirstIsDurable) {
  Stage stage({.finish = StageStore::Finish::later});
  Phone alice = stage.phone("alice");
  Phone bob = stage.phone("bob");
  alice.calls("bob");
  alice.hangs_up("bob");
  EXPECT_EQ(stage.store.unfinished.size(), 1U);
  EXPECT_THAT(bob.heard(), IsEmpty());
  stage.settle();
  EXPECT_THAT(bob.heard(), ElementsAre("incoming alice offer", "ended alice cancelled"));
}

}  // namespace
}  // namespace belfry::app::testing
