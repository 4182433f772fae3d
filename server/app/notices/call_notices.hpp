// What calls tell sessions. Every notice leaves after the commit of the state it reports; `call->row.version` is its callSeq.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "domain/account/user.hpp"
#include "store/call_row.hpp"

namespace belfry::calls {

/// A call as it was committed: never changes, so any shard may read it. Its callSeq is `row.version`.
using CallView = std::shared_ptr<const store::StoredCall>;
using call::Description;

/// Who did it. Without a user: time or the server.
struct By {
  std::optional<account::UserId> user{};
  std::string device{};
};

struct IncomingCall {  // each session of the callee; again to one that comes back. Its offer is `call->row.offer`
  CallView call;
};
struct Progress {  // the caller
  enum class State : std::uint8_t { created, pushed, woken, ringing };
  CallView call;
  State state = State::created;
  bool reachable = true;
};
struct CallAccepted {  // the caller's sessions, and the device which answered
  CallView call;
  By by;
  Description answer;
};
struct AnsweredElsewhere {  // the callee's other devices
  CallView call;
  By by;
};
struct DeclinedElsewhere {
  CallView call;
  By by;
};
struct CallRejected {  // the caller's sessions
  CallView call;
  By by;
};
struct CallCancelled {  // `acting`: this session did it
  CallView call;
  By by;
  bool acting = false;
};
struct CallMissed {  // `call->row.end_reason` tells why
  CallView call;
};
struct CallEnded {
  CallView call;
  By by;
  bool acting = false;
};
struct PeerState {
  enum class State : std::uint8_t { reconnecting, reconnected, joined, left };
  CallView call;
  account::UserId user;
  State state;
  std::optional<WallTime> until{};
};
struct Glare {  // a start which joined the other's call: it answers (SPEC X-05)
  CallView call;
  Description offer;
};

/// A signal on its way to a peer: no notice, for it is passed on at once and not kept, on one shard without an allocation. All it
/// holds is valid during the call; `from` is one of the people of `call`.
struct SignalArrived {
  const CallView& call;
  const account::Person& from;
  std::string_view kind;     // offer, answer, candidate, candidates_end, restart
  std::string_view payload;  // raw JSON
  std::uint32_t generation = 0;
};

}  // namespace belfry::calls
