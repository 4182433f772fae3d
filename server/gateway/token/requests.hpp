// Parses the payloads of the token dialect's events. A payload is checked whole before anything acts on it, by the rules of the
// native dialect (gateway/dialects/fields.hpp). Unknown fields are ignored: clients send more than they need to.
#pragma once

#include <optional>
#include <string>

#include "app/calls/calls.hpp"
#include "gateway/dialects/fields.hpp"
#include "protocol/socket_handler.hpp"

namespace belfry::gateway::token {

/// `call-started`; the caller of this function fills in who calls.
struct StartRequest {
  calls::StartCall call{};
  std::string media_token{};  // that the client shows; empty: none
};
[[nodiscard]] Read<StartRequest> read_start(const protocol::IncomingEvent& event);

/// The call that an event means: by its id, else the one of a conversation (J-5.1). Exactly one of the two is present.
struct Target {
  std::optional<calls::CallId> call{};
  std::optional<calls::ConversationId> conversation{};
};
[[nodiscard]] Read<Target> read_target(const protocol::IncomingEvent& event);

/// `call-token {callId}`.
[[nodiscard]] Read<calls::CallId> read_renewal(const protocol::IncomingEvent& event);

}  // namespace belfry::gateway::token
