// What is sent, when, and how often.
#include "app/outbox/worker_for_tests.hpp"

namespace belfry::outbox::testing {
namespace {

using namespace std::chrono_literals;

TEST_F(OutboxWorker, EntryIsSentOnceAndRemovedWhenItIsDelivered) {
  put("a");
  EXPECT_EQ(sender_.sent.size(), 1U);
  EXPECT_EQ(kept(), 1U);
  sender_.answer(Delivered{});
  EXPECT_EQ(kept(), 0U);
  EXPECT_EQ(entries_.marks, 1);
  pass(1h);
  EXPECT_EQ(sender_.sent.size(), 1U);
  EXPECT_EQ(entries_.marks, 1);
  EXPECT_EQ(log_.lines, 0);
}

TEST_F(OutboxWorker, SenderThatAnswersATryTwiceEndsTheProcess) {
  put("a");
  const auto answer = sender_.waiting.front();
  answer(Delivered{});
  EXPECT_DEATH(answer(Delivered{}), "a try that is over");
}

TEST_F(OutboxWorker, EntryThatIsStoredWhileTheStoreIsAskedIsSentOnceItHasAnswered) {
  entries_.slow_takes = true;
  put("a");
  put("b");
  EXPECT_TRUE(sender_.sent.empty());
  const auto answer_take = std::exchange(entries_.answer_take, {});
  entries_.slow_takes = false;
  answer_take();
  run();
  EXPECT_EQ(sender_.sent, (std::vector<std::string>{"a", "b"})) << "without any time passing";
}

// Only a wake means that something is new: a slow store is not asked without a pause.
TEST_F(OutboxWorker, TimeThatPassesWhileTheStoreIsAskedIsNoReasonToAskAgainAtOnce) {
  entries_.slow_takes = true;
  worker_->wake();
  run();
  pass(3 * kLookEvery);
  const int asked = entries_.asked;
  const auto answer_take = std::exchange(entries_.answer_take, {});
  answer_take();
  run();
  EXPECT_EQ(entries_.asked, asked);
}

//
TEST_F(OutboxWorker, ClaimThatIsAnsweredAtOnceIsSureAlsoIfTheWallClockWasSetForwardMeanwhile) {
  entries_.slow_takes = true;
  put("a");
  clock_.set_wall(store::kNodeLapses);
  std::exchange(entries_.answer_take, {})();
  EXPECT_EQ(sender_.sent.size(), 1U);
}

TEST_F(OutboxWorker, EntryIsSentAgainAfterAFailureAndEachTimeLater) {
  put("a");
  sender_.answer(Failed{});
  pass(499ms);
  EXPECT_EQ(sender_.sent.size(), 1U);
  pass(1ms);
  ASSERT_EQ(sender_.sent.size(), 2U);
  sender_.answer(Failed{});
  pass(999ms);
  EXPECT_EQ(sender_.sent.size(), 2U);
  pass(1ms);
  ASSERT_EQ(sender_.sent.size(), 3U);
  sender_.answer(Delivered{});
  EXPECT_EQ(kept(), 0U);
}

TEST_F(OutboxWorker, EntryIsNotSentBeforeTheRetryAfterOfTheReceiver) {
  put("a");
  sender_.answer(Failed{.retry_after = 90s});
  pass(89'999ms);
  EXPECT_EQ(sender_.sent.size(), 1U);
  pass(1ms);
  EXPECT_EQ(sender_.sent.size(), 2U);
}

TEST_F(OutboxWorker, EntryBeingSentIsNotSentAgainHoweverSlowItsSenderIs) {
  put("a");
  pass(10 * kClaim);
  EXPECT_EQ(sender_.sent.size(), 1U);
  sender_.answer(Failed{});
  pass(10s);
  EXPECT_EQ(sender_.sent.size(), 2U) << "its claim was renewed meanwhile, and so it can be put off";
}

TEST_F(OutboxWorker, EntryWhoseClaimIsRenewedWhileItIsPutOffIsSentAgainAtItsTime) {
  put("a");
  entries_.slow = true;
  sender_.answer(Failed{});
  pass(kClaim + kLookEvery);
  entries_.slow = false;
  std::exchange(entries_.on_its_way, {})();
  pass(kLookEvery);
  EXPECT_EQ(sender_.sent.size(), 2U) << "its time is past, and does not wait for the new claim to lapse";
  sender_.answer(Delivered{});
  EXPECT_EQ(kept(), 0U);
}

TEST_F(OutboxWorker, RefusedEntryIsRemovedAndReportedToTheOperator) {
  put("a");
  sender_.answer(Undeliverable{});
  EXPECT_EQ(kept(), 0U);
  EXPECT_EQ(log_.lines, 1);
}

TEST_F(OutboxWorker, ExpiredEntryIsRemovedUnsent) {
  entries_.away = true;
  put("a", 5s);
  pass(5s);
  entries_.away = false;
  pass(1s);
  EXPECT_TRUE(sender_.sent.empty());
  EXPECT_EQ(kept(), 0U);
  EXPECT_EQ(worker_->under_way(), 0U);
  EXPECT_EQ(log_.lines, 1);
}

TEST_F(OutboxWorker, FailingEntryIsRemovedWhenItExpires) {
  put("a", 1s);
  sender_.answer(Failed{});
  pass(500ms);
  sender_.answer(Failed{});
  EXPECT_EQ(kept(), 0U);
}

TEST_F(OutboxWorker, NextWorkerContinuesUnfinishedAndDelayedEntries) {
  put("under way");
  put("put off");
  sender_.waiting[1](Failed{.retry_after = 5s});
  start();
  pass(kClaim - 1ms);
  EXPECT_EQ(sender_.sent, (std::vector<std::string>{"under way", "put off", "put off"}));
  pass(kLookEvery);
  EXPECT_EQ(sender_.sent, (std::vector<std::string>{"under way", "put off", "put off", "under way"}));
}

TEST_F(OutboxWorker, EntryIsFoundOnceTheStoreIsBack) {
  entries_.away = true;
  put("a");
  pass(1min);
  EXPECT_TRUE(sender_.sent.empty());
  entries_.away = false;
  pass(kLookEvery);
  EXPECT_EQ(sender_.sent.size(), 1U);
}

TEST_F(OutboxWorker, DeliveryDuringAnOutageIsStoredLaterAndTheEntryIsNotSentAgain) {
  put("a");
  entries_.away = true;
  sender_.answer(Delivered{});
  pass(2 * kClaim);
  EXPECT_EQ(kept(), 1U);
  entries_.away = false;
  pass(kLookEvery);
  EXPECT_EQ(kept(), 0U);
  EXPECT_EQ(sender_.sent.size(), 1U);
  EXPECT_EQ(worker_->under_way(), 0U);
}

// J-6.6
TEST_F(OutboxWorker, EntriesAreSentInParallelUpToABound) {
  for (std::size_t i = 0; i < kMostUnderWay + 3; ++i) put(std::to_string(i));
  EXPECT_EQ(sender_.waiting.size(), kMostUnderWay);
  sender_.answer(Delivered{});
  sender_.answer(Delivered{});
  run();
  EXPECT_EQ(sender_.sent.size(), kMostUnderWay + 2);
}

/// Put directly, due now.
class EndpointsOfUsers : public OutboxWorker {
 protected:
  EndpointsOfUsers() {
    worker_.emplace(entries_, clock_, log_);
    worker_->serve(store::OutboxKind::push, fast_);
    worker_->serve(store::OutboxKind::push_endpoint, sender_, {}, {.all = 5, .of_a_user = 2});
  }
  void put_for(const char* payload, std::uint8_t user, store::OutboxKind kind = store::OutboxKind::push_endpoint) {
    const WallTime now = clock_.wall();
    stores_.outbox().put(
        {.to = store::UserId(Uuid{user}), .at = now, .kind = kind, .key = payload, .payload = payload, .due = now},
        [](const auto&) {});
  }
  SenderOfTest fast_;
};

// J-6.6
TEST_F(EndpointsOfUsers, SilentOnesDoNotStopOtherKinds) {
  for (const char* payload : {"a1", "a2", "b1", "b2", "c1", "c2"}) put_for(payload, static_cast<std::uint8_t>(payload[0]));
  worker_->wake(), run();
  put_for("phone", 'd', store::OutboxKind::push);
  worker_->wake(), run();
  EXPECT_EQ(sender_.sent, (std::vector<std::string>{"a1", "a2", "b1", "b2", "c1"}));
  EXPECT_EQ(fast_.sent, (std::vector<std::string>{"phone"}));
}

// J-6.6
TEST_F(EndpointsOfUsers, UserWithSilentOnesHoldsNobodyElses) {
  for (const char* payload : {"a1", "a2", "a3", "a4", "a5", "a6"}) put_for(payload, 'a');
  worker_->wake(), run();
  put_for("b1", 'b');
  worker_->wake(), run();
  EXPECT_EQ(sender_.sent, (std::vector<std::string>{"a1", "a2", "b1"}));
  pass(kClaim / 2);
  EXPECT_EQ(sender_.sent.size(), 3U);
  sender_.answer(Delivered{});
  pass(kUserWaits);
  EXPECT_EQ(sender_.sent, (std::vector<std::string>{"a1", "a2", "b1", "a3"})) << "as soon as there is room";
  for (int i = 0; i < 6; ++i) sender_.answer(Delivered{}), pass(kUserWaits);
  EXPECT_EQ(sender_.sent.size(), 7U);
  EXPECT_EQ(kept(), 0U);
  EXPECT_EQ(worker_->under_way(), 0U);
}

TEST_F(OutboxWorker, StoreIsNotReadWithoutASender) {
  worker_.emplace(entries_, clock_, log_);
  entries_.asked = 0;
  put("a");
  EXPECT_EQ(worker_->next_deadline(), std::nullopt);
  worker_->on_time(clock_.now() + 1h);
  EXPECT_EQ(entries_.asked, 0);
}

}  // namespace
}  // namespace belfry::outbox::testing
