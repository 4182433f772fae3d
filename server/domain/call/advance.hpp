// The call state machine's face: begin a call, advance it by one event, ask when time itself is the next event.
// Pure: no clock, no store, no thread. A repeat of what is already so is success without effects; what is not allowed now
// is a Rejection (SPEC 2.6, 2.8.1).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/expected.hpp"
#include "domain/call/effects.hpp"
#include "domain/call/events.hpp"
#include "domain/call/state.hpp"

namespace belfry::call {

enum class Rejection : std::uint8_t {
  not_ringing,  // answered or declined what no longer, or not yet, rings
  not_active,   // ended what is over
  not_started,  // ended what has not begun, where that is refused (C-06)
};

struct Step {
  State next;
  std::vector<Effect> effects;
};
using Decision = Expected<Step, Rejection>;

// T-05: a device that was woken late must still be given time to ring, but never so much that a caller waits for ever.
constexpr Duration kLateRing = std::chrono::seconds{3};
constexpr Duration kLongestStretch = std::chrono::seconds{15};
// media flows though signaling is lost. Longer keeps a good conversation, shorter frees the line of a dead one.
constexpr Duration kGraceWithMedia = std::chrono::seconds{120};

/// T-01.
[[nodiscard]] Step begin(const Policy& policy, TimePoint now);

/// `now` is when the event was received, not when its turn came.
[[nodiscard]] Decision advance(const State& state, const Event& event, TimePoint now);

/// The next event that time brings, if nothing else happens before.
struct Alarm {
  TimePoint at;
  Event event;
};
[[nodiscard]] std::optional<Alarm> next_alarm(const State& state);

}  // namespace belfry::call
