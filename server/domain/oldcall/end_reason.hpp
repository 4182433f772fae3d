// Why a call is over (SPEC 2.6 "End reasons"): the word that peers, history and statistics read. Reasons that no transition
// of this machine can give are not listed: an enumerator nobody produces is a promise nobody keeps.
#pragma once

#include <cstdint>
#include <string_view>

namespace belfry::oldcall {

enum class EndReason : std::uint8_t {
  hangup,
  declined,
  cancelled,
  timeout,
  unreachable,
  caller_disconnected,
  connection_lost,
  superseded,
};

/// The word on the wire and in the store: "caller_disconnected".
[[nodiscard]] std::string_view to_text(EndReason reason);

}  // namespace belfry::oldcall
