// The rows of store::Outbox, store::DueEntries and store::Nodes, inside the writer's transaction or a reader.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "adapters/sql/take_over.hpp"
#include "adapters/sqlite/connection.hpp"
#include "store/due_entries.hpp"
#include "store/nodes.hpp"
#include "store/outbox.hpp"

namespace belfry::sqlite {

void put_in_outbox(Connection& connection, const store::OutboxEntry& entry);
/// One server uses the file, so the row needs no node id.
inline void put_in_outbox(Connection& connection, const Uuid&, const store::OutboxEntry& entry) {
  put_in_outbox(connection, entry);
}
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
/// Only this process uses the file (main/stores/database_lock.hpp), so every other server in `nodes` is gone.
[[nodiscard]] store::TakenOver take_over_calls(Connection& connection, const Uuid& node, const sql::TakeOver& request);

}  // namespace belfry::sqlite
