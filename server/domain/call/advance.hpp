// The call state machine's interface: begin a call, advance it by one event, ask when time itself is the next event. A repeat of
// what is already so succeeds without effects; what is not allowed now is a Rejection (SPEC 2.6, 2.8.1). Pure: no clock, no
// store, no thread. The state belongs to its call host (app/calls), which commits each step before it notifies anybody.
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
  not_ringing,  // answer or decline, but the call does not ring yet or no longer rings
  not_active,   // the call is over
  not_started,  // an end while it rings, where the policy refuses that (C-06)
  full,         // an answer, but as many people as may be in it are (J-2.11)
};

struct Step {
  State next;
  Effects effects;
};
using Decision = Expected<Step, Rejection>;

// T-05: a device that woke up late still gets time to ring. The bound limits how long the caller waits.
constexpr Duration kLateRing = std::chrono::seconds{3};
constexpr Duration kLongestStretch = std::chrono::seconds{15};
// media still flows although signaling is lost. A longer grace keeps a good conversation; a shorter one frees the peer of a
// dead call sooner.
constexpr Duration kGraceWithMedia = std::chrono::seconds{120};

/// Whether a callee can be rung. `here`: has a session now. `nowhere`: has none yet, but may still connect. `busy`: is in another
/// call and is not rung. `silent`: Bell::silent.
enum class Reach : std::uint8_t { here, nowhere, busy, silent };
struct Invitation {
  UserId user;
  Reach reach = Reach::here;
};
struct Caller {
  UserId user;
  Seat seat{};
  Enclosed offer = Enclosed::nothing;
  CallerMedia media = CallerMedia::joins_later;
};

/// Starts a call. The result is the first state, ringing or waiting for the caller's media (C-05), and the first effects (T-01).
[[nodiscard]] Step begin(const Policy& policy, const Caller& caller, std::span<const Invitation> callees, TimePoint now);

/// `now`: when the server received the event. It may have waited in a queue since then.
[[nodiscard]] Decision advance(const State& state, const Event& event, TimePoint now);

// The functions below change the state past the table, most of them without a commit (docs/decisions/0026): the next step saves
// what the row has a column for, and losing the rest in a crash does no harm.

/// A session of this person is rung. The step that starts the ring is stored with it; without a commit it is only for a session
/// that comes later.
void note_notified(State& state, UserId user);
/// This person sent the missing description or negotiates anew: stop waiting for it.
void note_described(State& state, UserId user);
/// The participants were notified of the end at `now`.
void note_end_announced(State& state, TimePoint now);

/// After a call was loaded again, copies from the state in memory what the store does not keep: the session with which each
/// person dialled, answered or declined, whether they were notified, and whether the callee's description is still missing.
void carry_over(State& read_back, const State& before);

/// The event that time brings next, if no other event comes first.
struct Alarm {
  TimePoint at;
  Event event;
};
[[nodiscard]] std::optional<Alarm> next_alarm(const State& state);

}  // namespace belfry::call
