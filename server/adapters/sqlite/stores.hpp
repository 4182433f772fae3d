// Stores: the ports of store/ on a Database, for one shard. Owned by the Backend (main/stores) and used on that shard's thread
// only; the Database is shared by all shards and outlives it.
#pragma once

#include "adapters/sql/stores.hpp"
#include "adapters/sqlite/database.hpp"

namespace belfry::sqlite {

class Stores : public sql::Stores {
 public:
  Stores(Database& database, ShardIndex shard);
};

}  // namespace belfry::sqlite
