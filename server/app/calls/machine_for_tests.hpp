// What a server gets from its machine, in the hands of a test: time, chance, the log and the mail between its shards.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <initializer_list>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/mailbox.hpp"
#include "base/random.hpp"

namespace belfry::calls::testing {

using namespace std::chrono_literals;

class ManualClock final : public Clock {
 public:
  static constexpr TimePoint kBegin{1000h};
  [[nodiscard]] TimePoint now() const override { return now_; }
  [[nodiscard]] WallTime wall() const override { return {1'700'000'000'000 + jumped_ms + (now_ - kBegin) / 1ms}; }
  void pass(Duration time) { now_ += time; }
  std::int64_t jumped_ms = 0;  // the system clock was set

 private:
  TimePoint now_ = kBegin;
};

class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
  void fill(MutableBytes out) override;

 private:
  std::mt19937_64 engine_;
};

class TestLog final : public Log {
 public:
  TestLog();
  ~TestLog() override;
  TestLog(const TestLog&) = delete;
  TestLog& operator=(const TestLog&) = delete;
  std::vector<std::string> lines;
  std::vector<std::map<std::string, std::string, std::less<>>> fields;  // of each line, those that are text
  [[nodiscard]] bool enabled(LogLevel level) const override { return keep && level >= LogLevel::info; }
  void write(LogLevel, std::string_view message, std::initializer_list<LogField> given) override;
  bool keep = false;
};

/// A queue for each shard. The world runs the tasks.
class QueuedMailboxes final : public Mailboxes {
 public:
  explicit QueuedMailboxes(ShardIndex shards);
  ~QueuedMailboxes() override;
  QueuedMailboxes(const QueuedMailboxes&) = delete;
  QueuedMailboxes& operator=(const QueuedMailboxes&) = delete;
  void post(ShardIndex shard, std::function<void()> task) override;
  [[nodiscard]] ShardIndex shard_count() const override { return static_cast<ShardIndex>(boxes.size()); }
  std::vector<std::deque<std::function<void()>>> boxes;
};

}  // namespace belfry::calls::testing
