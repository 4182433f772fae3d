// The call state machine's face: begin a call, advance it by one event, ask when time itself is the next event.
// Pure: no clock, no store, no thread. A repeat of what is already so is success without effects; what is not allowed now
// is a Rejection (SPEC 2.6, 2.8.1).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/expected.hpp"
#include "domain/oldcall/effects.hpp"
#include "domain/oldcall/events.hpp"
#include "domain/oldcall/state.hpp"

namespace belfry::oldcall {

enum class Rejection : std::uint8_t {
  not_ringing,  // answered too late, or declined what is connected
  over,         // the call has ended, by another's act
};

struct Step {
  State next;
  std::vector<Effect> effects;
};
using Outcome = Expected<Step, Rejection>;

/// T-01.
[[nodiscard]] Step begin(const Policy& policy, TimePoint now);

/// `now` is when the event was received, not when its turn came.
[[nodiscard]] Outcome advance(const State& state, const Event& event, TimePoint now);

/// The next event that time brings, if nothing else happens before.
struct Alarm {
  TimePoint at;
  Event event;
};
[[nodiscard]] std::optional<Alarm> next_alarm(const State& state);

}  // namespace belfry::oldcall
