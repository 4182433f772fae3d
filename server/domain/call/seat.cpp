#include "domain/call/seat.hpp"

#include <algorithm>

namespace belfry::call {
namespace {

bool is_held_by_one_of(const Leg& leg, std::span<const Session> here) {
  return std::any_of(here.begin(), here.end(), [&](const Session& each) { return holds(leg, each); });
}

/// 2.8.12: a session without a device id of its own bears its session's. That tells nothing of the session which comes next.
bool names_its_device(const Leg& leg) {
  return leg.seat && !leg.seat->device.empty() && leg.seat->device != belfry::to_text(leg.seat->session.value());
}

}  // namespace

bool holds(const Leg& leg, const Session& session) {
  if (!leg.seat) return false;
  if (session.id == leg.seat->session) return true;
  if (!leg.seat->device.empty() && !session.device.empty()) return session.device == leg.seat->device;
  return session.login != account::LoginId{} && session.login.value() == leg.seat->session.value();
}

Placement place(const Leg& leg, const Session& session, Coming how, std::span<const Session> others_here) {
  const bool seated = holds(leg, session);
  // T-19: another device is no return of the one that is in the call. Of an unnamed one nobody can tell, so any is; but who
  // recovered is known exactly, and was not the one that holds it.
  const bool may_be_it = seated || is_pending(leg.state) || (how != Coming::recovered && !names_its_device(leg));
  // back before its loss was heard of here. It takes the place at once, and the loss says nothing any more.
  const bool replaces = !seated && leg.seat && !is_pending(leg.state) && !is_held_by_one_of(leg, others_here);
  if (may_be_it && (leg.away || replaces)) return how == Coming::displacing ? Placement::may_speak_up : Placement::takes_seat;
  return seated ? Placement::is_seated : Placement::waits;
}

Voices::Voices(const Leg& leg, std::span<const Session> here) : leg_(leg), rule_(Rule::holders) {
  if (leg.away || !is_open(leg.state))
    rule_ = Rule::nobody;
  else if (is_pending(leg.state) || !is_held_by_one_of(leg, here))  // a part that was taken by REST is everybody's
    rule_ = Rule::everybody;
}

bool Voices::include(const Session& session) const {
  if (rule_ == Rule::holders) return holds(leg_, session);
  return rule_ == Rule::everybody;
}

bool is_spoken_for(const Leg& leg, Status status, const Session& gone, std::span<const Session> here) {
  if (leg.away || here.empty()) return false;
  if (status == Status::calling || is_pending(leg.state)) return true;
  return is_held_by_one_of(leg, here) || !holds(leg, gone);
}

}  // namespace belfry::call
