#include "adapters/sql/answer_queue.hpp"

namespace belfry::sql {

void AnswerQueue::no_longer(std::size_t count) {
  under_way_.fetch_sub(count, std::memory_order_release);
  under_way_.notify_all();
}

void AnswerQueue::wait_for_all() const {
  for (auto left = under_way_.load(std::memory_order_acquire); left != 0; left = under_way_.load(std::memory_order_acquire))
    under_way_.wait(left, std::memory_order_acquire);
}

}  // namespace belfry::sql
