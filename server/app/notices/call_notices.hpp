// The notices that calls send to sessions. Each leaves after the commit of the state it reports; `call->row.version` is its
// callSeq.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "domain/account/user.hpp"
#include "domain/conversation/conversation_id.hpp"
#include "store/call_row.hpp"

namespace belfry::calls {

/// A call as committed. It never changes, so any shard may read it.
using CallView = std::shared_ptr<const store::StoredCall>;
using call::Description;
using call::SentMedia;
using call::SignalKind;

/// Whether a call ended because a participant left on purpose: closed the page, or logged out. `none`: somebody asked for the
/// end, a lost connection did not come back, or time or the server ended it.
enum class PeerDeparture : std::uint8_t { none, left, logged_out };

/// The user who caused it; without one, a timer or the server did.
struct By {
  std::optional<account::UserId> user{};
  std::string device{};
  PeerDeparture departure = PeerDeparture::none;
};

struct IncomingCall {  // to each session of the callee, also to one that reconnects; the offer is `call->row.offer`
  CallView call;
};
struct Progress {  // to the caller
  enum class State : std::uint8_t { created, pushed, woken, ringing };
  CallView call;
  State state = State::created;
  bool reachable = true;
  std::optional<account::UserId> about{};  // whose devices; none: everybody's
};
struct CallAccepted {  // to the caller's sessions and the device that answered
  CallView call;
  By by;
  Description answer;
};
struct AnsweredElsewhere {  // to the callee's other devices
  CallView call;
  By by;
  bool by_sibling = false;  // by a session of the same login and dialect, which may be another socket of the same page
};
struct DeclinedElsewhere {
  CallView call;
  By by;
};
struct CallRejected {  // to the caller's sessions; the call goes on unless its row is final
  enum class Why : std::uint8_t { declined, busy };
  CallView call;
  By by;
  Why why = Why::declined;
};
/// `part`: why this person's part ended, if that is not the end of the call or of another reason.
struct CallCancelled {  // `acting`: this session cancelled it
  CallView call;
  By by;
  bool acting = false;
  std::optional<call::EndReason> part{};
};
struct CallMissed {  // `call->row.end_reason` says why
  CallView call;
  By by{};
};
struct CallEnded {
  CallView call;
  By by;
  bool acting = false;
  std::optional<call::EndReason> part{};
};
struct PeerState {
  enum class State : std::uint8_t { reconnecting, reconnected, joined, left };
  CallView call;
  account::UserId user;
  State state;
  std::optional<WallTime> until{};
};
struct PeerMedia {  // to the others in the call, when it changes; and to who joins or comes back (S5)
  CallView call;
  account::UserId user;
  SentMedia sent;
};
struct Glare {  // the session's start became the answer to the peer's call (SPEC X-05)
  CallView call;
  Description offer;
};

/// To the sessions of the caller that speak the token dialect: a start of one of them made no call, because all whom it calls are
/// in another call (J-5.3).
struct CalleesBusy {
  conversation::ConversationId conversation;
  std::optional<account::UserId> callee{};  // none: a group
};

struct TokenExpiring {  // to each session of somebody who is in the call, before their newest media token expires (J-3.7)
  CallView call;
  WallTime expires;
};

/// A signal on its way to a peer. It is not a Notice: it is passed on at once, never stored, and costs no allocation within one
/// shard. Its references are valid only while the receiver runs; `from` is one of the people of `call`.
struct SignalArrived {
  const CallView& call;
  const account::Person& from;
  SignalKind kind{};
  std::string_view payload;  // raw JSON
  std::uint32_t generation = 0;
  std::string_view device{};  // of the session that sent it; empty: unknown
};

}  // namespace belfry::calls
