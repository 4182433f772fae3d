// The rows of store::Outbox and store::Nodes. Each does no harm when repeated.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "adapters/postgres/connection.hpp"
#include "store/nodes.hpp"
#include "store/outbox.hpp"

namespace belfry::postgres {

void put_in_outbox(Connection& connection, const Uuid& node, const store::OutboxEntry& entry);
void settle(Connection& connection, store::UserId to, const store::CallId& call);
[[nodiscard]] bool still_waits(Connection& connection, store::UserId to, const store::CallId& call);
[[nodiscard]] std::vector<store::OutboxEntry> waiting(Connection& connection, std::uint64_t after_seq, std::size_t limit);
void forget_outbox_before(Connection& connection, WallTime when);

void note_heartbeat(Connection& connection, const Uuid& node, WallTime now);
void note_stop(Connection& connection, const Uuid& node, WallTime now);
/// Servers of this machine whose process is gone count as gone at once; others when they have been silent for kNodeLapses.
/// Calls of no server, or of one that is not in `nodes` any more, are looked for at a start only.
enum class Unknown : std::uint8_t { looked_for, left };
[[nodiscard]] store::TakenOver take_over(Connection& connection, const Uuid& node, std::size_t limit, store::Silence silence,
                                         Unknown unknown);

}  // namespace belfry::postgres
