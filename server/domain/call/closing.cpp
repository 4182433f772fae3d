#include "domain/call/closing.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"

namespace belfry::call {

EndEffect end_effect_for(const Ended& end, const Leg& leg) {
  if (end.answered && leg.state != LegState::missed) return EndEffect::ended;
  if (end.reason == EndReason::timeout) return EndEffect::missed;
  const bool by_themselves = end.by == leg.user;
  if (leg.role == PartyRole::callee)
    return by_themselves && end.reason == EndReason::declined ? EndEffect::declined_elsewhere : EndEffect::cancelled;
  if (end.reason == EndReason::declined) return EndEffect::rejected;
  return by_themselves || end.reason == EndReason::superseded ? EndEffect::cancelled : EndEffect::missed;  // SPEC 2.8.2
}

EffectKind kind_of(EndEffect effect) {
  switch (effect) {
    case EndEffect::rejected:
      return EffectKind::rejected;
    case EndEffect::declined_elsewhere:
      return EffectKind::declined_elsewhere;
    case EndEffect::cancelled:
      return EffectKind::cancelled;
    case EndEffect::missed:
      return EffectKind::missed;
    case EndEffect::ended:
      return EffectKind::ended;
  }
  CHECK(false, "an end without its effect");
}

namespace rules {
namespace {

std::optional<TimePoint> answered_at(const Calling&) { return std::nullopt; }
std::optional<TimePoint> answered_at(const Connected& call) { return call.answered; }

}  // namespace

bool still_a_call(const Legs& legs) {
  const auto in = std::count_if(legs.begin(), legs.end(), [](const Leg& leg) { return is_in(leg.state); });
  return in > 1 || (in == 1 && std::any_of(legs.begin(), legs.end(), may_be_rung));
}

void close(Leg& leg, LegStep how) {
  move(leg, how);
  leg.away.reset();
}

void notify_caller(Effects& effects, const Legs& legs, EffectKind kind, UserId about) {
  if (const Leg& caller = caller_of(legs); is_in(caller.state)) effects.push_back({kind, caller.user, about});
}

void notify_others_in(Effects& effects, const Legs& legs, EffectKind kind, UserId about) {
  for (const Leg& leg : legs)
    if (leg.user != about && is_in(leg.state)) effects.push_back({kind, leg.user, about});
}

template <class Call>
Step end(const Call& before, Legs legs, const End& why) {
  const auto answered = answered_at(before);
  // Receive times of two shards may be slightly out of order; a duration is never negative.
  const TimePoint at = std::max(why.at, answered.value_or(before.started));
  Ended over{why.reason, why.by, before.started, answered, at, why.session, std::move(legs)};
  for (Leg& leg : over.legs) close(leg, LegStep::closes);
  Effects effects;
  for (const PartyRole role : {PartyRole::caller, PartyRole::callee})
    for (std::size_t i = 0; i < over.legs.size(); ++i) {
      const Leg& leg = over.legs[i];
      const Leg& was = before.legs[i];
      const bool is_notified = is_open(was.state) && (role == PartyRole::caller || (may_ring(before) && !is_unaware(was)));
      if (leg.role == role && is_notified)
        effects.push_back({kind_of(end_effect_for(over, leg)), leg.user, why.by.value_or(UserId{})});
    }
  return {std::move(over), std::move(effects)};
}
template Step end(const Calling&, Legs, const End&);
template Step end(const Connected&, Legs, const End&);

template <class Call>
Step close_leg(const Call& call, UserId who, LegStep how, const End& why) {
  Call next = call;
  Leg& leg = leg_of(next.legs, who);
  const bool was_in = is_in(leg.state), was_unaware = is_unaware(leg);
  close(leg, how);
  if (!still_a_call(next.legs)) return end(call, std::move(next.legs), why);
  if (why.session) leg.acted = why.session;
  Effects effects;
  if (how == LegStep::declines) {
    notify_caller(effects, next.legs, EffectKind::rejected, who);
    effects.push_back({EffectKind::declined_elsewhere, who, who});
  } else if (may_ring(call) && !was_unaware) {
    effects = {{was_in ? EffectKind::ended : EffectKind::cancelled, who, who}};
    notify_others_in(effects, next.legs, EffectKind::left, who);
  }
  return {std::move(next), std::move(effects)};
}
template Step close_leg(const Calling&, UserId, LegStep, const End&);
template Step close_leg(const Connected&, UserId, LegStep, const End&);

}  // namespace rules
}  // namespace belfry::call
