// Empties the database, for tests and trials (store::CallStore::wipe).
#pragma once

#include "adapters/sqlite/connection.hpp"

namespace belfry::sqlite {

/// All tables but that of the migrations.
void wipe_tables(Connection& connection);

}  // namespace belfry::sqlite
