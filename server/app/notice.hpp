// Notice: what the switchboard tells one session. Each dialect renders it in its own words (gateway/); nothing here knows
// events, JSON or sockets. A notice is a view: names and bodies live no longer than the call of Announcer::tell, so who
// keeps one copies it. Bodies (offer, answer, candidate) are the raw slices which the other side sent, never re-serialised.
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include "base/address.hpp"
#include "domain/oldcall/end_reason.hpp"

namespace belfry::app {

/// Why a command was refused. Every refusal is told; a repeat of what is already so is none.
enum class FailedWhy : std::uint8_t {
  offline,              // nobody signed in under that name
  self_call,            // caller and callee are one
  not_registered,       // this session does not hold the name it speaks for
  no_such_call,         // there is none between these two, or it is over
  not_ringing,          // answered or declined a call which no longer, or not, rings
  not_a_party,          // the command belongs to the other side, as answering one's own call
  already_in_call,      // the caller is in a call with somebody else
  rate_limited,         // too many starts within the window
  draining,             // the server is about to stop
  store_unavailable,    // nothing happened; try again
  too_many_candidates,  // more candidates waiting than are kept for a peer who cannot take them yet
};

[[nodiscard]] std::string_view to_text(FailedWhy why);

struct IncomingCall {
  std::string_view from, offer;
};
struct CallAnswered {
  std::string_view from, answer;
};
struct CallDeclined {
  std::string_view from;
};
struct CallEnded {
  std::string_view from;
  oldcall::EndReason reason;
};
struct RingTimedOut {
  std::string_view callee;
};
struct Busy {
  std::string_view target;
};
struct Failed {
  std::string_view target;
  FailedWhy why;
};
struct Candidate {
  std::string_view from, candidate;
};
/// A newer session has taken the name: say so and close. The switchboard has already let go of this session.
struct Replaced {};

using Notice = std::variant<IncomingCall, CallAnswered, CallDeclined, CallEnded, RingTimedOut, Busy, Failed, Candidate, Replaced>;

/// Port: the way to a session, one per shard, called on the shard where the session lives. An address whose session is gone
/// finds nobody, silently. May call Switchboard::sign_out before it returns (a slow reader being closed), nothing else.
class Announcer {
 public:
  virtual ~Announcer() = default;
  virtual void tell(SessionAddress to, const Notice& notice) = 0;
};

}  // namespace belfry::app
