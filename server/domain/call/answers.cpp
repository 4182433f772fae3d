// Callees accept and decline; a caller who left a group call accepts to come back.
#include <algorithm>
#include <utility>

#include "domain/call/closing.hpp"
#include "domain/call/rules.hpp"

namespace belfry::call::rules {
namespace {

bool may_join(const Leg& leg) { return !is_in(leg.state) && after(leg.state, LegStep::joins) == LegState::joined; }

/// J-2.11: everybody in the call sends to everybody else.
bool is_full(const Ongoing& call) {
  const auto in = std::count_if(call.legs.begin(), call.legs.end(), [](const Leg& leg) { return is_in(leg.state); });
  return call.policy.most_joined != 0 && static_cast<std::size_t>(in) >= call.policy.most_joined;
}

/// Notifies the caller and the person who answered that they are connected, and the others that one more person has joined.
Step add_to_call(Connected next, const Answered& answer, TimePoint now) {
  Leg& leg = leg_of(next.legs, answer.by);
  move(leg, LegStep::joins);
  leg.joined = std::max(now, next.answered);
  leg.seat = answer.seat;
  leg.acted = answer.seat.session;
  leg.away.reset();
  const Leg& caller = caller_of(next.legs);
  leg.answer_notice = is_in(caller.state) && !is_here(caller) ? AnswerNotice::pending : AnswerNotice::sent;
  Effects effects;
  if (is_here(caller) && caller.user != answer.by) effects.push_back({EffectKind::accepted, caller.user, answer.by});
  effects.push_back({EffectKind::accepted, answer.by, answer.by});
  for (const Leg& each : next.legs)
    if (each.role == PartyRole::callee && each.user != answer.by && is_in(each.state))
      effects.push_back({EffectKind::joined, each.user, answer.by});
  return {std::move(next), std::move(effects)};
}

}  // namespace

// T-07. X-03: an answer received at the deadline wins. A caller who is away is notified on return.
Decision connect(const Calling& call, const Answered& answer, TimePoint now) {
  if (now > call.deadline || !may_ring(call) || !may_join(leg_of(call.legs, answer.by)))
    return unexpected(Rejection::not_ringing);
  if (is_full(call)) return unexpected(Rejection::full);
  Connected next{call, std::max(now, call.started)};
  next.negotiation = after_answer(call.negotiation, answer.enclosed);
  if (Leg& caller = caller_of(next.legs); caller.away) move(caller, LegStep::lost);
  return add_to_call(std::move(next), answer, now);
}

// when the person is in the call already, a second accept succeeds only from the session that answered.
Decision join(const Connected& call, const Answered& answer, TimePoint now) {
  const Leg& leg = leg_of(call.legs, answer.by);
  if (is_in(leg.state) && may_answer(call, leg) && leg.acted == answer.seat.session) return same(call);
  if (!may_join(leg)) return unexpected(Rejection::not_ringing);
  if (is_full(call)) return unexpected(Rejection::full);
  return add_to_call(call, answer, now);
}

// T-08, T-09, X-04
template <class Call>
Decision decline(const Call& call, const Declined& decline, TimePoint now) {
  const Leg& leg = leg_of(call.legs, decline.by);
  if (leg.state == LegState::declined && leg.acted == decline.session) return same(call);
  if (!is_pending(leg.state) || !may_ring(call)) return unexpected(Rejection::not_ringing);
  return close_leg(call, decline.by, LegStep::declines, {EndReason::declined, decline.by, now, decline.session});
}
template Decision decline(const Calling&, const Declined&, TimePoint);
template Decision decline(const Connected&, const Declined&, TimePoint);

Decision decline_again(const Ended& call, const Declined& decline, TimePoint) {
  const Leg& leg = leg_of(call.legs, decline.by);
  const bool repeats = leg.state == LegState::declined && leg.acted == decline.session;
  const bool ended_it = call.reason == EndReason::declined && call.by == decline.by && call.by_session == decline.session;
  if (!repeats && !ended_it) return unexpected(Rejection::not_ringing);
  return same(call);
}

}  // namespace belfry::call::rules
