// Actor: who does something with a call, and from where. Identity comes from the credential, never from a payload.
#pragma once

#include <string>

#include "base/address.hpp"
#include "domain/account/user.hpp"
#include "domain/call/words.hpp"
#include "store/call_row.hpp"

namespace belfry::calls {

using account::UserId;
using call::CallId;
using store::SessionId;

struct Actor {
  UserId user{};
  SessionId session{};   // a socket's session; of a REST request its login. Whose repeat is success (SPEC 2.8.1)
  SessionAddress at{};   // a socket; nobody for REST
  std::string device{};  // what the client says it is; empty: unknown
  call::Dialect dialect = call::Dialect::rest;
};

/// A socket which is somebody's: entered when it is known whose (connected with a credential, or registered by name).
struct LiveSession {
  SessionId id{};
  SessionAddress at{};
  call::Dialect dialect = call::Dialect::native;
  bool suspended = false;    // transport lost; events told now wait for its recovery
  account::LoginId login{};  // all zero: none
  std::string device{};
};

/// How a session goes: `lost` its transport (a call waits for its grace), `left` on purpose (at once, SPEC C-21), or was
/// `replaced` by a newer session of a dialect which allows one.
enum class Departure : std::uint8_t { lost, left, replaced };

}  // namespace belfry::calls
