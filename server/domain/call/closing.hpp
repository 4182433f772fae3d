// How legs and calls close: the one rule behind T-08 to T-11, T-13, T-14, T-16, T-17 and T-20 (SPEC 2.6). For the rules only.
#pragma once

#include <optional>

#include "domain/call/advance.hpp"

namespace belfry::call::rules {

struct End {
  EndReason reason;
  std::optional<UserId> by;
  TimePoint at;
  SessionId session{};
};

template <class Call>
Step same(const Call& call) {
  return {call, {}};
}

/// Of somebody who goes, or does not come back in time.
[[nodiscard]] EndReason reason_to_go(const Calling& call, Role role);
[[nodiscard]] EndReason reason_to_go(const Connected& call, Role role);

[[nodiscard]] inline bool has_rung(const Calling& call) { return call.bell == Bell::rung; }
[[nodiscard]] inline bool has_rung(const Connected&) { return true; }
[[nodiscard]] inline bool is_here(const Leg& leg) { return leg.state == LegState::joined; }

/// Two are in it, or one who waits for somebody to answer.
[[nodiscard]] bool goes_on(const Legs& legs);

void close(Leg& leg, LegStep how);
/// Whose part is closed hears nothing more, the caller of a call of more too.
void tell_caller(Effects& effects, const Legs& legs, What what, UserId about);
void tell_others_in(Effects& effects, const Legs& legs, What what, UserId about);

/// Every open leg closes, and each person hears how the call ended, the caller first; but not who was never rung. `legs`: as they
/// are after what ended it.
template <class Call>
[[nodiscard]] Step end(const Call& before, Legs legs, const End& why);
template <class Call>
[[nodiscard]] Step end(const Call& call, const End& why) {
  return end(call, call.legs, why);
}

/// One leg closes; its person hears of it and the others see it. With it the call ends, if nothing is left to go on with.
template <class Call>
[[nodiscard]] Step close_leg(const Call& call, UserId who, LegStep how, const End& why);

}  // namespace belfry::call::rules
