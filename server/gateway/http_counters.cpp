#include "gateway/http_counters.hpp"

#include <algorithm>
#include <chrono>

#include "base/check.hpp"

namespace belfry::gateway {

void HttpCounters::count(std::size_t route, int status, Duration took) {
  CHECK(route < kMaxRoutes, "a request is counted under the index of its route");
  const auto* const known = std::find(kStatuses.begin(), kStatuses.end() - 1, status);
  counts_[route][static_cast<std::size_t>(known - kStatuses.begin())].fetch_add(1, std::memory_order_relaxed);
  const double seconds = std::chrono::duration<double>(took).count();
  const auto* const bound = std::lower_bound(kAnswerTimeBounds.begin(), kAnswerTimeBounds.end(), seconds);
  buckets_[static_cast<std::size_t>(bound - kAnswerTimeBounds.begin())].fetch_add(1, std::memory_order_relaxed);
  nanoseconds_.fetch_add(took.count(), std::memory_order_relaxed);
}

void HttpCounters::add_times_to(AnswerTimes& times) const {
  for (std::size_t i = 0; i < buckets_.size(); ++i) times.counts[i] += buckets_[i].load(std::memory_order_relaxed);
  times.sum_seconds += std::chrono::duration<double>(Duration(nanoseconds_.load(std::memory_order_relaxed))).count();
}

}  // namespace belfry::gateway
