// Pushes while the store is away for a moment, and entries that are taken again.
#include "app/push/push_stage_for_tests.hpp"

namespace belfry::push {
namespace {

// A server that died after it had planned left the entry.
TEST_F(PushTest, PlanThatIsTakenAgainPushesNobodyTwice) {
  add_device(1, "phone");
  ring();
  answer(store::PushAccepted{});
  put(PushType::ring);
  EXPECT_THAT(providers_.sent, ElementsAre("phone ring"));
}

// Found by reading: it was reported as delivered, and nobody heard of it.
TEST_F(PushTest, PlanThatCannotBeReadIsGivenUpWithAWarning) {
  call_ = a_call(1, alice_, bob_);
  ASSERT_TRUE(commits(call_));
  world_.stores.outbox().put({.to = bob_,
                              .call = call_id(1),
                              .at = clock_.wall(),
                              .kind = store::OutboxKind::push_plan,
                              .key = "message",
                              .due = clock_.wall(),
                              .expires = at(60'000)},
                             [](const auto&) {});
  run();
  EXPECT_THAT(log_.lines, ElementsAre("an entry of the outbox was given up kind=push_plan why=refused"));
  EXPECT_EQ(worker_.under_way(), 0U);
}

class PushWithoutItsStore : public PushTest, public ::testing::WithParamInterface<Step> {
 protected:
  void accept_all() {
    while (!providers_.open.empty()) answer(store::PushAccepted{});
    run(2s);
  }
};

// J-6.4 to J-6.6: the store is away for one step; nothing is lost and nothing is sent twice.
TEST_P(PushWithoutItsStore, ForOneStepRingsAndCancelsEachDeviceOnce) {
  add_device(1, "phone"), add_device(2, "tablet");
  calls_.away = GetParam() == Step::load;
  if (GetParam() != Step::load) devices_.away_at = GetParam();
  ring();
  for (int i = 0; i < 3; ++i) accept_all();
  EXPECT_THAT(providers_.sent, testing::UnorderedElementsAre("phone ring", "tablet ring"));
  ASSERT_TRUE(commits(answered(call_)));
  put(PushType::cancel, "answered_elsewhere ");
  for (int i = 0; i < 3; ++i) accept_all();
  EXPECT_THAT(providers_.sent, testing::UnorderedElementsAre("phone ring", "tablet ring", "phone cancel", "tablet cancel"));
  EXPECT_EQ(devices_.away_at, Step::none) << "the step was taken";
  EXPECT_FALSE(calls_.away);
  EXPECT_EQ(worker_.under_way(), 0U);
  EXPECT_EQ(counters_.open(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Away, PushWithoutItsStore,
                         ::testing::Values(Step::load, Step::list, Step::plan, Step::stop_rings, Step::start_try, Step::end_try));

}  // namespace
}  // namespace belfry::push
