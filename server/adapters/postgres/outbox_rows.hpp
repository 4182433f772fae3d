// The rows of store::Outbox, store::DueEntries and store::Nodes. Repeating a function does no harm.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "adapters/postgres/connection.hpp"
#include "adapters/sql/take_over.hpp"
#include "store/due_entries.hpp"
#include "store/nodes.hpp"
#include "store/outbox.hpp"

namespace belfry::postgres {

void put_in_outbox(Connection& connection, const Uuid& node, const store::OutboxEntry& entry);
void settle_entry(Connection& connection, store::UserId to, const store::CallId& call);
[[nodiscard]] bool entry_waits(Connection& connection, store::UserId to, const store::CallId& call);
[[nodiscard]] std::vector<store::OutboxEntry> waiting_entries(Connection& connection, std::uint64_t after_seq, std::size_t limit);
void forget_outbox_before(Connection& connection, WallTime when, std::size_t most);

[[nodiscard]] std::vector<store::OutboxEntry> take_due_entries(Connection& connection, const Uuid& node,
                                                               const store::Claim& claim);
void remove_due_entry(Connection& connection, std::uint64_t seq);
void put_off_due_entry(Connection& connection, const store::ClaimedEntry& entry, WallTime due);

void note_heartbeat(Connection& connection, const Uuid& node, WallTime now);
void note_stop(Connection& connection, const Uuid& node, WallTime now);
/// A server of this machine whose process is gone counts as gone at once; any other one after kNodeLapses without a heartbeat.
[[nodiscard]] store::TakenOver take_over_calls(Connection& connection, const Uuid& node, const sql::TakeOver& request);

}  // namespace belfry::postgres
