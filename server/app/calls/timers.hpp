// Timers: the tasks that one shard must run later. A tree, not a heap, because most ring timers are canceled: a heap would keep
// the canceled ones for their thirty seconds. Used on one thread.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "base/time.hpp"

namespace belfry::calls {

class Timers {
 public:
  using Tasks = std::multimap<TimePoint, std::function<void()>>;
  using Handle = std::optional<Tasks::iterator>;

  Handle at(TimePoint when, std::function<void()> task) { return tasks_.emplace(when, std::move(task)); }
  /// The handle must belong to a task that has neither run nor been canceled.
  void cancel(Handle& handle) {
    if (handle) tasks_.erase(*std::exchange(handle, std::nullopt));
  }
  [[nodiscard]] std::optional<TimePoint> next() const {
    return tasks_.empty() ? std::nullopt : std::optional(tasks_.begin()->first);
  }
  /// Runs the due tasks in order; a task may add and cancel others.
  void run(TimePoint now) {
    while (!tasks_.empty() && tasks_.begin()->first <= now) {
      auto due = tasks_.extract(tasks_.begin());
      due.mapped()();
    }
  }

 private:
  Tasks tasks_;
};

}  // namespace belfry::calls
