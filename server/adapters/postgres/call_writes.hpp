// Writes about calls that are no transition (those: call_writer.hpp). The general writer runs them inside its transaction;
// repeating one does no harm.
#pragma once

#include "adapters/postgres/connection.hpp"
#include "store/call_store.hpp"

namespace belfry::postgres {

void insert_attempt(Connection& connection, const store::Attempt& attempt);
void wipe_tables(Connection& connection);

}  // namespace belfry::postgres
