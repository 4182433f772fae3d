// InlineMailboxes: mailboxes for a program without shards (an operator's command or a test): one thread that acts as shard 0. The
// store's threads post their answers here; run_waiting() runs those that came, on the caller's thread.
#pragma once

#include <functional>
#include <vector>

#include "base/mailbox.hpp"
#include "base/work_queue.hpp"

namespace belfry {

class InlineMailboxes final : public Mailboxes {
 public:
  void post(ShardIndex, std::function<void()> task) override {
    // Full only if the owner has stopped running tasks, and then it does not need this one.
    [[maybe_unused]] const bool taken = tasks_.try_push(task);
  }
  [[nodiscard]] ShardIndex shard_count() const override { return 1; }

  /// Waits for something to run.
  void run_next() {
    std::vector<std::function<void()>> batch;
    if (!tasks_.pop_all(batch)) return;
    for (const auto& task : batch) task();
  }
  /// False: there was nothing to run.
  bool run_waiting() {
    std::vector<std::function<void()>> batch;
    if (tasks_.pop_all_for(batch, Duration{0}) != Tasks::Woken::work) return false;
    for (const auto& task : batch) task();
    return true;
  }

 private:
  using Tasks = WorkQueue<std::function<void()>>;
  static constexpr std::size_t kCapacity = 1U << 20U;
  Tasks tasks_{kCapacity};
};

}  // namespace belfry
