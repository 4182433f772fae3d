// Lost connections, returns, and how long we wait for them. A loss while it rings is not shown to the others; once connected they
// are notified at once. The rules `..._while_ringing` are also those of a person who still rings in a connected call.
#include <algorithm>
#include <iterator>
#include <utility>

#include "domain/call/closing.hpp"
#include "domain/call/rules.hpp"

namespace belfry::call::rules {
namespace {

using Cause = Absence::Cause;

/// The loss that ended the conversation: the first one that left at most one person connected.
const Absence& decisive_loss(const Legs& legs) {
  boost::container::small_vector<const Absence*, 2> losses;
  std::ptrdiff_t in = 0;
  for (const Leg& leg : legs) {
    if (!is_in(leg.state)) continue;
    ++in;
    if (leg.away) losses.push_back(&*leg.away);
  }
  std::sort(losses.begin(), losses.end(), [](const Absence* one, const Absence* other) { return one->since < other->since; });
  const auto which = std::clamp<std::ptrdiff_t>(in - 2, 0, std::ssize(losses) - 1);
  return *losses[static_cast<std::size_t>(which)];
}

/// Notifies a caller who is back of each callee who has joined meanwhile and is in the call still.
void notify_of_answers(Effects& effects, Legs& legs, UserId caller) {
  for (Leg& leg : legs)
    if (std::exchange(leg.answer_notice, AnswerNotice::sent) == AnswerNotice::pending && is_in(leg.state))
      effects.push_back({EffectKind::accepted_late, caller, leg.user});
}

/// The end of a grace that this loss begins, or, for one who is away already, may shorten.
TimePoint end_of_grace(const Leg& leg, const Lost& lost, Duration grace, TimePoint now) {
  const TimePoint until = leg.away ? leg.away->until : now + grace;
  return lost.at_most ? std::min(until, now + *lost.at_most) : until;
}

bool is_awaited(const Leg& leg, TimePoint now) { return is_in(leg.state) && leg.away && now < leg.away->until; }

}  // namespace

template <class Call>
Decision lose_while_ringing(const Call& call, const Lost& lost, TimePoint now) {
  Call next = call;
  Leg& leg = leg_of(next.legs, lost.by);
  if (!is_open(leg.state)) return same(next);
  const TimePoint until = end_of_grace(leg, lost, call.policy.ringing_grace, now);
  if (!leg.away) leg.away = Absence{now, until};
  leg.away->until = until;
  return same(next);
}
template Decision lose_while_ringing(const Calling&, const Lost&, TimePoint);

Decision lose(const Connected& call, const Lost& lost, TimePoint now) {  // T-18
  const Leg& before = leg_of(call.legs, lost.by);
  if (!is_in(before.state)) return lose_while_ringing(call, lost, now);
  Connected next = call;
  Leg& leg = leg_of(next.legs, lost.by);
  const TimePoint until = end_of_grace(leg, lost, call.policy.connected_grace, now);
  if (before.away) {
    leg.away->until = until;
    return same(next);
  }
  leg.away = Absence{now, until};
  move(leg, LegStep::lost);
  Effects effects;
  notify_others_in(effects, next.legs, EffectKind::reconnecting, lost.by);
  return Step{std::move(next), std::move(effects)};
}

template <class Call>
Decision return_while_ringing(const Call& call, const Returned& returned, TimePoint) {
  Call next = call;
  Leg& leg = leg_of(next.legs, returned.by);
  if (!is_open(leg.state)) return same(call);
  leg.away.reset();
  leg.seat = returned.seat;
  return same(next);
}
template Decision return_while_ringing(const Calling&, const Returned&, TimePoint);

Decision return_to(const Connected& call, const Returned& returned, TimePoint now) {  // T-19
  const Leg& before = leg_of(call.legs, returned.by);
  if (!before.away || !is_in(before.state)) return return_while_ringing(call, returned, now);
  Connected next = call;
  Leg& leg = leg_of(next.legs, returned.by);
  move(leg, LegStep::returns);
  leg.away.reset();
  leg.seat = returned.seat;
  Effects effects;
  if (leg.role == PartyRole::caller) notify_of_answers(effects, next.legs, leg.user);
  notify_others_in(effects, next.legs, EffectKind::reconnected, returned.by);
  return Step{std::move(next), std::move(effects)};
}

template <class Call>
Decision stop_waiting_while_ringing(const Call& call, const GraceEnded& grace, TimePoint now) {  // T-13, T-14
  const Leg& leg = leg_of(call.legs, grace.by);
  if (!leg.away || now < leg.away->until) return same(call);
  return close_leg(call, grace.by, LegStep::closes, {reason_to_go(call, leg.role), grace.by, leg.away->until});
}
template Decision stop_waiting_while_ringing(const Calling&, const GraceEnded&, TimePoint);

// T-20. X-14: while all are away, the call waits for the latest grace; its end time is when the conversation ended
// (decisive_loss).
Decision stop_waiting(const Connected& call, const GraceEnded& grace, TimePoint now) {
  const Leg& leg = leg_of(call.legs, grace.by);
  if (!is_in(leg.state)) return stop_waiting_while_ringing(call, grace, now);
  if (!leg.away || now < leg.away->until) return same(call);
  const bool anybody_here = std::any_of(call.legs.begin(), call.legs.end(), is_here);
  const auto awaited = [&](const Leg& each) { return is_awaited(each, now); };
  if (!anybody_here && std::any_of(call.legs.begin(), call.legs.end(), awaited)) return same(call);
  const Absence& loss = decisive_loss(call.legs);
  const End why{loss.cause == Cause::restart ? EndReason::server_restart : EndReason::connection_lost, std::nullopt, loss.since};
  return anybody_here ? close_leg(call, grace.by, LegStep::closes, why) : end(call, why);
}

// the deadline stays. The caller counts as away: an answer is kept until they return (T-07); if they do not return, T-13
// applies. The callees ring until the deadline: the server's stop closed their sockets, so a closed socket does not mean that
// they left.
Decision resume_ringing(const Calling& call, const ServerRestarted& restart, TimePoint now) {
  Calling next = call;
  for (Leg& leg : next.legs)
    if (leg.role == PartyRole::callee) leg.away.reset();
  if (restart.caller_via == Via::socket)
    caller_of(next.legs).away = Absence{std::max(restart.last_alive, call.started), now + restart.grace, Cause::restart};
  return same(next);
}

Decision resume_talking(const Connected& call, const ServerRestarted& restart, TimePoint now) {
  Connected next = call;
  for (Leg& leg : next.legs) {
    leg.away.reset();
    if (!is_in(leg.state)) continue;
    leg.away = Absence{std::max(restart.last_alive, call.answered), now + restart.grace, Cause::restart};
    move(leg, LegStep::lost);
  }
  return same(next);
}

}  // namespace belfry::call::rules
