// Converts between the call as a value (domain/call) and the call as stored (store): a row becomes a state after a restart, and a
// step changes the row. A time that was written once does not change.
#pragma once

#include <optional>
#include <string_view>

#include "app/calls/command.hpp"
#include "base/clock.hpp"
#include "domain/call/advance.hpp"
#include "store/call_store.hpp"

namespace belfry::calls {

/// Wall and monotonic time of one moment: deadlines use the monotonic one, rows the wall time (SPEC X-34).
struct Moment {
  TimePoint now;
  WallTime wall;
  [[nodiscard]] WallTime wall_of(TimePoint at) const;
  [[nodiscard]] TimePoint point_of(WallTime at) const;
};
[[nodiscard]] Moment moment_of(const Clock& clock);

[[nodiscard]] call::Policy policy_of(const store::CallRow& row, const CallSettings& settings);
/// The row must have no flaw (flaw.hpp).
[[nodiscard]] call::State state_of(const store::CallRow& row, const CallSettings& settings, const Moment& moment);
[[nodiscard]] call::Enclosed enclosed_in(const Description& description);

/// The row of a new call; version 1.
[[nodiscard]] store::CallRow first_row(const CallId& id, const StartCall& start, const call::State& state, const Moment& moment);
/// The row after the step; the gate sets version and audit.
[[nodiscard]] store::CallRow next_row(store::CallRow row, const call::State& next, const Command& command, const Moment& moment);

/// Whose legs a step changed. Steps keep the order of the legs.
[[nodiscard]] std::vector<UserId> changed_legs(const store::CallRow& before, const store::CallRow& next);

/// The word for call_audit: "initiate", "accept", "timeout", "lost"...
[[nodiscard]] std::string_view audit_word(const Command& command, const call::State& next);

}  // namespace belfry::calls
