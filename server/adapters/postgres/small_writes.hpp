// What the general writer writes about calls, inside its transaction. Each does no harm when repeated.
#pragma once

#include "adapters/postgres/connection.hpp"
#include "store/call_store.hpp"

namespace belfry::postgres {

void insert_attempt(Connection& connection, const store::Attempt& attempt);
void wipe_tables(Connection& connection);

}  // namespace belfry::postgres
