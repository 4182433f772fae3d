#include "adapters/sqlite/readers.hpp"

#include <pthread.h>

#include <utility>

#include "adapters/sql/answer_queue.hpp"

namespace belfry::sqlite {

Readers::Readers(std::vector<std::unique_ptr<Connection>> connections, std::size_t most_waiting, sql::AnswerQueue& answers)
    : connections_(std::move(connections)),
      answers_(answers),
      queue_(most_waiting) {
  for (const auto& connection : connections_) threads_.emplace_back([this, &own = *connection] { work(own); });
}

Readers::~Readers() { queue_.close(); }

void Readers::work(Connection& connection) {
  ::pthread_setname_np(::pthread_self(), "belfry-reader");
  std::vector<std::unique_ptr<Job>> batch;
  while (queue_.pop_all(batch, 1)) {
    Fate fate = Fate::done;
    try {
      connection.begin();
      batch.front()->apply(connection);
      connection.commit();
    } catch (const Failure&) {
      connection.roll_back();
      fate = Fate::failed;
    }
    answer_all(answers_, batch, fate);
  }
}

}  // namespace belfry::sqlite
