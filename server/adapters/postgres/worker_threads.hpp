// The threads that run questions, each with its own connection. A Reader runs one question after the other, concurrently with the
// writers. The GeneralWriter makes all changes except transitions, and runs reads that must see such changes; it puts all waiting
// questions into one transaction.
#pragma once

#include <span>
#include <thread>
#include <vector>

#include "adapters/postgres/answer.hpp"
#include "adapters/postgres/question.hpp"
#include "adapters/postgres/reconnector.hpp"
#include "base/work_queue.hpp"

namespace belfry::postgres {

using Questions = WorkQueue<Question>;

class Reader {
 public:
  /// Several readers may share one queue. The thread ends when the queue is closed and empty.
  Reader(ConnectionOptions connection_options, Questions& questions, sql::AnswerQueue& answers, Log& log);

 private:
  void work();
  void carry_out(Question& question);
  Reconnector reconnector_;
  Questions& questions_;
  sql::AnswerQueue& answers_;
  Log& log_;
  std::jthread thread_;
};

class GeneralWriter {
 public:
  GeneralWriter(ConnectionOptions connection_options, Questions& questions, sql::AnswerQueue& answers, Log& log);

 private:
  void work();
  void carry_out(std::vector<Question>& batch);
  bool together(std::span<Question> batch);
  static constexpr std::size_t kMaxBatch = 64;

  Reconnector reconnector_;
  Questions& questions_;
  sql::AnswerQueue& answers_;
  Log& log_;
  std::jthread thread_;
};

}  // namespace belfry::postgres
