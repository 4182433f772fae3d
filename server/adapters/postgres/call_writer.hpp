// CallWriter: the one thread of this process that changes calls. It commits all that waits as one belfry_commit (commit_sql.hpp):
// a batch leaves when the one before has been answered, so an idle server answers at once and a busy one pays one flush and one
// round trip for many.
//
// A batch holds no call and no user twice: the second transition waits for the next batch, and those that share a user with it
// wait behind it. When the connection is lost under a batch, its outcome is open: the new connection first makes sure that the
// old backend is gone, then looks which of the batch's records are there (find_out). While there is no new connection, the batch
// is answered Uncertain, and callers ask by FateRequest until the outcome is known.
#pragma once

#include <cstdint>
#include <optional>
#include <thread>
#include <variant>
#include <vector>

#include "adapters/postgres/answer.hpp"
#include "adapters/postgres/call_batch.hpp"
#include "adapters/postgres/link.hpp"
#include "base/work_queue.hpp"
#include "store/call_store.hpp"

namespace belfry::postgres {

struct Request {
  ShardIndex shard = 0;
  store::Transition transition{};
  store::Done<const store::CommitResult&> done{};
  unsigned tries = 0;   // slots that came and went, deadlocks
  unsigned losses = 0;  // connections that died under it
};

/// What became of a transition that was answered Uncertain?
struct FateRequest {
  ShardIndex shard = 0;
  store::StepId step{};
  store::Done<Expected<std::optional<store::Committed>, store::Unavailable>> done{};
};

class CallWriter {
 public:
  CallWriter(Endpoint endpoint, const Uuid& node, sql::AnswerQueue& answers, Log& log);
  /// Does what waits, then ends the thread.
  ~CallWriter();
  CallWriter(const CallWriter&) = delete;
  CallWriter& operator=(const CallWriter&) = delete;

  /// False: too much waits, or the end has come.
  [[nodiscard]] bool push(Request& request);
  [[nodiscard]] bool push(FateRequest& request);

 private:
  using Batch = std::vector<Request>;
  using Wish = std::variant<Request, FateRequest>;
  void work();
  void sort_in(std::vector<Wish>& fresh);
  void tell_fates();
  [[nodiscard]] Batch next_batch();
  void carry_out(Batch batch);
  /// Commits and answers. If it throws Failure, it has answered none.
  void commit(Batch& batch);
  void each_alone(Batch batch);
  enum class Held : std::uint8_t { is_put_off, is_refused };
  [[nodiscard]] std::optional<Request> alone(Request request, Held held);
  void set_patience_with_locks(const char* statement);
  /// The connection went under this batch.
  void lost(Batch batch);
  void find_out(Batch batch);
  void ask_again(Batch batch);
  void answer_all(Batch batch, const store::CommitResult& result);
  void refuse(Batch batch) { answer_all(std::move(batch), store::Unavailable{}); }
  void refuse_all_that_wait();

  // A batch beyond some hundred saves no more flushes worth having, and its first member would wait for its last.
  static constexpr std::size_t kMaxBatch = 256;
  static constexpr std::size_t kMaxWaiting = 65'536;
  static constexpr unsigned kMaxTries = 5;

  Link link_;
  Uuid node_;
  std::optional<BatchTypes> types_;
  bool sent_ = false;   // the batch at hand may have reached the database
  bool stray_ = false;  // a backend of a lost connection may still be at work on a batch
  sql::AnswerQueue& answers_;
  Log& log_;
  WorkQueue<Wish> queue_{kMaxWaiting};
  Batch waiting_;  // taken out of the queue, oldest first
  std::vector<FateRequest> fates_;
  std::jthread thread_;
};

}  // namespace belfry::postgres
