// AnswerQueue: brings answers back to the shards that asked, with one mailbox post per shard and batch. It counts the answers
// still to come, so that a program without an event loop (an operator's command, a test) can wait for all of them. Thread-safe.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include "base/mailbox.hpp"

namespace belfry::sql {

class AnswerQueue {
 public:
  explicit AnswerQueue(Mailboxes& mailboxes) : mailboxes_(mailboxes) {}

  void expect_one() { under_way_.fetch_add(1, std::memory_order_relaxed); }
  void no_longer(std::size_t count);
  /// Empties `answers`; `give(answer)` runs on the shard that `shard_of(answer)` names.
  template <class Answer, class ShardOf, class Give>
  void deliver(std::vector<Answer>& answers, ShardOf shard_of, Give give) {
    const std::size_t count = answers.size();
    std::stable_sort(answers.begin(), answers.end(),
                     [&](const auto& one, const auto& other) { return shard_of(one) < shard_of(other); });
    for (auto first = answers.begin(); first != answers.end();) {
      const ShardIndex shard = shard_of(*first);
      const auto last = std::find_if(first, answers.end(), [&](const auto& each) { return shard_of(each) != shard; });
      auto own = std::make_shared<std::vector<Answer>>(std::make_move_iterator(first), std::make_move_iterator(last));
      mailboxes_.post(shard, [own = std::move(own), give] {
        for (auto& each : *own) give(each);
      });
      first = last;
    }
    answers.clear();
    no_longer(count);
  }
  /// Blocks until every expected answer has been posted.
  void wait_for_all() const;

 private:
  Mailboxes& mailboxes_;
  std::atomic<std::uint64_t> under_way_{0};
};

}  // namespace belfry::sql
