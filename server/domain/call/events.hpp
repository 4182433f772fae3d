// Event: what can happen to a call. It says what happened and who did it, never what to do about it (advance.cpp). People cause
// some, time others (alarm.cpp), the server the rest; app/calls makes them of commands.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "domain/call/collision.hpp"
#include "domain/call/state.hpp"

namespace belfry::call {

struct Answered {
  UserId by;
  Seat seat{};
  Enclosed enclosed = Enclosed::nothing;  // whether an answer description came with it
};
struct Declined {
  UserId by;
  SessionId session{};
};
/// A person hung up: a cancel while the call rings, an end once it is connected. `verb` matters only under a policy that refuses
/// an end while it rings (SPEC C-06), and for the host of a group call, who may `leave` it to the others (S17); `via` matters
/// only when two people hang up at once.
struct HungUp {
  enum class Verb : std::uint8_t { cancel, end, leave };
  UserId by;
  SessionId session{};
  Verb verb = Verb::end;
  Via via = Via::socket;
};
/// A device of this person confirmed that it rings.
struct DeviceRang {
  UserId by;
};
/// The caller's media has joined: the callees may be rung.
struct CallerReady {};
struct RingDeadlinePassed {};
/// The transport of this person's session broke; the session may return. `at_most`: their page has said that it closes or reloads
/// (S9): then they are not waited for longer than this from now on, also if they were lost before.
struct Lost {
  UserId by;
  std::optional<Duration> at_most{};
};
/// The person's session ended: they signed out or closed the page, or the server revoked the login (T-22).
struct Left {
  enum class Cause : std::uint8_t { chosen, token_revoked };
  UserId by;
  Cause cause = Cause::chosen;
};
/// A session took the person's seat (seat.hpp): the lost session, or one that replaces it.
struct Returned {
  UserId by;
  Seat seat{};
};
struct GraceEnded {
  UserId by;
};
/// The person's client reported whether media flows.
struct MediaReported {
  UserId by;
  bool alive;
};
struct MediaTimedOut {};
struct MaxDurationReached {};
/// The person dials the same peer again from a new session that does not know of this call (SPEC T-25).
struct StartedAnew {
  UserId by;
};
/// The server ends one person's part: they were removed from the conversation or deactivated.
struct Kicked {
  UserId who;
  EndReason reason = EndReason::kicked;
};
/// The server ends the whole call: an administrator asked for it, or a user was deactivated (T-15, T-22).
struct Forced {
  EndReason reason;
};
/// The server did not run since `last_alive`, so every socket is gone; a caller who dialled by REST need not have
/// had one.
struct ServerRestarted {
  TimePoint last_alive;
  Duration grace;
  Via caller_via = Via::socket;
};

using Event =
    std::variant<Answered, Declined, HungUp, DeviceRang, CallerReady, RingDeadlinePassed, Lost, Left, Returned, GraceEnded,
                 MediaReported, MediaTimedOut, MaxDurationReached, StartedAnew, Kicked, Forced, ServerRestarted>;

}  // namespace belfry::call
