// AnswerQueue: brings answers back to the shards that asked, one mailbox post per shard and batch; counts those on their way, so
// that somebody without a loop of his own can wait for all. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/mailbox.hpp"

namespace belfry::postgres {

struct Answer {
  ShardIndex shard = 0;
  std::function<void()> run{};  // empty: nobody waits for it
};

class AnswerQueue {
 public:
  explicit AnswerQueue(Mailboxes& mailboxes) : mailboxes_(mailboxes) {}
  void expect_one() { under_way_.fetch_add(1, std::memory_order_relaxed); }
  void no_longer_one();
  void deliver(std::vector<Answer> answers);
  /// Until each expected answer has been posted.
  void wait_for_all() const;

 private:
  Mailboxes& mailboxes_;
  std::atomic<std::uint64_t> under_way_{0};
};

}  // namespace belfry::postgres
