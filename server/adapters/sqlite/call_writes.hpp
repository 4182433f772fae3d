// What the writer does to a call, inside its transaction. Each function checks before it writes, or takes back what it wrote: a
// refused transition leaves nothing, so that its neighbours in the batch can be committed.
#pragma once

#include "adapters/sqlite/connection.hpp"
#include "store/call_store.hpp"

namespace belfry::sqlite {

[[nodiscard]] store::CommitResult apply(Connection& connection, const store::Transition& transition);
void insert_attempt(Connection& connection, const store::Attempt& attempt);
void note_heartbeat(Connection& connection, const Uuid& node, WallTime now);
void wipe(Connection& connection);

}  // namespace belfry::sqlite
