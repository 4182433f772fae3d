// The words of the signaling dialect: why a call ended, and why a command or a name was refused. Pages show them to people as
// they are.
#pragma once

#include <string_view>

#include "app/calls/calls.hpp"
#include "store/account_store.hpp"

namespace belfry::gateway {

/// `reason` of call_ended; empty for a plain hang-up (R-003-17).
[[nodiscard]] std::string_view reason_of(const calls::CallView& call, calls::PeerDeparture departure);
/// `error` of call_failed.
[[nodiscard]] std::string_view explain(calls::Refusal why);
/// `error` of user_registered.
[[nodiscard]] std::string_view explain(store::GuestFault why);

}  // namespace belfry::gateway
