// Stores: one shard's way to a Database, by the ports of store/.
#pragma once

#include "adapters/sql/stores.hpp"
#include "adapters/sqlite/database.hpp"

namespace belfry::sqlite {

class Stores : public sql::Stores {
 public:
  Stores(Database& database, ShardIndex shard);
};

}  // namespace belfry::sqlite
