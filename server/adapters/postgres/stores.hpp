// Stores: the ports of store/ on a Database, for one shard.
#pragma once

#include "adapters/postgres/database.hpp"
#include "adapters/sql/stores.hpp"

namespace belfry::postgres {

class Stores : public sql::Stores {
 public:
  Stores(Database& database, ShardIndex shard);
};

}  // namespace belfry::postgres
