// For tests: what a Publisher's thread reports, and waits for it that have a deadline. One thread waits.
#pragma once

#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "base/work_queue.hpp"

namespace belfry::redis {

/// Longer than any step takes on a busy machine: a test that waits so long has failed.
constexpr Duration kPatience = std::chrono::seconds{20};

template <class T>
class Reports {
 public:
  /// Any thread. More than the queue holds are left out.
  void add(T item) { static_cast<void>(arrived_.try_push(std::move(item))); }
  /// Waits until there have been `count` in all. False: the next one did not come in time.
  [[nodiscard]] bool come_to(std::size_t count) {
    while (all_.size() < count)
      if (!take(kPatience)) return false;
    return true;
  }
  [[nodiscard]] const std::vector<T>& all() {
    static_cast<void>(take({}));
    return all_;
  }

 private:
  [[nodiscard]] bool take(Duration time_to_wait) {
    std::vector<T> some;
    if (arrived_.pop_all_for(some, time_to_wait) != WorkQueue<T>::Woken::work) return false;
    all_.insert(all_.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
    return true;
  }

  WorkQueue<T> arrived_{10'000};
  std::vector<T> all_;
};

class Messages final : public Log {
 public:
  [[nodiscard]] bool enabled(LogLevel) const override { return true; }
  void write(LogLevel, std::string_view message, std::initializer_list<LogField>) override { all_.add(std::string(message)); }
  [[nodiscard]] bool come_to(std::size_t count) { return all_.come_to(count); }
  [[nodiscard]] const std::vector<std::string>& all() { return all_.all(); }

 private:
  Reports<std::string> all_;
};

}  // namespace belfry::redis
