// Timers: the tasks that one shard must run later. A tree, not a heap, because most ring timers are cancelled: a heap would keep
// the cancelled ones for their thirty seconds. Owned by the shard's Calls, used on its thread.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "base/own_thread.hpp"
#include "base/time.hpp"

namespace belfry::calls {

class Timers {
 public:
  using Tasks = std::multimap<TimePoint, std::function<void()>>;
  using Handle = std::optional<Tasks::iterator>;

  Handle at(TimePoint when, std::function<void()> task) {
    own_thread_.check();
    return tasks_.emplace(when, std::move(task));
  }
  /// The handle must belong to a task that has neither run nor been cancelled.
  void cancel(Handle& handle) {
    own_thread_.check();
    if (handle) tasks_.erase(*std::exchange(handle, std::nullopt));
  }
  [[nodiscard]] std::optional<TimePoint> next() const {
    own_thread_.check();
    return tasks_.empty() ? std::nullopt : std::optional(tasks_.begin()->first);
  }
  /// Runs the due tasks in order; a task may add and cancel others.
  void run(TimePoint now) {
    own_thread_.check();
    while (!tasks_.empty() && tasks_.begin()->first <= now) {
      auto due = tasks_.extract(tasks_.begin());
      due.mapped()();
    }
  }

 private:
  [[no_unique_address]] OwnThread own_thread_;
  Tasks tasks_;
};

}  // namespace belfry::calls
