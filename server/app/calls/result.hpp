// What a command about a call comes to: the call as it now is, or why not. A repeat of what is already so is success.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "app/calls/actor.hpp"
#include "app/notices/call_notices.hpp"
#include "base/expected.hpp"
#include "store/call_row.hpp"

namespace belfry::calls {

struct CallAnswer {
  CallView call;
  bool glare = false;     // a start which met the other's and joined it (SPEC X-05)
  bool reachable = true;  // start: a session of the callee rings (SPEC C-10)
  bool queued = false;    // signal: kept for a peer in grace (SPEC 2.8.14)
};

/// The rows of SPEC 2.1's error table that calls can give. gateway/ has the one table of wire codes.
enum class Refusal : std::uint8_t {
  self_call,
  caller_busy,  // `call` is the active one, `glare` if it is an incoming one from the same person
  recipient_busy,
  recipient_unknown,
  recipient_inactive,
  caller_inactive,
  unreachable,     // only where the dialect's policy is to fail at once (signaling)
  call_not_found,  // also: not yours to answer (R-001-48)
  not_participant,
  not_ringing,           // `call`: as it is now
  not_active,            // `call`: as it is now
  not_started,           // CALL_STRICT_END only
  peer_offline,          // signal: nobody there, no grace running
  wrong_addressee,       // signal: meant for somebody who is not the other side
  too_many_signals,      // more waiting than are kept for a peer who cannot take them yet
  rate_limited,          // `retry_after`
  idempotency_conflict,  // the key is in use for something else, or still under way
  draining,
  store_unavailable,  // nothing happened; try again
};

struct Refused {
  Refusal why{};
  CallView call{};
  bool glare = false;
  Duration retry_after{};
};

using Result = Expected<CallAnswer, Refused>;
/// Called exactly once, on the shard which asked; the random worlds of the tests count it. Not a move-only type: a mailbox's task
/// is a std::function and wants a copyable capture.
using Reply = std::function<void(const Result&)>;

}  // namespace belfry::calls
