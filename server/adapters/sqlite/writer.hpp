// Writer: the one thread that changes the database. It commits all queued jobs in one transaction (group commit). The next
// transaction begins when the previous flush has returned, so an idle server answers at once, and a busy one needs one fdatasync
// for many jobs. A failed commit changes nothing: its jobs are then tried one by one, or all are answered as failed if the
// database is at fault.
#pragma once

#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "adapters/sqlite/job.hpp"
#include "base/log.hpp"
#include "base/work_queue.hpp"

namespace belfry::sqlite {

class WalSize;

using Jobs = WorkQueue<std::unique_ptr<Job>>;

class Writer {
 public:
  /// The caller makes the connection, because it must belong to the caller's descriptor table.
  /// `log`, which may be null, gets failed writes: some jobs have nobody who waits for an answer.
  Writer(std::unique_ptr<Connection> connection, sql::AnswerQueue& answers, WalSize& wal, Log* log);
  /// Commits what is queued, then ends the thread.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// False: the queue is full, or the writer is ending.
  [[nodiscard]] bool push(std::unique_ptr<Job>& job) { return queue_.try_push(job); }

 private:
  using Batch = std::vector<std::unique_ptr<Job>>;
  void work();
  void flush(Batch& batch);
  void flush_each_alone(Batch& batch);
  void fail_all_waiting(Batch& batch, const Failure& failure);
  void commit(const Batch& batch);
  void fail_all(Batch& batch, const Failure& failure);
  void note_success();

  // A batch beyond a few hundred saves hardly any more syncs, and its first job would wait for its last.
  static constexpr std::size_t kMaxBatch = 256;
  static constexpr std::size_t kMaxWaiting = 65'536;

  std::unique_ptr<Connection> connection_;
  sql::AnswerQueue& answers_;
  WalSize& wal_;
  Log* log_;
  std::int64_t failed_in_a_row_ = 0;  // jobs, since the last commit that worked
  Jobs queue_{kMaxWaiting};
  std::jthread thread_;
};

}  // namespace belfry::sqlite
