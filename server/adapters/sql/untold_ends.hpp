// Which ends a server that crashed may have committed without telling, and the rows of the outbox, alike on every SQL database.
#pragma once

#include <cstdint>

#include "store/outbox.hpp"

namespace belfry::sql {

/// So many of the newest records of the history are looked through for ends after the last sign of life: more than a server
/// writes in kBeforeItsLastBeat.
constexpr std::int64_t kNewestRecords = 500'000;
/// A beat is five seconds at most, and a record bears the time its command was received, which may be seconds before its commit.
constexpr std::int64_t kBeforeItsLastBeat = 15'000;

[[nodiscard]] constexpr WallTime untold_since(WallTime last_heartbeat) { return {last_heartbeat.unix_ms - kBeforeItsLastBeat}; }

/// seq, userId, callId, aware, createdAt.
template <class In>
[[nodiscard]] store::OutboxEntry take_outbox_entry(In& in) {
  store::OutboxEntry entry;
  entry.seq = static_cast<std::uint64_t>(in.number());
  entry.to = account::UserId(in.uuid());
  entry.call = call::CallId(in.uuid());
  entry.aware = in.flag();
  entry.at = in.time();
  return entry;
}

}  // namespace belfry::sql
