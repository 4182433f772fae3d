// Collision: a start whose caller is in a call already. It is that call's repeat, joins it, takes its place, or is refused (SPEC
// T-02, T-25, X-05, X-06, X-07). Pure: the caller passes the call's legs and the caller's live sessions.
#pragma once

#include <cstdint>
#include <span>

#include "domain/call/call_type.hpp"
#include "domain/call/leg.hpp"
#include "domain/call/seat.hpp"
#include "domain/call/state.hpp"

namespace belfry::call {

/// Two people call each other: connect them, or refuse the second start because the first call rings (SPEC ).
enum class OnGlare : std::uint8_t { fail, connect };

/// What an act came by: a socket, or a REST request, which has no session that could be lost.
enum class Via : std::uint8_t { socket, request };

struct Start {
  UserId caller{}, callee{};
  SessionId session{};
  Via via = Via::socket;
  Dialect dialect = Dialect::native;
  OnGlare glare = OnGlare::fail;
};

enum class Collision : std::uint8_t {
  clear,       // the call is over meanwhile: start again
  busy,        // with this call (T-02)
  repeats,     // the same session dialled this call: answer with the call there is
  joins,       // the start is the answer
  rings_here,  // the other one's call rings here; one tap away from talking
  supersedes,  // T-25: one of the two is gone, or has begun anew: the call ends, and then this one begins
};

[[nodiscard]] Collision decide(const State& state, const Start& start, std::span<const Session> callers_sessions);

/// video only if both asked for it.
[[nodiscard]] constexpr CallType agreed(CallType one, CallType other) {
  return one == CallType::video && other == CallType::video ? CallType::video : CallType::audio;
}

}  // namespace belfry::call
