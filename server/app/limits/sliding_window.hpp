// SlidingWindow: allows at most `max` uses of one key within any window. It is exact, unlike a token bucket: with "five a minute"
// the sixth use within sixty seconds is refused (SPEC R-001-89, R-003-47). All shards share it, because a user's sessions may be
// on several shards and all dialects count together (R-001-90). Thread-safe.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/guarded.hpp"
#include "base/time.hpp"
#include "base/token_bucket.hpp"

namespace belfry::limits {

/// The state of one key, for the RateLimit-* headers.
struct RateLimitStatus {
  std::optional<Duration> wait{};  // set if refused: retry after this time
  std::uint32_t limit = 0;         // 0: not limited
  std::uint32_t remaining = 0;
  Duration reset{};  // until the oldest use leaves the window; zero if none is counted
};

template <class Key, class Hash = std::hash<Key>>
class SlidingWindow {
 public:
  explicit SlidingWindow(RateLimit limit) : limit_(limit) {}

  /// Counts one use, unless `max` are counted already. A refused use is not counted.
  [[nodiscard]] RateLimitStatus take(const Key& key, TimePoint now) {
    if (limit_.max == 0) return {};
    return stripe_of(key).with([&](Stripe& stripe) {
      if (stripe.recent.size() >= stripe.sweep_above) sweep(stripe, now);
      Times& times = stripe.recent[key];
      std::erase_if(times, [&](TimePoint at) { return is_over(at, now); });
      const bool full = times.size() >= limit_.max;
      if (!full) times.push_back(now);
      RateLimitStatus status = status_of(times, now);
      if (full) status.wait = status.reset;
      return status;
    });
  }

  /// Takes the newest use back: it turned out to be none.
  void give_back(const Key& key) {
    if (limit_.max == 0) return;
    stripe_of(key).with([&](Stripe& stripe) {
      const auto found = stripe.recent.find(key);
      if (found == stripe.recent.end()) return;
      if (found->second.size() > 1)
        found->second.pop_back();
      else
        stripe.recent.erase(found);  // the sweep looks at the newest use of each key
    });
  }

  /// The same state, without counting a use.
  [[nodiscard]] RateLimitStatus status(const Key& key, TimePoint now) {
    if (limit_.max == 0) return {};
    return stripe_of(key).with([&](const Stripe& stripe) {
      const auto found = stripe.recent.find(key);
      return found == stripe.recent.end() ? status_of({}, now) : status_of(found->second, now);
    });
  }

  void forget_all() {
    for (auto& stripe : stripes_) stripe.with([](Stripe& each) { each.recent.clear(); });
  }

 private:
  using Times = std::vector<TimePoint>;  // oldest first
  static constexpr std::size_t kStripes = 16;
  static constexpr std::size_t kSweepAbove = 1024;
  struct Stripe {
    boost::unordered_flat_map<Key, Times, Hash> recent;
    std::size_t sweep_above = kSweepAbove;
  };

  [[nodiscard]] Guarded<Stripe>& stripe_of(const Key& key) { return stripes_[Hash{}(key) % kStripes]; }
  [[nodiscard]] bool is_over(TimePoint at, TimePoint now) const { return at + limit_.window <= now; }

  [[nodiscard]] RateLimitStatus status_of(const Times& times, TimePoint now) const {
    const auto oldest = std::find_if(times.begin(), times.end(), [&](TimePoint at) { return !is_over(at, now); });
    const auto counted = std::min(limit_.max, static_cast<std::uint32_t>(times.end() - oldest));
    const Duration reset = oldest == times.end() ? Duration{0} : *oldest + limit_.window - now;
    return {.wait = {}, .limit = limit_.max, .remaining = limit_.max - counted, .reset = reset};
  }

  /// Removes keys whose uses have all left the window. The next sweep comes at twice the remaining size, so that a flood of keys
  /// costs amortised constant time per key.
  void sweep(Stripe& stripe, TimePoint now) const {
    boost::unordered::erase_if(stripe.recent, [&](const auto& each) { return is_over(each.second.back(), now); });
    stripe.sweep_above = std::max(kSweepAbove, stripe.recent.size() * 2);
  }

  RateLimit limit_;
  std::array<Guarded<Stripe>, kStripes> stripes_;
};

}  // namespace belfry::limits
