// Actor: the user who does something with a call, and the session or request that it comes from. Identity comes from the
// credential, never from a payload.
#pragma once

#include <string>

#include "app/sessions/live_session.hpp"
#include "base/address.hpp"
#include "domain/account/user.hpp"
#include "domain/call/enum_text.hpp"
#include "store/call_row.hpp"

namespace belfry::calls {

using account::UserId;
using call::CallId;
using sessions::Departure;
using sessions::LiveSession;
using store::SessionId;

/// Clients of these dialects ask for no snapshot: what ended while they were away is sent to them as the event itself (J-5.5).
[[nodiscard]] constexpr bool lacks_snapshots(call::Dialect dialect) {
  return dialect == call::Dialect::signaling || dialect == call::Dialect::token || dialect == call::Dialect::chat;
}

struct Actor {
  UserId user{};
  SessionId session{};   // a socket's session, or the login of a REST request. If it repeats what it did, it succeeds (2.8.1)
  SessionAddress at{};   // a socket; empty for REST
  std::string device{};  // the device id that the client sent; empty: unknown
  call::Dialect dialect = call::Dialect::rest;
};
[[nodiscard]] inline Actor actor_of(UserId user, const LiveSession& session) {
  return {.user = user, .session = session.id, .at = session.at, .device = session.device, .dialect = session.dialect};
}

}  // namespace belfry::calls
