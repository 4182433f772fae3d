// OwnThread: a member of an object that only one thread may use: its shard's. It remembers the thread of the first check() and
// aborts on a check() by another. At first use and not when it is made, since some objects are made before their thread exists.
// Destructors do not check: what is left may be torn down after that thread has been joined. Builds other than Debug (the presets
// dev, asan-ubsan, tsan and fuzz are Debug) define BELFRY_UNCHECKED_THREADS: there it is empty and costs nothing.
#pragma once

#include <atomic>
#include <thread>

#include "base/check.hpp"

namespace belfry {

class OwnThread {
 public:
#ifdef BELFRY_UNCHECKED_THREADS
  void check() const noexcept {}
#else
  void check() const noexcept {
    std::thread::id owner{};  // of nobody yet
    if (owner_.compare_exchange_strong(owner, std::this_thread::get_id())) return;
    CHECK(owner == std::this_thread::get_id(), "an object is used by the thread that used it first only");
  }

 private:
  mutable std::atomic<std::thread::id> owner_{};
#endif
};

}  // namespace belfry
