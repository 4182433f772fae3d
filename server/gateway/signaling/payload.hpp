// Parses what clients of the signaling dialect send (seed 003, SPEC 2.5). A payload is checked field by field before anything
// acts on it. Names are sanitized to [a-zA-Z0-9_-] (R-003-48); bodies stay the raw JSON of the sender.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/expected.hpp"
#include "domain/call/call_type.hpp"
#include "session/socket_handler.hpp"
#include "wire/json/json.hpp"

namespace belfry::gateway {

/// Why a payload was refused. `target` is the peer that call_failed names, if it could be read.
struct BadPayload {
  std::string error;
  std::string target = {};
};

/// Removes every character outside [a-zA-Z0-9_-].
[[nodiscard]] std::string sanitized(std::string_view name);

/// `{userId}` of register_user and logout_user.
[[nodiscard]] Expected<std::string, BadPayload> read_user(const session::IncomingEvent& event);

/// `{to, from, <body>}` of the five call events. `body` is a view of the event.
struct CallPayload {
  std::string to;
  std::string from;
  std::string_view body;
};
enum class BodyKind { none, description, candidate };
[[nodiscard]] Expected<CallPayload, BadPayload> read_call_payload(const session::IncomingEvent& event, std::string_view body_name,
                                                                  BodyKind kind);

/// Video if the offer has an m=video section that is neither rejected by port 0 (RFC 8866 5.14) nor a=inactive (6.7.4).
[[nodiscard]] call::CallType media_of(std::string_view raw_offer);

}  // namespace belfry::gateway
