// Ringing: devices that report it, when the callees are rung, and when it stops.
#include <algorithm>
#include <utility>

#include "domain/call/closing.hpp"
#include "domain/call/rules.hpp"

namespace belfry::call::rules {
namespace {

/// T-05: native calls only. The deadline moves once, with the first device that rings late.
void note_first_ring(Calling& call, TimePoint now) {
  if (call.first_ring) return;
  call.first_ring = std::max(now, call.started);
  const Duration late = *call.first_ring - (call.deadline - call.policy.ring_time);
  if (call.policy.stretch == RingStretch::by_late_device && late > kLateRing) call.deadline += std::min(late, kLongestStretch);
}
void note_first_ring(Connected&, TimePoint) {}

}  // namespace

template <class Call>
Decision ring(const Call& call, const DeviceRang& rang, TimePoint now) {  // T-05
  const Leg& before = leg_of(call.legs, rang.by);
  if (!may_be_rung(before) || before.state == LegState::ringing || !may_ring(call)) return same(call);
  Call next = call;
  move(leg_of(next.legs, rang.by), LegStep::rings);
  note_first_ring(next, now);
  Effects effects;
  notify_caller(effects, next.legs, EffectKind::ringing, rang.by);
  return Step{std::move(next), std::move(effects)};
}
template Decision ring(const Calling&, const DeviceRang&, TimePoint);
template Decision ring(const Connected&, const DeviceRang&, TimePoint);

// T-06. Who is rung is known only to app/: it notes that (note_notified).
Decision ring_everybody(const Calling& call, const CallerReady&, TimePoint now) {
  if (may_ring(call)) return same(call);
  Calling next = call;
  next.ring_start = RingStart::begun;
  next.deadline = now + call.policy.ring_time;
  Effects effects;
  for (const Leg& leg : next.legs)
    if (may_be_rung(leg)) effects.push_back({EffectKind::incoming, leg.user});
  return Step{std::move(next), std::move(effects)};
}

Decision ring_out(const Calling& call, const RingDeadlinePassed&, TimePoint now) {  // T-12, X-33
  if (now < call.deadline) return same(call);
  return end(call, {EndReason::timeout, std::nullopt, call.deadline});
}

// A group call continues without callees who did not answer in time.
Decision stop_ringing(const Connected& call, const RingDeadlinePassed&, TimePoint now) {
  if (now < call.deadline) return same(call);
  Connected next = call;
  Effects effects;
  for (Leg& leg : next.legs)
    if (is_pending(leg.state)) {
      if (!is_unaware(leg)) effects.push_back({EffectKind::missed, leg.user});
      close(leg, LegStep::closes);
    }
  if (!still_a_call(next.legs)) return end(call, std::move(next.legs), {EndReason::timeout, std::nullopt, call.deadline});
  return Step{std::move(next), std::move(effects)};
}

}  // namespace belfry::call::rules
