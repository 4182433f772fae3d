// Timers: what one shard has to do at a later moment. A tree, not a heap, because most ring timers are taken back: a heap
// would keep the dead ones for their thirty seconds. Used on one thread.
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
  /// The handle must be of a task which has neither run nor been cancelled.
  void cancel(Handle& handle) {
    if (handle) tasks_.erase(*std::exchange(handle, std::nullopt));
  }
  [[nodiscard]] std::optional<TimePoint> next() const {
    return tasks_.empty() ? std::nullopt : std::optional(tasks_.begin()->first);
  }
  /// Runs what is due, in order; a task may add and cancel others.
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
