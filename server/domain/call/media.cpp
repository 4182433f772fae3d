// Media reports and their time-out, and the maximum duration.
#include <algorithm>

#include "domain/call/closing.hpp"
#include "domain/call/rules.hpp"

namespace belfry::call::rules {

// X-15, T-21: a client that receives media knows better than the server whether its peers are still there.
Decision report_media(const Connected& call, const MediaReported& report, TimePoint) {
  Connected next = call;
  Leg& leg = leg_of(next.legs, report.by);
  if (!is_in(leg.state)) return unexpected(Rejection::not_active);
  leg.media_alive = leg.media_alive || report.alive;
  for (Leg& other : next.legs)
    if (report.alive && other.user != report.by && is_in(other.state) && other.away)
      other.away->until = std::max(other.away->until, other.away->since + kGraceWithMedia);
  return same(next);
}

Decision fail_media(const Connected& call, const MediaTimedOut&, TimePoint now) {  // T-21
  const bool alive = std::any_of(call.legs.begin(), call.legs.end(), [](const Leg& leg) { return leg.media_alive; });
  if (alive || now < call.answered + call.policy.media_timeout) return same(call);
  return end(call, {EndReason::media_failed, std::nullopt, now});
}

Decision reach_maximum(const Connected& call, const MaxDurationReached&, TimePoint now) {  // T-22
  if (now < call.answered + call.policy.max_duration) return same(call);
  return end(call, {EndReason::max_duration, std::nullopt, call.answered + call.policy.max_duration});
}

}  // namespace belfry::call::rules
