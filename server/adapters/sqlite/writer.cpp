#include "adapters/sqlite/writer.hpp"

#include <pthread.h>

#include <iterator>
#include <utility>

#include "adapters/sql/answer_queue.hpp"
#include "adapters/sqlite/checkpointer.hpp"

namespace belfry::sqlite {

Writer::Writer(std::unique_ptr<Connection> connection, sql::AnswerQueue& answers, WalSize& wal, Log* log)
    : connection_(std::move(connection)),
      answers_(answers),
      wal_(wal),
      log_(log) {
  wal_.watch(*connection_);
  thread_ = std::jthread([this] { work(); });
}

Writer::~Writer() { queue_.close(); }

void Writer::work() {
  ::pthread_setname_np(::pthread_self(), "belfry-writer");
  Batch batch;
  while (queue_.pop_all(batch, kMaxBatch)) {
    flush(batch);
    batch.clear();
    wal_.finish_checkpoint(*connection_);
  }
}

void Writer::commit(const Batch& batch) {
  try {
    for (const auto& job : batch) job->apply(*connection_);
    connection_->commit();
  } catch (const Failure&) {
    connection_->roll_back();
    throw;
  }
}

void Writer::flush(Batch& batch) {
  try {
    connection_->begin_to_write();
  } catch (const Failure& failure) {
    return fail_all_waiting(batch, failure);
  }
  try {
    commit(batch);
  } catch (const Failure& failure) {
    // A constraint failure is the fault of one job; a full disk concerns them all.
    const bool fault_of_one_job = failure.fault() == Fault::constraint || failure.fault() == Fault::other;
    if (fault_of_one_job && batch.size() > 1) return flush_each_alone(batch);
    return fail_all(batch, failure);
  }
  note_success();
  answer_all(answers_, batch, Fate::done);
}

void Writer::flush_each_alone(Batch& batch) {
  for (auto& job : batch) {
    Batch alone;
    alone.push_back(std::move(job));
    flush(alone);
  }
}

/// Another process holds the lock. Each batch would wait for it in turn, and the last would be answered far too late; so fail all
/// that is queued.
void Writer::fail_all_waiting(Batch& batch, const Failure& failure) {
  Batch rest;
  using namespace std::chrono_literals;
  if (queue_.pop_all_for(rest, 0s) == Jobs::Woken::work)
    batch.insert(batch.end(), std::make_move_iterator(rest.begin()), std::make_move_iterator(rest.end()));
  fail_all(batch, failure);
}

/// Logs the first of several failures in a row: while a disk is full, each batch fails.
void Writer::fail_all(Batch& batch, const Failure& failure) {
  if (log_ != nullptr && failed_in_a_row_ == 0)
    log_->error("the database cannot be written", {{"reason", std::string_view(failure.what())}});
  failed_in_a_row_ += static_cast<std::int64_t>(batch.size());
  answer_all(answers_, batch, Fate::failed);
}

void Writer::note_success() {
  if (log_ != nullptr && failed_in_a_row_ != 0)
    log_->info("the database can be written again", {{"failedWrites", failed_in_a_row_}});
  failed_in_a_row_ = 0;
}

}  // namespace belfry::sqlite
