// Stores: one shard's way to a Database, by the ports of store/.
#pragma once

#include "adapters/sqlite/account_store.hpp"
#include "adapters/sqlite/call_archive.hpp"
#include "adapters/sqlite/call_store.hpp"
#include "adapters/sqlite/outbox_store.hpp"

namespace belfry::sqlite {

class Stores {
 public:
  Stores(Database& database, ShardIndex shard)
      : calls_(database, shard),
        archive_(database, shard),
        accounts_(database, shard),
        outbox_(database, shard),
        nodes_(database, shard) {}
  [[nodiscard]] CallStore& calls() { return calls_; }
  [[nodiscard]] CallArchive& archive() { return archive_; }
  [[nodiscard]] AccountStore& accounts() { return accounts_; }
  [[nodiscard]] OutboxStore& outbox() { return outbox_; }
  [[nodiscard]] NodeStore& nodes() { return nodes_; }

 private:
  CallStore calls_;
  CallArchive archive_;
  AccountStore accounts_;
  OutboxStore outbox_;
  NodeStore nodes_;
};

}  // namespace belfry::sqlite
