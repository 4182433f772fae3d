// Rights: who may do what in a call (SPEC 2.8.15, R-001-48). For what only a callee may do, everybody else gets call_not_found,
// so that trying ids does not show which calls exist. A caller who left a group call answers it like its callees (J-2.5, S17).
// Pure; CallHost asks (app/calls) before it decides.
#pragma once

#include <cstdint>

#include "domain/call/state.hpp"

namespace belfry::call {

enum class Action : std::uint8_t { answer, decline, report_ringing, report_ready, hang_up, report_media, signal };

enum class Right : std::uint8_t { granted, call_not_found, not_participant };

[[nodiscard]] Right right_to(Action action, const State& state, UserId user);

}  // namespace belfry::call
