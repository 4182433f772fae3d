// Handled: what became of a client event: it is acknowledged now or later, or its payload was refused.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/expected.hpp"
#include "gateway/signaling/payload.hpp"

namespace belfry::gateway::signaling {

/// `later`: acknowledged when app/calls has answered. `no_call`: it speaks of a call that is not there, which is acknowledged
/// as a failure and reported by no event: clients clean up this way, and would take call_failed for the end of what comes next
/// (W-003-06, W-003-07).
enum class Acked : std::uint8_t { now, later, no_call };
using Handled = Expected<Acked, EventRefusal>;
using Ack = std::optional<std::uint64_t>;  // the id of the acknowledgement; none: the client asks for none
using Event = protocol::IncomingEvent;

constexpr std::string_view kNotRegistered = "Register with register_user first";

}  // namespace belfry::gateway::signaling
