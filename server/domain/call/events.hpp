// What can happen to a call. An event says what happened and to whom, never what to do about it.
#pragma once

#include <variant>

#include "domain/call/collision.hpp"
#include "domain/call/state.hpp"

namespace belfry::call {

struct Answered {
  UserId by;
  Seat seat{};
  Enclosed enclosed = Enclosed::nothing;  // came with it
};
struct Declined {
  UserId by;
  SessionId session{};
};
/// A person hung up: a cancel while it rings, an end once connected. The verb matters only where ending a call that has not
/// begun is refused (SPEC C-06), whether it came by a socket only where two hang up at once.
struct HungUp {
  enum class Verb : std::uint8_t { cancel, end };
  UserId by;
  SessionId session{};
  Verb verb = Verb::end;
  Via via = Via::socket;
};
/// A device of this person is really ringing.
struct DeviceRang {
  UserId by;
};
/// The caller's media is joined: now the others may be rung.
struct CallerReady {};
struct RingDeadlinePassed {};
/// The transport of the person's session broke; we wait for its return.
struct Lost {
  UserId by;
};
/// The person went on purpose: signed out, closed the page.
struct Left {
  UserId by;
};
/// A session took the seat (seat.hpp): the one that was lost, or one in its place.
struct Returned {
  UserId by;
  Seat seat{};
};
struct GraceEnded {
  UserId by;
};
/// The person's client told whether media flows.
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
/// One person's part is ended by the server: removed from the conversation, deactivated.
struct Kicked {
  UserId who;
  EndReason reason = EndReason::kicked;
};
/// The server ends the whole call: an administrator asked, or a user was deactivated (T-15, T-22).
struct Forced {
  EndReason reason;
};
/// The server was gone since its last sign of life, and with it every socket; a caller who dialled by REST need not
/// have had one.
struct ServerRestarted {
  TimePoint last_alive;
  Duration grace;
  Via caller_via = Via::socket;
};

using Event =
    std::variant<Answered, Declined, HungUp, DeviceRang, CallerReady, RingDeadlinePassed, Lost, Left, Returned, GraceEnded,
                 MediaReported, MediaTimedOut, MaxDurationReached, StartedAnew, Kicked, Forced, ServerRestarted>;

}  // namespace belfry::call
