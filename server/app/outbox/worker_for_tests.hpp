// The worker on the memory store, with a store that can be away and a sender whose answers the test gives.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/memory/stores.hpp"
#include "app/outbox/worker.hpp"

namespace belfry::outbox::testing {

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

}  // namespace belfry::outbox::testing
