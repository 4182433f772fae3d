// The call state machine's face: begin a call, advance it by one event, ask when time itself is the next event.
// Pure: no clock, no store, no thread. A repeat of what is already so is success without effects; what is not allowed now
// is a Rejection (SPEC 2.6, 2.8.1).
#pragma once

#include <cstdint>
#include <optional>
#include <span>

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
  Effects effects;
};
using Decision = Expected<Step, Rejection>;

// T-05: a device that was woken late still gets time to ring; the bound keeps the caller from waiting for ever.
constexpr Duration kLateRing = std::chrono::seconds{3};
constexpr Duration kLongestStretch = std::chrono::seconds{15};
// media flows though signaling is lost. Longer keeps a good conversation, shorter frees the line of a dead one.
constexpr Duration kGraceWithMedia = std::chrono::seconds{120};

/// Whom to ring. `here`: has a session now. `nowhere`: has none, and may still come. `busy`: is in another call and not rung.
enum class Reach : std::uint8_t { here, nowhere, busy };
struct Invitation {
  UserId user;
  Reach reach = Reach::here;
};
struct Caller {
  UserId user;
  Seat seat{};
  Enclosed offer = Enclosed::nothing;
};

/// Starts a call: the state in which it rings (or waits for the caller's media, C-05), and whom to notify of it (T-01).
[[nodiscard]] Step begin(const Policy& policy, const Caller& caller, std::span<const Invitation> callees, TimePoint now);

/// `now` is when the event was received, not when its turn came.
[[nodiscard]] Decision advance(const State& state, const Event& event, TimePoint now);

// Notes on the state without a commit of their own. What the row has a place for is saved with the next step; losing a note in a
// crash is harmless.

/// A session of this person has been rung since the start.
void note_notified(State& state, UserId user);
/// This person has sent the description that was due, or has begun anew: stop waiting for it.
void note_described(State& state, UserId user);
/// The people of the call were notified of its end at `now`.
void note_end_announced(State& state, TimePoint now);

/// Copies from the state in memory what the store does not keep into the state that was loaded again: the session with which
/// each person dialled, answered or declined, and whether the callee's description is still to come.
void carry_over(State& read_back, const State& before);

/// The next event that time brings, if nothing else happens before.
struct Alarm {
  TimePoint at;
  Event event;
};
[[nodiscard]] std::optional<Alarm> next_alarm(const State& state);

}  // namespace belfry::call
