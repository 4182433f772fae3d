// Which ends a server that crashed may have committed without telling, alike on every SQL database.
#pragma once

#include <cstdint>

#include "base/time.hpp"

namespace belfry::sql {

/// So many of the newest records of the history are looked through for ends after the last sign of life: more than a server
/// writes in kBeforeItsLastBeat.
constexpr std::int64_t kNewestRecords = 500'000;
/// A beat is five seconds at most, and a record bears the time its command was received, which may be seconds before its commit.
constexpr std::int64_t kBeforeItsLastBeat = 15'000;

[[nodiscard]] constexpr WallTime untold_since(WallTime last_heartbeat) { return {last_heartbeat.unix_ms - kBeforeItsLastBeat}; }

}  // namespace belfry::sql
