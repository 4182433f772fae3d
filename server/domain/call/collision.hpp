// Collision: a start whose caller is in a call already. It is that call's repeat, joins it, takes its place, or is refused (SPEC
// T-02, T-25, X-05, X-06, X-07). Pure: app/calls passes the state and the
// caller's live sessions, and acts on the answer.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "domain/call/call_type.hpp"
#include "domain/call/leg.hpp"
#include "domain/call/seat.hpp"
#include "domain/call/state.hpp"

namespace belfry::call {

/// The rule when two people call each other: connect them, or refuse the second start because the first call already rings (SPEC
///
enum class OnGlare : std::uint8_t { fail, connect };

/// The rule when somebody dials a third person from a session that has only taken over the seat in their call (T-25): a page that
/// was loaded again does not show that call, so its user cannot end it.
enum class OnTakenOver : std::uint8_t { fail, hang_up };

/// Whether a command came by a socket or by a REST request, which has no session that could be lost.
enum class Via : std::uint8_t { socket, request };

/// Which call a start has met, seen from the start. `of_conversation`: a group call in the very conversation (J-2.4).
enum class Met : std::uint8_t { call_of_two, group_call, of_conversation };

struct Start {
  UserId caller{};
  std::optional<UserId> callee{};  // none: several are called
  SessionId session{};
  Via via = Via::socket;
  Dialect dialect = Dialect::native;
  OnGlare glare = OnGlare::fail;
  OnTakenOver taken_over = OnTakenOver::fail;
  Met met = Met::call_of_two;
};

enum class Collision : std::uint8_t {
  clear,        // the call has ended meanwhile: try the start again
  busy,         // the user is busy with this call (T-02)
  takes_place,  // J-2.4: the conversation has this call already, and the user may join it
  repeats,      // the same client dialled this call: return this call
  joins,        // the start counts as the answer
  rings_here,   // the peer's call rings here, so the user only has to accept
  supersedes,   // T-25: one of the two is gone or dials anew: end the call, then start the new one
  hangs_up,     // OnTakenOver: hang up this call, then start the new one
};

[[nodiscard]] Collision decide(const State& state, const Start& start, std::span<const Session> callers_sessions);

/// video only if both users asked for video.
[[nodiscard]] constexpr CallType agreed(CallType one, CallType other) {
  return one == CallType::video && other == CallType::video ? CallType::video : CallType::audio;
}

}  // namespace belfry::call
