// Stores: the ports of store/ on a Database, for one shard.
#pragma once

#include "adapters/sql/stores.hpp"
#include "adapters/sqlite/database.hpp"

namespace belfry::sqlite {

class Stores : public sql::Stores {
 public:
  Stores(Database& database, ShardIndex shard);
};

}  // namespace belfry::sqlite
