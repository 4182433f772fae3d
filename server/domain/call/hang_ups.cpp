// How participants and the server end a call.
#include <algorithm>
#include <tuple>
#include <type_traits>
#include <utility>

#include "domain/call/closing.hpp"
#include "domain/call/rules.hpp"

namespace belfry::call::rules {
namespace {

EndReason reason_to_hang_up(const Calling&) { return EndReason::cancelled; }
EndReason reason_to_hang_up(const Connected&) { return EndReason::hangup; }

/// X-29, J-2.10: a call that rang and has nobody left to ring was ended from above; in a conversation the word stays.
EndReason reason_to_end_by(const Calling&, EndReason kick) { return kick == EndReason::kicked ? EndReason::admin : kick; }
EndReason reason_to_end_by(const Connected&, EndReason kick) { return kick; }

/// Whose hang-up ends the call for all: that of the person who is in it for longest, the caller unless they have left it (S17).
bool is_host(const Legs& legs, const Leg& leg) {
  const auto order = [](const Leg& each) { return std::tuple(each.joined, each.role, each.user); };
  return is_in(leg.state) && std::none_of(legs.begin(), legs.end(),
                                          [&](const Leg& other) { return is_in(other.state) && order(other) < order(leg); });
}

// T-10, T-11, T-16, T-17, J-2.9: the host ends the call for everybody, unless they ask to leave it alone; others only leave it.
// While a call rings only its caller is host, and it ends when the caller goes.
template <class Call>
Decision hang_up_or_leave(const Call& call, const HungUp& hung_up, TimePoint now) {
  const Leg& leg = leg_of(call.legs, hung_up.by);
  const End why{reason_to_hang_up(call), hung_up.by, now, hung_up.session};
  const bool alone = hung_up.verb == HungUp::Verb::leave && std::is_same_v<Call, Connected>;
  if (!alone && is_host(call.legs, leg)) return end(call, why);
  if (is_open(leg.state)) return close_leg(call, hung_up.by, LegStep::closes, why);
  if (leg.acted == hung_up.session) return same(call);
  return unexpected(Rejection::not_active);
}

template <class Call>
Decision leave_by_choice(const Call& call, const Left& left, TimePoint now) {  // 2.8.11
  const Leg& leg = leg_of(call.legs, left.by);
  if (!is_open(leg.state)) return same(call);
  return close_leg(call, left.by, LegStep::closes, {reason_to_go(call, leg.role), left.by, now});
}

}  // namespace

EndReason reason_to_go(const Calling&, PartyRole role) {
  return role == PartyRole::caller ? EndReason::caller_disconnected : EndReason::unreachable;
}
EndReason reason_to_go(const Connected&, PartyRole) { return EndReason::hangup; }

Decision give_up(const Calling& call, const HungUp& hung_up, TimePoint now) {  // C-06
  if (hung_up.verb == HungUp::Verb::end && call.policy.end_while_ringing == EndWhileRinging::refused)
    return unexpected(Rejection::not_started);
  return hang_up_or_leave(call, hung_up, now);
}
Decision hang_up(const Connected& call, const HungUp& hung_up, TimePoint now) {
  return hang_up_or_leave(call, hung_up, now);
}

// T-26. X-18: a hang-up by socket that crossed with the end succeeds, because the call is over as wanted. A REST request gets
// not_active.
Decision hang_up_again(const Ended& call, const HungUp& hung_up, TimePoint now) {
  const bool repeats = call.by == hung_up.by && call.by_session == hung_up.session;
  const bool crosses = hung_up.via == Via::socket && now < call.announced_at;
  if (!repeats && !crosses) return unexpected(Rejection::not_active);
  return same(call);
}

// T-15 has no reason for a revoked login, so while the call rings it is a leave (T-13, T-14).
Decision leave(const Calling& call, const Left& left, TimePoint now) { return leave_by_choice(call, left, now); }

Decision leave(const Connected& call, const Left& left, TimePoint now) {
  if (left.cause == Left::Cause::chosen || !is_in(leg_of(call.legs, left.by).state)) return leave_by_choice(call, left, now);
  return close_leg(call, left.by, LegStep::closes, {EndReason::token_revoked, std::nullopt, now});  // T-22
}

template <class Call>
Decision supersede(const Call& call, const StartedAnew& anew, TimePoint now) {  // T-25
  return end(call, {EndReason::superseded, anew.by, now});
}
template Decision supersede(const Calling&, const StartedAnew&, TimePoint);
template Decision supersede(const Connected&, const StartedAnew&, TimePoint);

/// J-2.5: who is out already is not notified again, but must not come back.
template <class Call>
Step bar(const Call& call, UserId who) {
  Call next = call;
  move(leg_of(next.legs, who), LegStep::kicked);
  return {std::move(next), {}};
}

template <class Call>
Decision kick(const Call& call, const Kicked& kicked, TimePoint now) {  // a call ends without its caller
  const Leg& leg = leg_of(call.legs, kicked.who);
  const End why{reason_to_end_by(call, kicked.reason), std::nullopt, now};
  if (!is_open(leg.state)) return bar(call, kicked.who);
  if (leg.role == PartyRole::callee) return close_leg(call, kicked.who, LegStep::kicked, why);
  Legs legs = call.legs;
  close(leg_of(legs, kicked.who), LegStep::kicked);
  return end(call, std::move(legs), why);
}
template Decision kick(const Calling&, const Kicked&, TimePoint);
template Decision kick(const Connected&, const Kicked&, TimePoint);

template <class Call>
Decision force(const Call& call, const Forced& forced, TimePoint now) {  // T-15, T-22
  return end(call, {forced.reason, std::nullopt, now});
}
template Decision force(const Calling&, const Forced&, TimePoint);
template Decision force(const Connected&, const Forced&, TimePoint);

}  // namespace belfry::call::rules
