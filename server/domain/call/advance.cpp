#include "domain/call/advance.hpp"

#include <algorithm>

namespace belfry::call {
namespace {

using Cause = Absence::Cause;

template <class Call>
Step same(const Call& call) {
  return {call, {}};
}

Ended end(const Ringing& call, EndReason reason, std::optional<Party> by, TimePoint at, SessionId session = {}) {
  return {reason, by, call.started, std::nullopt, std::max(at, call.started), session};
}
// Received times of two shards may be out of order by a hair: a duration is never negative.
Ended end(const Active& call, EndReason reason, std::optional<Party> by, TimePoint at, SessionId session = {}) {
  return {reason, by, call.started, call.answered, std::max(at, call.answered), session};
}

/// A callee who was never rung is told of no end either.
template <class ToCaller, class ToCallee>
Step over(const Ringing& call, Ended ended, ToCaller to_caller, ToCallee to_callee) {
  if (call.bell == Bell::quiet) return {ended, {to_caller}};
  return {ended, {to_caller, to_callee}};
}
Step cancelled(const Ringing& call, Ended ended) {  // T-10, T-13
  return over(call, ended, TellCancelled{Party::caller}, TellCancelled{Party::callee});
}
Step missed(const Ringing& call, Ended ended) {  // T-11, T-14, T-15 (SPEC 2.8.2)
  return over(call, ended, TellMissed{Party::caller}, TellCancelled{Party::callee});
}
Step ended(Ended ended) { return {ended, {TellEnded{Party::caller}, TellEnded{Party::callee}}}; }

Step gone_while_ringing(const Ringing& call, Party who, TimePoint at) {
  if (who == Party::caller) return cancelled(call, end(call, EndReason::caller_disconnected, who, at));
  return missed(call, end(call, EndReason::unreachable, who, at));
}

// --- Ringing --------------------------------------------------------------------------------------------------------

// T-07. X-03: an answer received at the deadline wins. A caller who is away hears of it on return.
Decision on(const Ringing& call, const CalleeAnswered& answer, TimePoint now) {
  if (now > call.deadline || call.bell == Bell::quiet) return unexpected(Rejection::not_ringing);
  Active active{call.policy, call.started, std::max(now, call.started), {call.absences.caller, std::nullopt}};
  active.answered_by = answer.session;
  if (call.absences.caller) active.answer = Answer::unheard;
  return Step{active, {TellAccepted{}}};
}
Decision on(const Ringing& call, const CalleeDeclined& decline, TimePoint now) {  // T-08
  if (call.bell == Bell::quiet) return unexpected(Rejection::not_ringing);
  return Step{end(call, EndReason::declined, Party::callee, now, decline.session), {TellRejected{}}};
}
Decision on(const Ringing& call, const HangUp& hang_up, TimePoint now) {  // T-10, T-11
  if (hang_up.verb == HangUp::Verb::end && call.policy.end_while_ringing == EndWhileRinging::refused)
    return unexpected(Rejection::not_started);
  const Ended over = end(call, EndReason::cancelled, hang_up.by, now, hang_up.session);
  return hang_up.by == Party::caller ? cancelled(call, over) : missed(call, over);
}
Decision on(const Ringing& call, const DeviceRang&, TimePoint now) {  // T-05
  if (call.first_ring || call.bell == Bell::quiet) return same(call);
  Ringing next = call;
  next.first_ring = std::max(now, call.started);
  const Duration late = *next.first_ring - (call.deadline - call.policy.ring_time);
  if (call.policy.stretch == RingStretch::by_late_device && late > kLateRing) next.deadline += std::min(late, kLongestStretch);
  return Step{next, {TellRinging{}}};
}
Decision on(const Ringing& call, const CallerReady&, TimePoint now) {  // T-06
  if (call.bell == Bell::rung) return same(call);
  Ringing next = call;
  next.bell = Bell::rung;
  next.deadline = now + call.policy.ring_time;
  return Step{next, {RingCallee{}}};
}
Decision on(const Ringing& call, const RingDeadlinePassed&, TimePoint now) {  // T-12, X-33
  if (now < call.deadline) return same(call);
  return over(call, end(call, EndReason::timeout, std::nullopt, call.deadline), TellMissed{Party::caller},
              TellMissed{Party::callee});
}
Decision on(const Ringing& call, const PartyLost& lost, TimePoint now) {  // nobody sees it yet
  Ringing next = call;
  auto& absence = next.absences.of(lost.by);
  if (!absence) absence = Absence{now, now + call.policy.ringing_grace};
  return same(next);
}
Decision on(const Ringing& call, const PartyLeft& left, TimePoint now) { return gone_while_ringing(call, left.by, now); }
Decision on(const Ringing& call, const PartyReturned& returned, TimePoint) {
  Ringing next = call;
  next.absences.of(returned.by).reset();
  return same(next);
}
Decision on(const Ringing& call, const GraceEnded& ended, TimePoint now) {  // T-13, T-14
  const auto& absence = call.absences.of(ended.by);
  if (!absence || now < absence->until) return same(call);
  return gone_while_ringing(call, ended.by, absence->until);
}
Decision on(const Ringing& call, const MediaReported&, TimePoint) { return same(call); }
Decision on(const Ringing& call, const MediaTimedOut&, TimePoint) { return same(call); }
Decision on(const Ringing& call, const MaxDurationReached&, TimePoint) { return same(call); }
Decision on(const Ringing& call, const StartedAnew& anew, TimePoint now) {  // T-25
  return cancelled(call, end(call, EndReason::superseded, anew.by, now));
}
Decision on(const Ringing& call, const Forced& forced, TimePoint now) {  // T-15
  return missed(call, end(call, forced.reason, std::nullopt, now));
}
// the deadline stands. The caller is away: an answer is kept for the return (T-07), and without one there is T-13. The
// callee rings until the deadline: a socket that the stop of the server closed is no sign that they went.
Decision on(const Ringing& call, const ServerRestarted& restart, TimePoint now) {
  Ringing next = call;
  if (restart.caller_by_socket)
    next.absences.caller = Absence{std::max(restart.last_alive, call.started), now + restart.grace, Cause::restart};
  next.absences.callee.reset();
  return same(next);
}

// --- Active ---------------------------------------------------------------------------------------------------------

Decision on(const Active& call, const CalleeAnswered& answer, TimePoint) {  // only the first device's repeat is success
  if (call.answered_by != answer.session) return unexpected(Rejection::not_ringing);
  return same(call);
}
Decision on(const Active&, const CalleeDeclined&, TimePoint) { return unexpected(Rejection::not_ringing); }
Decision on(const Active& call, const HangUp& hang_up, TimePoint now) {  // T-16, X-02
  return ended(end(call, EndReason::hangup, hang_up.by, now, hang_up.session));
}
Decision on(const Active& call, const DeviceRang&, TimePoint) { return same(call); }
Decision on(const Active& call, const CallerReady&, TimePoint) { return same(call); }
Decision on(const Active& call, const RingDeadlinePassed&, TimePoint) { return same(call); }
Decision on(const Active& call, const PartyLost& lost, TimePoint now) {  // T-18
  if (call.absences.of(lost.by)) return same(call);
  Active next = call;
  next.absences.of(lost.by) = Absence{now, now + call.policy.connected_grace};
  return Step{next, {TellReconnecting{lost.by}}};
}
Decision on(const Active& call, const PartyLeft& left, TimePoint now) { return on(call, HangUp{left.by}, now); }  // 2.8.11
Decision on(const Active& call, const PartyReturned& returned, TimePoint) {                                       // T-19
  if (!call.absences.of(returned.by)) return same(call);
  Active next = call;
  next.absences.of(returned.by).reset();
  if (returned.by == Party::callee || call.answer == Answer::heard) return Step{next, {TellReconnected{returned.by}}};
  next.answer = Answer::heard;
  return Step{next, {TellAnswerLate{}, TellReconnected{returned.by}}};
}
// T-20. X-14: if the other is away too, wait for the later grace; the end is the moment of the earlier loss.
Decision on(const Active& call, const GraceEnded& grace, TimePoint now) {
  const auto& absence = call.absences.of(grace.by);
  const auto& others = call.absences.of(other(grace.by));
  if (!absence || now < absence->until || (others && now < others->until)) return same(call);
  const Absence& first = others && others->since < absence->since ? *others : *absence;
  const auto reason = first.cause == Cause::restart ? EndReason::server_restart : EndReason::connection_lost;
  return ended(end(call, reason, std::nullopt, first.since));
}
Decision on(const Active& call, const MediaReported& report, TimePoint) {  // X-15, T-21
  Active next = call;
  next.media_alive.of(report.by) = call.media_alive.of(report.by) || report.alive;
  if (auto& others = next.absences.of(other(report.by)); others && report.alive)
    others->until = std::max(others->until, others->since + kGraceWithMedia);
  return same(next);
}
Decision on(const Active& call, const MediaTimedOut&, TimePoint now) {  // T-21
  if (call.media_alive.caller || call.media_alive.callee || now < call.answered + call.policy.media_timeout) return same(call);
  return ended(end(call, EndReason::media_failed, std::nullopt, now));
}
Decision on(const Active& call, const MaxDurationReached&, TimePoint now) {  // T-22
  if (now < call.answered + call.policy.max_duration) return same(call);
  return ended(end(call, EndReason::max_duration, std::nullopt, call.answered + call.policy.max_duration));
}
Decision on(const Active& call, const StartedAnew& anew, TimePoint now) {  // T-25
  return ended(end(call, EndReason::superseded, anew.by, now));
}
Decision on(const Active& call, const Forced& forced, TimePoint now) {  // T-22
  return ended(end(call, forced.reason, std::nullopt, now));
}
Decision on(const Active& call, const ServerRestarted& restart, TimePoint now) {
  Active next = call;
  const Absence absence{std::max(restart.last_alive, call.answered), now + restart.grace, Cause::restart};
  next.absences = {absence, absence};
  return same(next);
}

// --- Ended: never changes (T-26) ------------------------------------------------------------------------------------

Decision on(const Ended&, const CalleeAnswered&, TimePoint) { return unexpected(Rejection::not_ringing); }
Decision on(const Ended& call, const CalleeDeclined& decline, TimePoint) {
  if (call.reason != EndReason::declined || call.by_session != decline.session) return unexpected(Rejection::not_ringing);
  return same(call);
}
Decision on(const Ended& call, const HangUp& hang_up, TimePoint) {
  if (call.by != hang_up.by || call.by_session != hang_up.session) return unexpected(Rejection::not_active);
  return same(call);
}
Decision on(const Ended&, const DeviceRang&, TimePoint) { return unexpected(Rejection::not_ringing); }
Decision on(const Ended&, const CallerReady&, TimePoint) { return unexpected(Rejection::not_ringing); }
Decision on(const Ended& call, const RingDeadlinePassed&, TimePoint) { return same(call); }
Decision on(const Ended& call, const PartyLost&, TimePoint) { return same(call); }
Decision on(const Ended& call, const PartyLeft&, TimePoint) { return same(call); }
Decision on(const Ended& call, const PartyReturned&, TimePoint) { return same(call); }
Decision on(const Ended& call, const GraceEnded&, TimePoint) { return same(call); }
Decision on(const Ended&, const MediaReported&, TimePoint) { return unexpected(Rejection::not_active); }
Decision on(const Ended& call, const MediaTimedOut&, TimePoint) { return same(call); }
Decision on(const Ended& call, const MaxDurationReached&, TimePoint) { return same(call); }
Decision on(const Ended& call, const StartedAnew&, TimePoint) { return same(call); }
Decision on(const Ended&, const Forced&, TimePoint) { return unexpected(Rejection::not_active); }
Decision on(const Ended& call, const ServerRestarted&, TimePoint) { return same(call); }

}  // namespace

Step begin(const Policy& policy, TimePoint now) {
  Ringing ringing{policy, now, now + policy.ring_time, {}};
  if (policy.ring == Ring::immediate) return {ringing, {RingCallee{}}};
  ringing.bell = Bell::quiet;
  return same(ringing);
}

Decision advance(const State& state, const Event& event, TimePoint now) {
  return std::visit([&](const auto& call, const auto& happened) { return on(call, happened, now); }, state, event);
}

Status status_of(const State& state) {
  if (std::holds_alternative<Ringing>(state)) return Status::calling;
  if (std::holds_alternative<Active>(state)) return Status::connected;
  const auto& over = std::get<Ended>(state);
  if (over.answered) return Status::ended;
  return over.reason == EndReason::declined ? Status::rejected : Status::missed;  // C-25
}

}  // namespace belfry::call
