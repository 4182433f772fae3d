// What the world must be told once a step is durable. Timers and slots are no effects: next_alarm(state) and the status derive
// them, so that none can be forgotten or outlive its state. Each end tells each party exactly once.
#pragma once

#include <variant>

#include "domain/call/state.hpp"

namespace belfry::call {

struct RingCallee {
  friend bool operator==(const RingCallee&, const RingCallee&) = default;
};
struct TellRinging {  // the caller: a device really rings
  friend bool operator==(const TellRinging&, const TellRinging&) = default;
};
struct TellAccepted {  // the caller, and the callee's devices: this one, or elsewhere
  friend bool operator==(const TellAccepted&, const TellAccepted&) = default;
};
struct TellAnswerLate {  // a caller who was away when it came
  friend bool operator==(const TellAnswerLate&, const TellAnswerLate&) = default;
};
struct TellRejected {  // the caller, and the callee's other devices
  friend bool operator==(const TellRejected&, const TellRejected&) = default;
};
struct TellCancelled {
  Party party;
  friend bool operator==(const TellCancelled&, const TellCancelled&) = default;
};
struct TellMissed {
  Party party;
  friend bool operator==(const TellMissed&, const TellMissed&) = default;
};
struct TellEnded {
  Party party;
  friend bool operator==(const TellEnded&, const TellEnded&) = default;
};
struct TellReconnecting {  // the other one
  Party absent;
  friend bool operator==(const TellReconnecting&, const TellReconnecting&) = default;
};
struct TellReconnected {  // the other one
  Party back;
  friend bool operator==(const TellReconnected&, const TellReconnected&) = default;
};

using Effect = std::variant<RingCallee, TellRinging, TellAccepted, TellAnswerLate, TellRejected, TellCancelled, TellMissed,
                            TellEnded, TellReconnecting, TellReconnected>;

}  // namespace belfry::call
