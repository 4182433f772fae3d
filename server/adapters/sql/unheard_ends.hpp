// The ends that a crashed server may have committed without notifying the participants; the same for every SQL database.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/time.hpp"

namespace belfry::sql {

/// How many of the newest records of the history are searched for ends after the last heartbeat: more than a server writes in
/// kBeforeItsLastBeat.
constexpr std::int64_t kNewestRecords = 500'000;
/// Heartbeats are at most five seconds apart, and a record has the time when its command was received, which may be seconds
/// before its commit.
constexpr Duration kBeforeItsLastBeat = std::chrono::seconds{15};

[[nodiscard]] constexpr WallTime unheard_since(WallTime last_heartbeat) { return last_heartbeat - kBeforeItsLastBeat; }

}  // namespace belfry::sql
