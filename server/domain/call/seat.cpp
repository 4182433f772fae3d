#include "domain/call/seat.hpp"

#include <algorithm>

namespace belfry::call {
namespace {

bool is_held_by_one_of(const Leg& leg, std::span<const Session> here) {
  return std::any_of(here.begin(), here.end(), [&](const Session& each) { return holds(leg, each); });
}

/// 2.8.12: a client that names no device gets its session id as device id, which cannot identify the device in a later session.
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

Placement placement_of(const Leg& leg, const Session& session, SeatClaim how, std::span<const Session> others_here) {
  const bool seated = holds(leg, session);
  // T-19: the return of another device is not the return of the device in the call. If the seat names no device, any session may
  // be it, except a recovered one: a recovered session is known to be itself, and it does not hold the leg.
  const bool may_be_it = seated || is_pending(leg.state) || (how != SeatClaim::recovered && !names_its_device(leg));
  // the person is back before this shard learned of the loss. The new session takes the seat; the late loss changes
  // nothing.
  const bool replaces = !seated && leg.seat && !is_pending(leg.state) && !is_held_by_one_of(leg, others_here);
  if (may_be_it && (leg.away || replaces)) return how == SeatClaim::displacing ? Placement::may_speak_up : Placement::takes_seat;
  return seated ? Placement::is_seated : Placement::waits;
}

Speakers::Speakers(const Leg& leg, std::span<const Session> here) : leg_(leg), rule_(Rule::holders) {
  if (leg.away || !is_open(leg.state))
    rule_ = Rule::nobody;
  else if (is_pending(leg.state) || !is_held_by_one_of(leg, here))  // answered by REST: any session may speak
    rule_ = Rule::everybody;
}

bool Speakers::include(const Session& session) const {
  if (rule_ == Rule::holders) return holds(leg_, session);
  return rule_ == Rule::everybody;
}

bool is_spoken_for(const Leg& leg, Status status, const Session& gone, std::span<const Session> here) {
  if (leg.away || here.empty()) return false;
  if (status == Status::calling || is_pending(leg.state)) return true;
  return is_held_by_one_of(leg, here) || !holds(leg, gone);
}

}  // namespace belfry::call
