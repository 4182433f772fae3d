// An answer on its way back to the shard that asked.
#pragma once

#include <functional>
#include <vector>

#include "adapters/sql/answer_queue.hpp"

namespace belfry::postgres {

struct Answer {
  ShardIndex shard = 0;
  std::function<void()> run{};  // empty: the shard wants no answer
};

inline void deliver(sql::AnswerQueue& queue, std::vector<Answer> answers) {
  queue.deliver(
      answers, [](const Answer& each) { return each.shard; },
      [](const Answer& each) {
        if (each.run) each.run();
      });
}

}  // namespace belfry::postgres
