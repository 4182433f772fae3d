// Counts the answers of our HTTP routes on all shards. These requests are rare compared with Socket.IO traffic, so plain shared
// atomics suffice. Both dimensions are closed lists: a client cannot create a new series.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/time.hpp"
#include "gateway/server_numbers.hpp"

namespace belfry::gateway {

class HttpCounters {
 public:
  /// A stored answer that is sent again may have a status of a newer release; it is counted as kOtherStatus.
  static constexpr std::array<int, 21> kStatuses = {200, 201, 202, 204, 206, 302, 304, 400, 401, 403,         404,
                                                    405, 409, 413, 415, 416, 429, 500, 501, 503, kOtherStatus};
  static constexpr std::size_t kMaxRoutes = 256;

  void count(std::size_t route, int status, Duration took);
  /// `names`: by route index.
  template <class Names>
  void add_to(ServerNumbers& numbers, const Names& names) const {
    for (std::size_t route = 0; route < names.size(); ++route)
      for (std::size_t status = 0; status < kStatuses.size(); ++status)
        if (const auto count = counts_[route][status].load(std::memory_order_relaxed); count != 0)
          numbers.requests.push_back({names[route], kStatuses[status], count});
    add_times_to(numbers.answer_times);
  }

 private:
  void add_times_to(AnswerTimes& times) const;

  std::array<std::array<std::atomic<std::uint64_t>, kStatuses.size()>, kMaxRoutes> counts_{};
  std::array<std::atomic<std::uint64_t>, kAnswerTimeBounds.size() + 1> buckets_{};
  std::atomic<std::int64_t> nanoseconds_{0};
};

}  // namespace belfry::gateway
