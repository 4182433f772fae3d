// AnswerQueue: brings finished jobs back to the shards that asked, one mailbox post per shard and batch; counts those on their
// way, so that somebody without a loop of his own can wait for all. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "adapters/sqlite/job.hpp"

namespace belfry::sqlite {

class AnswerQueue {
 public:
  explicit AnswerQueue(Mailboxes& mailboxes) : mailboxes_(mailboxes) {}

  void expect_one() { under_way_.fetch_add(1, std::memory_order_relaxed); }
  void no_longer(std::size_t count);
  /// Takes the jobs.
  void answer(std::vector<std::unique_ptr<Job>>& jobs, Fate fate);
  /// Until each expected job's answer has been posted.
  void wait_for_all() const;

 private:
  Mailboxes& mailboxes_;
  std::atomic<std::uint64_t> under_way_{0};
};

}  // namespace belfry::sqlite
