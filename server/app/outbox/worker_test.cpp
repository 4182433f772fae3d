// The worker on the memory store, with a store that can be away and a sender whose answers the test gives.
#include "app/outbox/worker.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>

#include "adapters/memory/stores.hpp"

namespace belfry::outbox {
namespace {

using namespace std::chrono_literals;

class MovedClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return now_; }
  [[nodiscard]] WallTime wall() const override {
    return {1'000'000 + std::chrono::duration_cast<std::chrono::milliseconds>(now_.time_since_epoch() + set_by_).count()};
  }
  void advance(Duration time) { now_ += time; }
  /// An operator sets the wall clock forward, or back if it is negative.
  void set_wall(Duration by) { set_by_ += by; }

 private:
  TimePoint now_{};
  Duration set_by_{};
};

class CountingLog final : public Log {
 public:
  [[nodiscard]] bool enabled(LogLevel) const override { return true; }
  void write(LogLevel, std::string_view, std::initializer_list<LogField>) override { ++lines; }
  int lines = 0;
};

/// Answers at once, as the memory store does, or not at all: then with Unavailable.
class ShakyEntries final : public store::DueEntries {
 public:
  explicit ShakyEntries(store::DueEntries& entries) : entries_(entries) {}
  void take(const store::Claim& claim, store::Done<Expected<std::vector<store::OutboxEntry>, store::Unavailable>> done) override {
    ++asked;
    if (away) return done(unexpected(store::Unavailable{}));
    if (!slow_takes) return entries_.take(claim, std::move(done));
    entries_.take(claim, [this, done = std::move(done)](const auto& taken) { answer_take = [done, taken] { done(taken); }; });
  }
  void remove(std::uint64_t seq, store::Done<Expected<void, store::Unavailable>> done) override {
    ++marks;
    if (away) return done(unexpected(store::Unavailable{}));
    entries_.remove(seq, std::move(done));
  }
  void put_off(const store::ClaimedEntry& entry, WallTime due, store::Done<Expected<void, store::Unavailable>> done) override {
    ++marks;
    if (away) return done(unexpected(store::Unavailable{}));
    if (!slow) return entries_.put_off(entry, due, std::move(done));
    on_its_way = [this, entry, due, done = std::move(done)] { entries_.put_off(entry, due, done); };
  }
  bool away = false;
  bool slow = false;  // what is put off reaches the store later
  std::function<void()> on_its_way = {};
  bool slow_takes = false;  // what was taken is answered later
  std::function<void()> answer_take = {};
  int asked = 0, marks = 0;

 private:
  store::DueEntries& entries_;
};

class SenderOfTest final : public Sender {
 public:
  void send(const store::OutboxEntry& entry, std::function<void(const Outcome&)> done) override {
    sent.push_back(entry.payload);
    waiting.push_back(std::move(done));
  }
  /// The oldest that is under way.
  void answer(const Outcome& outcome) {
    ASSERT_FALSE(waiting.empty());
    const auto done = std::exchange(waiting.front(), {});
    waiting.erase(waiting.begin());
    done(outcome);
  }
  std::vector<std::string> sent;
  std::vector<std::function<void(const Outcome&)>> waiting;
};

class OutboxWorker : public ::testing::Test {
 protected:
  OutboxWorker() { start(); }
  void start() {
    sender_.waiting.clear();
    worker_.emplace(entries_, clock_, log_);
    worker_->serve(store::OutboxKind::test, sender_);
  }
  void put(const std::string& payload, std::optional<Duration> lives = {}) {
    const WallTime now = clock_.wall();
    std::optional<WallTime> expires;
    if (lives) expires = now + *lives;
    stores_.outbox().put(
        {.at = now, .kind = store::OutboxKind::test, .key = payload, .payload = payload, .due = now, .expires = expires},
        [](const auto&) {});
    worker_->wake();
    run();
  }
  /// All whose time has come by now.
  void run() {
    for (int turns = 0; turns < 100 && worker_->next_deadline() <= clock_.now(); ++turns) worker_->on_time(clock_.now());
  }
  /// Each deadline at its time.
  void pass(Duration time) {
    const TimePoint until = clock_.now() + time;
    while (worker_->next_deadline() && *worker_->next_deadline() <= until) {
      clock_.advance(std::max(*worker_->next_deadline() - clock_.now(), Duration{}));
      worker_->on_time(clock_.now());
    }
    clock_.advance(until - clock_.now());
  }
  std::size_t kept() {
    std::size_t entries = 0;
    tables_.with([&](memory::State& state) { entries = state.outbox.size(); });
    return entries;
  }

  memory::Tables tables_;
  memory::Stores stores_{tables_};
  ShakyEntries entries_{stores_.due_entries()};
  MovedClock clock_;
  CountingLog log_;
  SenderOfTest sender_;
  std::optional<Worker> worker_;
};

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
}  // namespace belfry::outbox
