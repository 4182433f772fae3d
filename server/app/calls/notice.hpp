// Notice: what calls tell a session, in no dialect's words; gateway/ renders them (SPEC 2.4, 2.5). All views and references are
// valid during the call. Every notice leaves after the commit of the state it reports; `call->row.version` is its callSeq.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "app/calls/actor.hpp"
#include "app/calls/result.hpp"
#include "base/time.hpp"

namespace belfry::calls {

/// Who did it. Neither: time or the server.
struct By {
  std::optional<UserId> user{};
  std::string_view device{};
};

struct IncomingCall {  // each session of the callee; again to one that comes back
  const CallView& call;
  std::string_view offer;  // raw JSON, empty if none
};
struct Progress {  // the caller
  enum class State : std::uint8_t { created, pushed, woken, ringing };
  const CallView& call;
  State state = State::created;
  bool reachable = true;
};
struct CallAccepted {  // the caller's sessions, and the device which answered
  const CallView& call;
  By by;
  std::string_view answer;  // raw JSON, empty if none
};
struct AnsweredElsewhere {  // the callee's other devices
  const CallView& call;
  By by;
};
struct DeclinedElsewhere {
  const CallView& call;
  By by;
};
struct CallRejected {  // the caller's sessions
  const CallView& call;
  By by;
};
struct CallCancelled {  // `acting`: this session did it
  const CallView& call;
  By by;
  bool acting = false;
};
struct CallMissed {  // `call->row.end_reason` tells why
  const CallView& call;
};
struct CallEnded {
  const CallView& call;
  By by;
  bool acting = false;
};
struct SignalArrived {
  const CallView& call;
  const account::Person& from;
  std::string_view kind;     // offer, answer, candidate, candidates_end, restart
  std::string_view payload;  // raw JSON
  std::uint32_t generation = 0;
};
struct PeerState {
  enum class State : std::uint8_t { reconnecting, reconnected, joined, left };
  const CallView& call;
  UserId user;
  State state;
  std::optional<WallTime> until{};
};
struct Glare {  // a start which joined the other's call: it answers (SPEC X-05)
  const CallView& call;
  std::string_view offer;
};
/// A newer session of this single-session dialect has come: say so and close. Calls has already let go of this one.
struct Replaced {};
/// The login behind this session was ended, or its user may no longer be here: say so and close.
struct LoginEnded {};

using Notice = std::variant<IncomingCall, Progress, CallAccepted, AnsweredElsewhere, DeclinedElsewhere, CallRejected,
                            CallCancelled, CallMissed, CallEnded, SignalArrived, PeerState, Glare, Replaced, LoginEnded>;

/// Port: the way to a session, one per shard, called on the shard where the session lives. An address whose session is gone
/// finds nobody, silently. May call Calls::session_gone before it returns (a slow reader being closed), nothing else.
class Announcer {
 public:
  virtual ~Announcer() = default;
  virtual void tell(SessionAddress to, const Notice& notice) = 0;
};

}  // namespace belfry::calls
