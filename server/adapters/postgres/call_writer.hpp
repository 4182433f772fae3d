// CallWriter: the one thread of this process that changes calls. It commits all waiting transitions by one belfry_commit
// (commit_sql.hpp). The next batch leaves when the previous one has been answered, so an idle server answers at once, and a busy
// one needs one flush and one round trip for many transitions.
//
// A batch contains no call and no user twice: a second transition waits for the next batch, and so does every transition that
// shares a user with it. If the connection breaks during a batch, its outcome is open: the new connection first ends the old
// backend, then checks which records of the batch exist (find_out). If no new connection can be made, the batch is answered
// Uncertain, and callers ask by FateRequest until the outcome is known.
#pragma once

#include <cstdint>
#include <optional>
#include <thread>
#include <variant>
#include <vector>

#include "adapters/postgres/answer.hpp"
#include "adapters/postgres/call_batch.hpp"
#include "adapters/postgres/reconnector.hpp"
#include "base/work_queue.hpp"
#include "store/call_store.hpp"

namespace belfry::postgres {

struct Request {
  ShardIndex shard = 0;
  store::Transition transition{};
  store::Done<const store::CommitResult&> done{};
  unsigned tries = 0;   // after deadlocks, or slots taken and freed meanwhile
  unsigned losses = 0;  // connections that broke during it
};

/// Asks for the outcome of a transition that was answered Uncertain.
struct FateRequest {
  ShardIndex shard = 0;
  store::StepId step{};
  store::Done<Expected<std::optional<store::Committed>, store::Unavailable>> done{};
};

class CallWriter {
 public:
  CallWriter(ConnectionOptions connection_options, const Uuid& node, sql::AnswerQueue& answers, Log& log);
  /// Commits what is queued, then ends the thread.
  ~CallWriter();
  CallWriter(const CallWriter&) = delete;
  CallWriter& operator=(const CallWriter&) = delete;

  /// False: the queue is full, or the writer is ending.
  [[nodiscard]] bool push(Request& request);
  [[nodiscard]] bool push(FateRequest& request);

 private:
  using Batch = std::vector<Request>;
  using WriterJob = std::variant<Request, FateRequest>;
  void work();
  void take_queued(std::vector<WriterJob>& fresh);
  void sort_in(std::vector<WriterJob>& fresh);
  void answer_fate_requests();
  [[nodiscard]] Batch next_batch();
  void carry_out(Batch batch);
  /// Commits and answers. If it throws Failure, it has answered no request.
  void commit(Batch& batch);
  void each_alone(Batch batch);
  enum class Held : std::uint8_t { is_put_off, is_refused };
  [[nodiscard]] std::optional<Request> alone(Request request, Held held);
  void set_patience_with_locks(Duration longest);
  /// The connection broke during this batch.
  void lost(Batch batch);
  void find_out(Batch batch);
  void ask_again(Batch batch);
  void answer_all(Batch batch, const store::CommitResult& result);
  void refuse(Batch batch) { answer_all(std::move(batch), store::Unavailable{}); }
  void refuse_all_that_wait();

  // A batch beyond a few hundred saves hardly any more flushes, and its first transition would wait for its last.
  static constexpr std::size_t kMaxBatch = 256;
  static constexpr std::size_t kMaxWaiting = 65'536;
  static constexpr unsigned kMaxTries = 5;

  Reconnector reconnector_;
  Uuid node_;
  std::optional<BatchTypes> types_;
  bool sent_ = false;   // the current batch may have reached the database
  bool stray_ = false;  // the backend of a broken connection may still be committing a batch
  sql::AnswerQueue& answers_;
  Log& log_;
  WorkQueue<WriterJob> queue_{kMaxWaiting};
  Batch waiting_;  // taken from the queue, oldest first
  std::vector<FateRequest> fates_;
  std::jthread thread_;
};

}  // namespace belfry::postgres
