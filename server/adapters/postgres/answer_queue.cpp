#include "adapters/postgres/answer_queue.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace belfry::postgres {

void AnswerQueue::no_longer_one() {
  under_way_.fetch_sub(1, std::memory_order_release);
  under_way_.notify_all();
}

void AnswerQueue::deliver(std::vector<Answer> answers) {
  const auto count = answers.size();
  std::stable_sort(answers.begin(), answers.end(), [](const auto& a, const auto& b) { return a.shard < b.shard; });
  for (auto first = answers.begin(); first != answers.end();) {
    const ShardIndex shard = first->shard;
    const auto last = std::find_if(first, answers.end(), [&](const auto& answer) { return answer.shard != shard; });
    mailboxes_.post(shard, [own = std::vector<Answer>(std::make_move_iterator(first), std::make_move_iterator(last))] {
      for (const auto& answer : own)
        if (answer.run) answer.run();
    });
    first = last;
  }
  under_way_.fetch_sub(count, std::memory_order_release);
  under_way_.notify_all();
}

void AnswerQueue::wait_for_all() const {
  for (auto left = under_way_.load(std::memory_order_acquire); left != 0; left = under_way_.load(std::memory_order_acquire))
    under_way_.wait(left, std::memory_order_acquire);
}

}  // namespace belfry::postgres
