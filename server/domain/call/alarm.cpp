// The event that time brings next, derived from the state, so that no timer can be forgotten or outlive its purpose.
#include <algorithm>

#include "domain/call/advance.hpp"

namespace belfry::call {
namespace {

using Next = std::optional<Alarm>;

void earlier(Next& next, TimePoint at, const Event& event) {
  if (!next || at < next->at) next = Alarm{at, event};
}

Next alarm_of(const Calling& call) {
  Next next = Alarm{call.deadline, RingDeadlinePassed{}};
  for (const Leg& leg : call.legs)
    if (leg.away && is_open(leg.state)) earlier(next, leg.away->until, GraceEnded{leg.user});
  return next;
}

/// while everybody in the call is away, the latest grace counts; otherwise the earliest.
Next grace_of(const Connected& call) {
  const auto is_here = [](const Leg& leg) { return leg.state == LegState::joined; };
  const bool anybody = std::any_of(call.legs.begin(), call.legs.end(), is_here);
  Next next;
  for (const Leg& leg : call.legs)
    if (leg.away && is_in(leg.state) && (!next || (leg.away->until < next->at) == anybody))
      next = Alarm{leg.away->until, GraceEnded{leg.user}};
  return next;
}

Next alarm_of(const Connected& call) {
  Next next = grace_of(call);
  const auto any = [&](auto is_so) { return std::any_of(call.legs.begin(), call.legs.end(), is_so); };
  if (any([](const Leg& leg) { return is_pending(leg.state); })) earlier(next, call.deadline, RingDeadlinePassed{});
  for (const Leg& leg : call.legs)
    if (leg.away && is_pending(leg.state)) earlier(next, leg.away->until, GraceEnded{leg.user});
  if (call.policy.media_timeout > Duration{} && !any([](const Leg& leg) { return leg.media_alive; }))
    earlier(next, call.answered + call.policy.media_timeout, MediaTimedOut{});
  if (call.policy.max_duration > Duration{}) earlier(next, call.answered + call.policy.max_duration, MaxDurationReached{});
  return next;
}

Next alarm_of(const Ended&) { return std::nullopt; }

}  // namespace

std::optional<Alarm> next_alarm(const State& state) {
  return std::visit([](const auto& call) { return alarm_of(call); }, state);
}

}  // namespace belfry::call
