// Stores: one shard's way to a Database, by the three ports.
#pragma once

#include "adapters/postgres/account_store.hpp"
#include "adapters/postgres/call_archive.hpp"
#include "adapters/postgres/call_store.hpp"

namespace belfry::postgres {

class Stores {
 public:
  Stores(Database& database, ShardIndex shard) : calls_(database, shard), archive_(database, shard), accounts_(database, shard) {}
  [[nodiscard]] CallStore& calls() { return calls_; }
  [[nodiscard]] CallArchive& archive() { return archive_; }
  [[nodiscard]] AccountStore& accounts() { return accounts_; }

 private:
  CallStore calls_;
  CallArchive archive_;
  AccountStore accounts_;
};

}  // namespace belfry::postgres
