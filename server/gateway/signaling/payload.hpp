// Parses what clients of the signaling dialect send (seed 003, SPEC 2.5). A payload is checked field by field before anything
// acts on it. Names are sanitized to [a-zA-Z0-9_-] (R-003-48); bodies stay the raw JSON of the sender.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/expected.hpp"
#include "domain/call/call_type.hpp"
#include "protocol/socket_handler.hpp"
#include "wire/json/json.hpp"

namespace belfry::gateway {

/// Why an event was refused. `target` is the peer that call_failed names, if it could be read. Reported `by_acknowledgement`
/// alone: the client only cleans up.
struct EventRefusal {
  enum class Report : std::uint8_t { by_event, by_acknowledgement };
  std::string error;
  std::string target = {};
  Report report = Report::by_event;
};

/// Removes every character outside [a-zA-Z0-9_-].
[[nodiscard]] std::string sanitized(std::string_view name);

/// `{userId}` of register_user and logout_user. `spelling` tells apart what becomes the same name; 0: it is the name itself.
struct UserPayload {
  std::string name;
  std::uint32_t spelling = 0;
};
[[nodiscard]] Expected<UserPayload, EventRefusal> read_user(const protocol::IncomingEvent& event);

// The candidates that come with a description; the description itself has kMaxDescription.
constexpr std::size_t kMaxCandidates = 64;
constexpr std::size_t kMaxCandidatesSize = std::size_t{256} * 1024;

/// `{to, from, <body>}` of the five call events. `body` and `candidates` are views of the event, or of constants.
struct CallPayload {
  std::string to;
  std::string from;  // empty: left out (W-003-11)
  std::string_view body;
  std::string_view candidates = {};  // the array `iceCandidates` beside a description; empty: none was sent
};
enum class BodyKind { none, description, candidate };
[[nodiscard]] Expected<CallPayload, EventRefusal> read_call_payload(const protocol::IncomingEvent& event,
                                                                    std::string_view body_name, BodyKind kind);

/// Video if the offer has an m=video section that is neither rejected by port 0 (RFC 8866 5.14) nor a=inactive (6.7.4).
[[nodiscard]] call::CallType media_of(std::string_view raw_offer);

}  // namespace belfry::gateway
