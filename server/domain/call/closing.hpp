// How legs and calls close: the one rule behind T-08 to T-11, T-13, T-14, T-16, T-17 and T-20 (SPEC 2.6), for two people and for
// more. Not here: which events close a leg (hang_ups.cpp, answers.cpp, absences.cpp). Only the rules use it.
#pragma once

#include <optional>

#include "domain/call/advance.hpp"

namespace belfry::call::rules {

struct End {
  EndReason reason;
  std::optional<UserId> by;
  TimePoint at;
  std::optional<SessionId> session{};  // none: no session asked for it
};

template <class Call>
Step same(const Call& call) {
  return {call, {}};
}

/// The end reason when this person leaves, or does not return in time.
[[nodiscard]] EndReason reason_to_go(const Calling& call, PartyRole role);
[[nodiscard]] EndReason reason_to_go(const Connected& call, PartyRole role);

[[nodiscard]] inline bool may_ring(const Calling& call) { return call.ring_start == RingStart::begun; }
[[nodiscard]] inline bool may_ring(const Connected&) { return true; }
[[nodiscard]] inline bool is_here(const Leg& leg) { return leg.state == LegState::joined; }

/// Whether the call continues: two people are in it, or one is and another is still rung (J-2.9).
[[nodiscard]] bool still_a_call(const Legs& legs);

void close(Leg& leg, LegStep how);
/// Whether the call has been kept from this person: they were not rung, and have not joined (J-1.5).
[[nodiscard]] inline bool is_unaware(const Leg& leg) { return is_pending(leg.state) && leg.bell == Bell::silent; }
/// These notify only people who are in the call; a caller who has left a group call gets nothing more.
void notify_caller(Effects& effects, const Legs& legs, EffectKind kind, UserId about);
void notify_others_in(Effects& effects, const Legs& legs, EffectKind kind, UserId about);

/// Closes every open leg and notifies each of those people how the call ended, the caller first. Callees are not notified if the
/// call never rang. `legs`: after the event that ends the call.
template <class Call>
[[nodiscard]] Step end(const Call& before, Legs legs, const End& why);
template <class Call>
[[nodiscard]] Step end(const Call& call, const End& why) {
  return end(call, call.legs, why);
}

/// Closes one leg and notifies its person and the others. Ends the call if it cannot continue without this leg (still_a_call).
template <class Call>
[[nodiscard]] Step close_leg(const Call& call, UserId who, LegStep how, const End& why);

}  // namespace belfry::call::rules
