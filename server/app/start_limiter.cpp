#include "app/start_limiter.hpp"

#include <algorithm>

namespace belfry::app {

bool StartLimiter::admit(std::string_view user, TimePoint now) {
  if (settings_.max == 0) return true;
  return stripes_[NameHash{}(user) % kStripes].with([&](Stripe& stripe) {
    if (stripe.recent.size() >= stripe.sweep_above) sweep(stripe, now);
    auto found = stripe.recent.find(user);
    if (found == stripe.recent.end()) found = stripe.recent.emplace(std::string(user), std::vector<TimePoint>{}).first;
    auto& starts = found->second;
    std::erase_if(starts, [&](TimePoint start) { return start + settings_.window <= now; });
    if (starts.size() >= settings_.max) return false;
    starts.push_back(now);
    return true;
  });
}

/// Users who have not started a call for a window are forgotten, at a cost spread over as many starts as were kept.
void StartLimiter::sweep(Stripe& stripe, TimePoint now) const {
  boost::unordered::erase_if(stripe.recent, [&](const auto& user) { return user.second.back() + settings_.window <= now; });
  stripe.sweep_above = std::max<std::size_t>(1024, stripe.recent.size() * 2);
}

}  // namespace belfry::app
