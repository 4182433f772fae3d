// The result of a command about a call: the call as it is now, or a refusal. Repeating something already done succeeds.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "app/calls/actor.hpp"
#include "app/notices/call_notices.hpp"
#include "base/expected.hpp"
#include "store/call_row.hpp"

namespace belfry::calls {

/// What a command came to.
struct CallResult {
  CallView call;
  bool glare = false;     // the start met the peer's call and answered it (SPEC X-05)
  bool reachable = true;  // start: a callee has a session, or a device that can be pushed (SPEC C-10, J-2.13)
  bool queued = false;    // signal: kept for a peer who is away (SPEC 2.8.14)
  bool kept = false;      // start: the reply is stored with its claim
};

/// The rows of SPEC 2.1's error table that calls can cause. gateway/json has the table of wire codes.
enum class Refusal : std::uint8_t {
  self_call,
  caller_busy,  // `call` is the active call; `glare` if the same person is calling
  recipient_busy,
  recipient_unknown,
  recipient_inactive,
  caller_inactive,
  unreachable,     // only if the dialect fails at once (signaling)
  call_not_found,  // also for a call that this user may not answer (R-001-48)
  not_participant,
  not_in_conversation,     // J-1.4: or there is no such conversation
  not_a_group,             // a direct conversation was named as a group
  call_full,               // J-2.11
  cannot_mesh,             // this client can be in calls of two only
  callee_cannot_mesh,      // start: so can the clients of callees who are here; `unable`
  not_at_provider,         // this client does not use the provider of the call's media
  callee_not_at_provider,  // start: nor do the clients of callees who are here; `unable`
  needs_no_signals,        // a group call at a provider: its members do not signal to one another
  not_ringing,             // `call`: the current state
  not_active,              // `call`: the current state
  not_started,             // CALL_STRICT_END only
  peer_offline,            // signal: the peer has no session and no grace is running
  wrong_addressee,         // signal: the addressee is not the peer
  too_many_signals,        // more signals wait than are kept for a peer who cannot get them yet
  rate_limited,            // `retry_after`
  idempotency_conflict,    // another request used the key, or uses it now
  draining,
  store_unavailable,  // nothing happened; retry
  outcome_unknown,    // the store has not said whether the step was stored: ask for the call, or repeat the command
};

struct Refused {
  Refusal why{};
  CallView call{};
  bool glare = false;
  Duration retry_after{};
  std::vector<UserId> unable{};  // of a start: the callees who cannot take part
};

using Result = Expected<CallResult, Refused>;
/// Called exactly once, on the shard which asked; the random worlds of the tests count it. Not a move-only type: a mailbox's task
/// is a std::function and wants a copyable capture.
using Reply = std::function<void(const Result&)>;

}  // namespace belfry::calls
