#include "domain/oldcall/advance.hpp"

#include <algorithm>

namespace belfry::oldcall {
namespace {

template <class Call>
Step same(const Call& call) {
  return {call, {}};
}

Ended end(const Ringing& call, EndReason reason, std::optional<Party> by, TimePoint at) {
  return {reason, by, call.started, std::nullopt, std::max(at, call.started)};
}

// Received times of two shards may be out of order by a hair: a duration is never negative.
Ended end(const Active& call, EndReason reason, std::optional<Party> by, TimePoint at) {
  return {reason, by, call.started, call.answered, std::max(at, call.answered)};
}

std::vector<Effect> ended_by(Party by, EndReason reason) { return {FreeSlots{}, TellEnded{other(by), reason}, LetGo{by}}; }

/// T-13, T-14.
Step gone_while_ringing(const Ringing& call, Party who, TimePoint at) {
  const auto reason = who == Party::caller ? EndReason::caller_disconnected : EndReason::unreachable;
  return {end(call, reason, who, at), ended_by(who, reason)};
}

template <class Call>
Step absent(Call call, Party who, Duration grace, TimePoint now) {
  auto& absence = call.presence.of(who);
  if (!absence) absence = Absence{now, now + grace};
  return {call, {}};
}

// --- Ringing --------------------------------------------------------------------------------------------------------

// T-07. X-03: an answer received at the deadline wins. A caller who is away hears of it on return.
Outcome on(const Ringing& call, const CalleeAnswered&, TimePoint now) {
  if (now > call.deadline) return unexpected(Rejection::not_ringing);
  Active active{call.policy, call.started, std::max(now, call.started), {call.presence.caller, std::nullopt}};
  if (!call.presence.caller) return Step{active, {TellAnswered{}}};
  active.answer = Answer::unheard;
  return Step{active, {}};
}
Outcome on(const Ringing& call, const CalleeDeclined&, TimePoint now) {  // T-08
  return Step{end(call, EndReason::declined, Party::callee, now), {FreeSlots{}, TellDeclined{}, LetGo{Party::callee}}};
}
Outcome on(const Ringing& call, const HangUp& hang_up, TimePoint now) {  // T-10, T-11
  return Step{end(call, EndReason::cancelled, hang_up.by, now), ended_by(hang_up.by, EndReason::cancelled)};
}
Outcome on(const Ringing& call, const RingDeadlinePassed&, TimePoint now) {  // T-12, X-33
  if (now < call.deadline) return same(call);
  return Step{end(call, EndReason::timeout, std::nullopt, call.deadline),
              {FreeSlots{}, TellRingTimedOut{}, TellEnded{Party::callee, EndReason::timeout}}};
}
Outcome on(const Ringing& call, const PartyLost& lost, TimePoint now) {
  return absent(call, lost.by, call.policy.ringing_grace, now);
}
Outcome on(const Ringing& call, const PartyLeft& left, TimePoint now) { return gone_while_ringing(call, left.by, now); }
Outcome on(const Ringing& call, const PartyReturned& returned, TimePoint) {  // a returning callee rings again
  Ringing next = call;
  next.presence.of(returned.by).reset();
  if (returned.by == Party::callee) return Step{next, {RingCallee{}}};
  return same(next);
}
Outcome on(const Ringing& call, const GraceEnded& ended, TimePoint now) {  // T-13, T-14
  const auto& absence = call.presence.of(ended.by);
  if (!absence || now < absence->until) return same(call);
  return gone_while_ringing(call, ended.by, absence->until);
}
Outcome on(const Ringing& call, const StartedAnew& anew, TimePoint now) {  // T-25
  return Step{end(call, EndReason::superseded, anew.by, now), ended_by(anew.by, EndReason::superseded)};
}

// --- Active ---------------------------------------------------------------------------------------------------------

Outcome on(const Active& call, const CalleeAnswered&, TimePoint) { return same(call); }
Outcome on(const Active&, const CalleeDeclined&, TimePoint) { return unexpected(Rejection::not_ringing); }
Outcome on(const Active& call, const HangUp& hang_up, TimePoint now) {  // T-16
  return Step{end(call, EndReason::hangup, hang_up.by, now), ended_by(hang_up.by, EndReason::hangup)};
}
Outcome on(const Active& call, const RingDeadlinePassed&, TimePoint) { return same(call); }
Outcome on(const Active& call, const PartyLost& lost, TimePoint now) {  // T-18
  return absent(call, lost.by, call.policy.connected_grace, now);
}
Outcome on(const Active& call, const PartyLeft& left, TimePoint now) { return on(call, HangUp{left.by}, now); }  // 2.8.11
Outcome on(const Active& call, const PartyReturned& returned, TimePoint) {                                       // T-19
  Active next = call;
  next.presence.of(returned.by).reset();
  if (returned.by == Party::callee || call.answer == Answer::heard) return same(next);
  next.answer = Answer::heard;
  return Step{next, {TellAnswered{}}};
}
// T-20. X-14: if the other is away too, wait for the later grace; the end is the moment of the earlier loss.
Outcome on(const Active& call, const GraceEnded& ended, TimePoint now) {
  const auto& absence = call.presence.of(ended.by);
  const auto& others = call.presence.of(other(ended.by));
  if (!absence || now < absence->until || (others && now < others->until)) return same(call);
  const TimePoint lost = others ? std::min(absence->since, others->since) : absence->since;
  return Step{end(call, EndReason::connection_lost, std::nullopt, lost), ended_by(ended.by, EndReason::connection_lost)};
}
Outcome on(const Active& call, const StartedAnew& anew, TimePoint now) {  // T-25
  return Step{end(call, EndReason::superseded, anew.by, now), ended_by(anew.by, EndReason::superseded)};
}

// --- Ended: never changes (T-26) ------------------------------------------------------------------------------------

Outcome on(const Ended&, const CalleeAnswered&, TimePoint) { return unexpected(Rejection::over); }
Outcome on(const Ended& call, const CalleeDeclined&, TimePoint) {
  if (call.reason != EndReason::declined) return unexpected(Rejection::over);
  return same(call);
}
Outcome on(const Ended& call, const HangUp& hang_up, TimePoint) {
  if (call.by != hang_up.by) return unexpected(Rejection::over);
  return same(call);
}
Outcome on(const Ended& call, const RingDeadlinePassed&, TimePoint) { return same(call); }
Outcome on(const Ended& call, const PartyLost&, TimePoint) { return same(call); }
Outcome on(const Ended& call, const PartyLeft&, TimePoint) { return same(call); }
Outcome on(const Ended& call, const PartyReturned&, TimePoint) { return same(call); }
Outcome on(const Ended& call, const GraceEnded&, TimePoint) { return same(call); }
Outcome on(const Ended& call, const StartedAnew&, TimePoint) { return same(call); }

// --- time -----------------------------------------------------------------------------------------------------------

std::optional<Alarm> first_grace(const Presence& presence) {
  std::optional<Alarm> first;
  for (const Party party : {Party::caller, Party::callee})
    if (const auto& absence = presence.of(party); absence && (!first || absence->until < first->at))
      first = Alarm{absence->until, GraceEnded{party}};
  return first;
}

std::optional<Alarm> alarm_of(const Ringing& call) {
  const auto grace = first_grace(call.presence);
  return grace && grace->at < call.deadline ? grace : Alarm{call.deadline, RingDeadlinePassed{}};
}
std::optional<Alarm> alarm_of(const Active& call) {
  const auto& [caller, callee] = call.presence;
  if (caller && callee) {
    return caller->until > callee->until ? Alarm{caller->until, GraceEnded{Party::caller}}
                                         : Alarm{callee->until, GraceEnded{Party::callee}};
  }
  return first_grace(call.presence);
}
std::optional<Alarm> alarm_of(const Ended&) { return std::nullopt; }

}  // namespace

Step begin(const Policy& policy, TimePoint now) {
  return {Ringing{policy, now, now + policy.ring_time, {}}, {TakeSlots{}, RingCallee{}}};
}

Outcome advance(const State& state, const Event& event, TimePoint now) {
  return std::visit([&](const auto& call, const auto& happened) { return on(call, happened, now); }, state, event);
}

std::optional<Alarm> next_alarm(const State& state) {
  return std::visit([](const auto& call) { return alarm_of(call); }, state);
}

}  // namespace belfry::oldcall
