// A process that goes on after others have counted it as gone.
#include "app/outbox/worker_for_tests.hpp"

namespace belfry::outbox::testing {
namespace {

using namespace std::chrono_literals;

/// The process was stopped (SIGSTOP) between claiming an entry and sending it, for longer than the others wait.
class StoppedWorker : public OutboxWorker {
 protected:
  StoppedWorker() {
    entries_.slow_takes = true;
    put("a");
    clock_.advance(store::kNodeLapses);
  }
  void goes_on() {
    const auto answer_take = std::exchange(entries_.answer_take, {});
    answer_take();
    run();
  }
  /// As Nodes::take_over() does.
  void release() {
    tables_.with([](memory::State& state) {
      for (auto& [key, entry] : state.outbox) entry.due = WallTime{};
    });
  }
};

TEST_F(StoppedWorker, DoesNotSendWhatAnotherServerHasTakenSince) {
  release();
  const WallTime now = clock_.wall();
  std::size_t taken = 0;
  stores_.due_entries().take({.kind = store::OutboxKind::test, .now = now, .until = now + kClaim, .limit = 1},
                             [&](const auto& entries) { taken = entries->size(); });
  ASSERT_EQ(taken, 1U);
  entries_.slow_takes = false;
  goes_on();
  pass(kClaim - 1ms);
  EXPECT_TRUE(sender_.sent.empty());
}

TEST_F(StoppedWorker, ClaimsAgainAtOnceWhatNobodyHasTaken) {
  entries_.slow_takes = false;
  goes_on();
  EXPECT_EQ(sender_.sent.size(), 1U);
  sender_.answer(Delivered{});
  EXPECT_EQ(kept(), 0U);
}

TEST_F(StoppedWorker, ThatIsLateEachTimeHasASlowStoreAndSends) {
  goes_on();
  EXPECT_TRUE(sender_.sent.empty());
  clock_.advance(store::kNodeLapses);
  goes_on();
  EXPECT_EQ(sender_.sent.size(), 1U);
}

//
TEST_F(StoppedWorker, IsLateAlsoIfTheWallClockWasSetBackMeanwhile) {
  clock_.set_wall(-store::kNodeLapses);
  goes_on();
  EXPECT_TRUE(sender_.sent.empty());
}

}  // namespace
}  // namespace belfry::outbox::testing
