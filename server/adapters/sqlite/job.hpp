// Job: one read or write of a shard on its way through a store thread. apply() runs on that thread, inside a transaction, and may
// run again if another job caused a rollback. answer() runs on the shard afterwards.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "adapters/sql/answer_queue.hpp"
#include "adapters/sqlite/connection.hpp"
#include "base/mailbox.hpp"

namespace belfry::sqlite {

enum class Fate : std::uint8_t { done, failed };

class Job {
 public:
  explicit Job(ShardIndex shard) : shard_(shard) {}
  virtual ~Job() = default;
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;
  [[nodiscard]] ShardIndex shard() const { return shard_; }
  virtual void apply(Connection& connection) = 0;  // may throw Failure
  virtual void answer(Fate fate) = 0;

 private:
  ShardIndex shard_;
};

/// `apply(Connection&)` returns the Result; `failed` is the answer if the store cannot be reached.
template <class Result, class Apply, class Done>
class AnsweredJob final : public Job {
 public:
  AnsweredJob(ShardIndex shard, Apply apply, Result failed, Done done)
      : Job(shard),
        apply_(std::move(apply)),
        result_(failed),
        failed_(std::move(failed)),
        done_(std::move(done)) {}
  void apply(Connection& connection) override { result_ = apply_(connection); }
  void answer(Fate fate) override {
    if (done_) done_(fate == Fate::done ? std::move(result_) : std::move(failed_));
  }

 private:
  Apply apply_;
  Result result_, failed_;
  Done done_;
};

template <class Result, class Apply, class Done>
std::unique_ptr<Job> make_job(ShardIndex shard, Apply apply, Result failed, Done done) {
  return std::make_unique<AnsweredJob<Result, Apply, Done>>(shard, std::move(apply), std::move(failed), std::move(done));
}

/// Empties `jobs`.
inline void answer_all(sql::AnswerQueue& queue, std::vector<std::unique_ptr<Job>>& jobs, Fate fate) {
  queue.deliver(jobs, [](const auto& job) { return job->shard(); }, [fate](const auto& job) { job->answer(fate); });
}

}  // namespace belfry::sqlite
