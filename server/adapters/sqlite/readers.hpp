// Readers: threads that run reads concurrently with the writer, each on its own read-only connection. Each read starts its own
// snapshot, so it sees every commit that was answered before the read was requested.
#pragma once

#include <memory>
#include <thread>
#include <vector>

#include "adapters/sqlite/writer.hpp"

namespace belfry::sqlite {

class Readers {
 public:
  /// More than `most_waiting` would be answered too late, and are refused.
  Readers(std::vector<std::unique_ptr<Connection>> connections, std::size_t most_waiting, sql::AnswerQueue& answers);
  ~Readers();
  Readers(const Readers&) = delete;
  Readers& operator=(const Readers&) = delete;

  [[nodiscard]] bool push(std::unique_ptr<Job>& job) { return queue_.try_push(job); }

 private:
  void work(Connection& connection);

  std::vector<std::unique_ptr<Connection>> connections_;
  sql::AnswerQueue& answers_;
  Jobs queue_;
  std::vector<std::jthread> threads_;
};

}  // namespace belfry::sqlite
