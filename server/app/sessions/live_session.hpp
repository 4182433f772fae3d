// A session: a socket whose user is known, because it connected with a credential or registered by name.
#pragma once

#include <cstdint>
#include <string>

#include "base/address.hpp"
#include "domain/account/user.hpp"
#include "domain/call/enum_text.hpp"
#include "store/call_row.hpp"

namespace belfry::sessions {

using account::UserId;
using store::SessionId;

struct LiveSession {
  SessionId id{};
  SessionAddress at{};
  call::Dialect dialect = call::Dialect::native;
  bool away = false;           // its client says so (S7)
  bool suspended = false;      // transport lost; events sent now wait for its recovery
  bool blank = false;          // its client was never connected before, so it shows no call that could have ended meanwhile
  account::LoginId login{};    // all zero: none
  std::uint32_t spelling = 0;  // of the name, as a guest gave it; 0: it is the name itself
  std::string device{};
};

/// How a session ended: it `lost` its transport (its call waits for the grace period), `left` on purpose (no grace, SPEC C-21),
/// was `replaced` by a newer session in a dialect that allows one, or `logged_out`, which is leaving too: only the notices to
/// peers distinguish them (calls::PeerDeparture). Or its login was `revoked`: no grace either, but its call ends for that reason
/// (T-22).
enum class Departure : std::uint8_t { lost, left, replaced, logged_out, revoked };
[[nodiscard]] constexpr bool on_purpose(Departure how) { return how == Departure::left || how == Departure::logged_out; }

}  // namespace belfry::sessions
