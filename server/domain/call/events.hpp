// What can happen to a call between two people. An event says what happened, never what to do about it.
#pragma once

#include <variant>

#include "domain/call/state.hpp"

namespace belfry::call {

struct CalleeAnswered {
  SessionId session{};
};
struct CalleeDeclined {
  SessionId session{};
};
/// Either side pressed the red button: a cancel while ringing, an end once connected. The verb matters only where ending a
/// call that has not begun is refused (SPEC C-06).
struct HangUp {
  enum class Verb : std::uint8_t { cancel, end };
  Party by;
  SessionId session{};
  Verb verb = Verb::end;
};
/// A device of the callee is really ringing.
struct DeviceRang {};
/// The caller's media is joined: now the callee may be rung.
struct CallerReady {};
struct RingDeadlinePassed {};
/// The party's transport broke; we wait for its return.
struct PartyLost {
  Party by;
};
/// The party went on purpose: signed out, closed the page.
struct PartyLeft {
  Party by;
};
struct PartyReturned {
  Party by;
};
struct GraceEnded {
  Party by;
};
/// The party's client told whether media flows.
struct MediaReported {
  Party by;
  bool alive;
};
struct MediaTimedOut {};
struct MaxDurationReached {};
/// From a new session, not knowing of this call, the party dials the same person again (SPEC T-25).
struct StartedAnew {
  Party by;
};
/// By the server: an administrator, a deactivated user, the end of a drain (T-15, T-22).
struct Forced {
  EndReason reason;
};
/// The server was gone since its last sign of life, and with it every socket; a caller who dialled by REST need not
/// have had one.
struct ServerRestarted {
  TimePoint last_alive;
  Duration grace;
  bool caller_by_socket = true;
};

using Event = std::variant<CalleeAnswered, CalleeDeclined, HangUp, DeviceRang, CallerReady, RingDeadlinePassed, PartyLost,
                           PartyLeft, PartyReturned, GraceEnded, MediaReported, MediaTimedOut, MaxDurationReached, StartedAnew,
                           Forced, ServerRestarted>;

}  // namespace belfry::call
