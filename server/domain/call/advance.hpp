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

// T-05: a device that was woken late must still be given time to ring, but never so much that a caller waits for ever.
constexpr Duration kLateRing = std::chrono::seconds{3};
constexpr Duration kLongestStretch = std::chrono::seconds{15};
// media flows though signaling is lost. Longer keeps a good conversation, shorter frees the line of a dead one.
constexpr Duration kGraceWithMedia = std::chrono::seconds{120};

/// Who is called, and whether anybody is there to be told: a session, nobody, or somebody who is in another call and is not rung.
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

/// T-01.
[[nodiscard]] Step begin(const Policy& policy, const Caller& caller, std::span<const Invitation> callees, TimePoint now);

/// `now` is when the event was received, not when its turn came.
[[nodiscard]] Decision advance(const State& state, const Event& event, TimePoint now);

/// Facts that ride with the next step, for they need no commit of their own: if they are lost, they come about again.
/// A session of this person has been rung since the start.
void note_told(State& state, UserId user);
/// This person has sent the description that was due, or began anew: nobody waits for it any more.
void note_described(State& state, UserId user);
/// The end was told.
void note_told_of_end(State& state, TimePoint now);
/// What the store does not know, and was known before the call was read back: with which session somebody dialled, answered
/// or declined, and that the callee's description is still to come.
void carry_over(State& read_back, const State& before);

/// The next event that time brings, if nothing else happens before.
struct Alarm {
  TimePoint at;
  Event event;
};
[[nodiscard]] std::optional<Alarm> next_alarm(const State& state);

}  // namespace belfry::call
