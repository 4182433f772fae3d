// Guarded<T>: a value and the only way to it, under its lock. Guarded and WorkQueue hold the only mutexes of the server: shards
// share nothing mutable except through a Guarded, a WorkQueue, a mailbox or a named atomic counter or flag, so the type says
// which thread may touch what.
#pragma once

#include <mutex>
#include <utility>

namespace belfry {

template <class T>
class Guarded {
 public:
  Guarded() = default;
  explicit Guarded(T value) : value_(std::move(value)) {}

  /// Runs `use(value)` under the lock and returns its result by value. Do not let a reference escape.
  template <class Use>
  auto with(Use&& use) {
    const std::lock_guard lock(mutex_);
    return std::forward<Use>(use)(value_);
  }

 private:
  std::mutex mutex_;
  T value_{};
};

}  // namespace belfry
