#include "adapters/sqlite/answer_queue.hpp"

#include <algorithm>
#include <utility>

namespace belfry::sqlite {

void AnswerQueue::no_longer(std::size_t count) {
  under_way_.fetch_sub(count, std::memory_order_release);
  under_way_.notify_all();
}

void AnswerQueue::answer(std::vector<std::unique_ptr<Job>>& jobs, Fate fate) {
  const std::size_t count = jobs.size();
  std::stable_sort(jobs.begin(), jobs.end(), [](const auto& a, const auto& b) { return a->shard() < b->shard(); });
  for (auto first = jobs.begin(); first != jobs.end();) {
    const ShardIndex shard = (*first)->shard();
    const auto last = std::find_if(first, jobs.end(), [&](const auto& job) { return job->shard() != shard; });
    auto own = std::make_shared<std::vector<std::unique_ptr<Job>>>(std::make_move_iterator(first), std::make_move_iterator(last));
    mailboxes_.post(shard, [own = std::move(own), fate] {
      for (const auto& job : *own) job->answer(fate);
    });
    first = last;
  }
  jobs.clear();
  no_longer(count);
}

void AnswerQueue::wait_for_all() const {
  for (auto left = under_way_.load(std::memory_order_acquire); left != 0; left = under_way_.load(std::memory_order_acquire))
    under_way_.wait(left, std::memory_order_acquire);
}

}  // namespace belfry::sqlite
