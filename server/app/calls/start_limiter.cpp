#include "app/calls/start_limiter.hpp"

#include <algorithm>

namespace belfry::calls {

std::optional<Duration> StartLimiter::refuse(UserId user, TimePoint now) {
  if (settings_.max == 0) return std::nullopt;
  return stripes_[UuidHash{}(user) % kStripes].with([&](Stripe& stripe) -> std::optional<Duration> {
    if (stripe.recent.size() >= stripe.sweep_above) sweep(stripe, now);
    auto& starts = stripe.recent[user];
    std::erase_if(starts, [&](TimePoint start) { return start + settings_.window <= now; });
    if (starts.size() >= settings_.max) return starts.front() + settings_.window - now;
    starts.push_back(now);
    return std::nullopt;
  });
}

StartLimiter::RateLimitStatus StartLimiter::status(UserId user, TimePoint now) {
  if (settings_.max == 0) return {};
  return stripes_[UuidHash{}(user) % kStripes].with([&](const Stripe& stripe) {
    RateLimitStatus status{.limit = settings_.max, .remaining = settings_.max};
    const auto found = stripe.recent.find(user);
    if (found == stripe.recent.end()) return status;
    const auto& starts = found->second;
    const auto oldest =
        std::find_if(starts.begin(), starts.end(), [&](TimePoint start) { return start + settings_.window > now; });
    status.remaining -= std::min(settings_.max, static_cast<std::uint32_t>(starts.end() - oldest));
    if (oldest != starts.end()) status.reset = *oldest + settings_.window - now;
    return status;
  });
}

void StartLimiter::forget_all() {
  for (auto& stripe : stripes_) stripe.with([](Stripe& each) { each.recent.clear(); });
}

/// Users who have not started a call for a window are forgotten, at a cost spread over as many starts as were kept.
void StartLimiter::sweep(Stripe& stripe, TimePoint now) const {
  boost::unordered::erase_if(stripe.recent, [&](const auto& user) { return user.second.back() + settings_.window <= now; });
  stripe.sweep_above = std::max<std::size_t>(1024, stripe.recent.size() * 2);
}

}  // namespace belfry::calls
