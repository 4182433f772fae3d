// What can happen to a call between two people. An event says what happened, never what to do about it.
#pragma once

#include <variant>

#include "domain/oldcall/state.hpp"

namespace belfry::oldcall {

struct CalleeAnswered {};
struct CalleeDeclined {};
/// Either side pressed the red button: a cancel while ringing, an end once connected.
struct HangUp {
  Party by;
};
struct RingDeadlinePassed {};
/// The party's transport broke; we wait for its return.
struct PartyLost {
  Party by;
};
/// The party went on purpose: signed out, closed the page.
struct PartyLeft {
  Party by;
};
struct PartyReturned {
  Party by;
};
struct GraceEnded {
  Party by;
};
/// From a new session, not knowing of this call, the party dials the same person again (SPEC T-25).
struct StartedAnew {
  Party by;
};

using Event = std::variant<CalleeAnswered, CalleeDeclined, HangUp, RingDeadlinePassed, PartyLost, PartyLeft, PartyReturned,
                           GraceEnded, StartedAnew>;

}  // namespace belfry::oldcall
