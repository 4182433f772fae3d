// What the world must be told or given back once a step is durable. Each end has exactly one effect for each party: it is
// told, or, if the end is its own doing or it is gone, let go. Timers are no effects: next_alarm(state) derives them, so
// that none can be forgotten or outlive its state.
#pragma once

#include <variant>

#include "domain/oldcall/state.hpp"

namespace belfry::oldcall {

struct TakeSlots {
  friend bool operator==(const TakeSlots&, const TakeSlots&) = default;
};
struct FreeSlots {
  friend bool operator==(const FreeSlots&, const FreeSlots&) = default;
};
struct RingCallee {
  friend bool operator==(const RingCallee&, const RingCallee&) = default;
};
struct TellAnswered {  // the caller
  friend bool operator==(const TellAnswered&, const TellAnswered&) = default;
};
struct TellDeclined {  // the caller
  friend bool operator==(const TellDeclined&, const TellDeclined&) = default;
};
struct TellRingTimedOut {  // the caller
  friend bool operator==(const TellRingTimedOut&, const TellRingTimedOut&) = default;
};
struct TellEnded {
  Party party;
  EndReason reason;
  friend bool operator==(const TellEnded&, const TellEnded&) = default;
};
struct LetGo {
  Party party;
  friend bool operator==(const LetGo&, const LetGo&) = default;
};

using Effect = std::variant<TakeSlots, FreeSlots, RingCallee, TellAnswered, TellDeclined, TellRingTimedOut, TellEnded, LetGo>;

}  // namespace belfry::oldcall
