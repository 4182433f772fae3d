// The general writer's changes to calls, inside its transaction. Repeating one does no harm.
#pragma once

#include "adapters/postgres/connection.hpp"
#include "store/call_store.hpp"

namespace belfry::postgres {

void insert_attempt(Connection& connection, const store::Attempt& attempt);
void wipe_tables(Connection& connection);

}  // namespace belfry::postgres
