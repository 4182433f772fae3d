// WorkQueue<T>: how work reaches the threads that may block (a store's writer, password hashing, fetching), so that a shard
// never does. Bounded: when the workers cannot keep up, try_push() refuses and the caller says so to the user; memory does
// not grow instead. Many may push and many may pop; the order is that of pushing. pop_all() hands over whatever came while
// the last batch was worked on: that is group commit without a timer. Answers travel back through base/mailbox.hpp.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <iterator>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "base/time.hpp"

namespace belfry {

template <class T>
class WorkQueue {
 public:
  enum class Woken { work, time, closed };

  explicit WorkQueue(std::size_t bound) : bound_(bound) {}
  WorkQueue(const WorkQueue&) = delete;
  WorkQueue& operator=(const WorkQueue&) = delete;

  // --- producers, any thread ---
  /// False when full or closed; then `item` is untouched, so that the caller can still answer it. Never waits: for shards.
  [[nodiscard]] bool try_push(T& item) {
    const std::lock_guard lock(mutex_);
    return items_.size() < bound_ && add(item);
  }
  [[nodiscard]] bool try_push(T&& item) { return try_push(item); }
  /// Waits for room. False when closed; then `item` is untouched. Never call this on a shard's thread.
  [[nodiscard]] bool push(T& item) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return closed_ || items_.size() < bound_; });
    return add(item);
  }
  [[nodiscard]] bool push(T&& item) { return push(item); }

  // --- workers ---
  /// Waits for one item; nullopt when the queue is closed and empty.
  [[nodiscard]] std::optional<T> pop() {
    std::unique_lock lock(mutex_);
    work_.wait(lock, [this] { return has_news(); });
    if (items_.empty()) return std::nullopt;
    std::optional<T> item(std::move(items_.front()));
    items_.pop_front();
    room_.notify_one();
    return item;
  }
  /// Waits for work, then moves all of it, oldest first and at most `limit`, into `batch` (cleared first).
  /// False when the queue is closed and empty: the worker's end.
  [[nodiscard]] bool pop_all(std::vector<T>& batch, std::size_t limit = kAll) {
    batch.clear();
    std::unique_lock lock(mutex_);
    work_.wait(lock, [this] { return has_news(); });
    return take(batch, limit);
  }
  /// The same, but gives up after `time_to_wait`: for workers that also have something to do now and then.
  [[nodiscard]] Woken pop_all_for(std::vector<T>& batch, Duration time_to_wait, std::size_t limit = kAll) {
    batch.clear();
    std::unique_lock lock(mutex_);
    if (!work_.wait_for(lock, time_to_wait, [this] { return has_news(); })) return Woken::time;
    return take(batch, limit) ? Woken::work : Woken::closed;
  }

  // --- the owner ---
  /// From now on nothing is accepted; workers still get what waits, then the end.
  void close() {
    const std::lock_guard lock(mutex_);
    end();
  }
  /// Closes and hands back what waits, for an owner that must answer it rather than have it done.
  [[nodiscard]] std::deque<T> close_and_take() {
    const std::lock_guard lock(mutex_);
    end();
    return std::exchange(items_, {});
  }

  /// What waits now; for metrics and tests, since it may be another number at once.
  [[nodiscard]] std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return items_.size();
  }
  [[nodiscard]] std::size_t bound() const { return bound_; }

 private:
  static constexpr std::size_t kAll = static_cast<std::size_t>(-1);

  [[nodiscard]] bool has_news() const { return closed_ || !items_.empty(); }
  [[nodiscard]] bool add(T& item) {
    if (closed_) return false;
    items_.push_back(std::move(item));
    work_.notify_one();
    return true;
  }
  [[nodiscard]] bool take(std::vector<T>& batch, std::size_t limit) {
    if (items_.empty()) return false;
    const auto end = items_.begin() + static_cast<std::ptrdiff_t>(std::min(limit, items_.size()));
    batch.reserve(static_cast<std::size_t>(end - items_.begin()));
    std::move(items_.begin(), end, std::back_inserter(batch));
    items_.erase(items_.begin(), end);
    room_.notify_all();
    return true;
  }
  void end() {
    closed_ = true;
    work_.notify_all();
    room_.notify_all();
  }

  const std::size_t bound_;
  mutable std::mutex mutex_;
  std::condition_variable work_;  // something to take, or closed
  std::condition_variable room_;  // something was taken, or closed
  std::deque<T> items_;
  bool closed_ = false;
};

}  // namespace belfry
