// Stores: one shard's way to a Database, by the ports of store/.
#pragma once

#include "adapters/postgres/database.hpp"
#include "adapters/sql/stores.hpp"

namespace belfry::postgres {

class Stores : public sql::Stores {
 public:
  Stores(Database& database, ShardIndex shard);
};

}  // namespace belfry::postgres
